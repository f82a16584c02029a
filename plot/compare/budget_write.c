/* Makes a budget of what was measured; see budget.h. Plot layer. */
#include <math.h>
#include <string.h>

#include "plot/compare/budget.h"
#include "plot/compare/limit.h"
#include "plot/compare/verdict.h"
#include "tracer/base/utf8.h"

/* As a shell reads it. */
static void write_quoted(FILE *out, const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:.";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	putc('\'', out);
	for (; *word != '\0'; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			putc(*word, out);
	}
	putc('\'', out);
}

/*
 * Half a band above; where that is less than what may differ from run to run, half of that, so that no
 * value is far below its own limit. A count gets whole numbers that the half band has room for.
 */
static double limit_above(enum quantity quantity, double value, double band_percent)
{
	double limit = value + fmax(fabs(value) * band_percent / 200, verdict_slack(quantity) / 2);

	return quantity == QUANTITY_COUNT ? floor(limit) : limit;
}

static void write_limit(FILE *out, const struct limit_option *option, enum figure figure,
			const struct group_subject *subject, double band_percent)
{
	char amount[QUANTITY_TEXT_BYTES], measured[FIGURE_TEXT_BYTES];
	enum quantity quantity = figure_traits(figure)->quantity;
	double value = subject->median[figure];
	/* Times and slopes are of a machine and its load. */
	bool is_comment = quantity == QUANTITY_TIME || quantity == QUANTITY_RATE;

	if (isnan(value) || (subject->is_partial && subject->kind == SUBJECT_FUNCTION))
		return;
	quantity_write(quantity, limit_above(quantity, value, band_percent), amount);
	figure_format(quantity, value, measured);
	if (is_comment)
		fputs("# ", out);
	if (subject->kind == SUBJECT_FUNCTION) {
		fputs("--func ", out);
		write_quoted(out, subject->name);
		putc(' ', out);
	}
	fprintf(out, "--%s %s%s  # %s\n", option->name, amount,
		figure != option->figure ? " --tree" : "", measured);
}

static void write_subject(FILE *out, const struct group_subject *subject, double band_percent)
{
	const struct limit_option *option;

	for (size_t i = 0; (option = limit_option_at(i)) != NULL; i++) {
		if (figure_traits(option->figure)->kind != subject->kind)
			continue;
		write_limit(out, option, option->figure, subject, band_percent);
		if (option->tree_figure != FIGURE_COUNT)
			write_limit(out, option, option->tree_figure, subject, band_percent);
	}
}

void budget_write(FILE *out, const struct figure_group *group, double band_percent)
{
	fprintf(out, "# A budget for 'mprof-trace check --budget'. Made of%s\n",
		group->run_count > 1 ? " the medians of" : "");
	for (size_t i = 0; i < group->run_count; i++) {
		fputs("#   ", out);
		text_put_printable(out, group->runs[i].path);
		putc('\n', out);
	}
	fprintf(out,
		"# Limits are %g %% above what was measured; with a band of %g %% a figure that "
		"is\n"
		"# further below is told, too, so that the limit follows. What a machine's speed "
		"decides\n"
		"# is in comments: take the # away to have it judged.\n",
		band_percent / 2, band_percent);
	for (size_t i = 0; i < group->count; i++)
		write_subject(out, &group->subjects[i], band_percent);
}
