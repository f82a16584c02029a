/* One picture of a live view; see live_page.h. Plot layer. */
#include "plot/live/live_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/follow/profile_copy.h"
#include "plot/live/live_tables.h"
#include "plot/model/plot_build.h"
#include "plot/term/term_plot.h"
#include "plot/text/text.h"
#include "plot/totals/tree_sum.h"
#include "tracer/base/clock.h"

/* Lines of a plot and of the rest below which there is no plot; curves of children in it. */
enum { HEAD_LINES = 2, PLOT_LEAST_LINES = 8, PLOT_LEAST_PAGE = 16, CHILDREN_DRAWN = 9 };

const struct live_window live_windows[LIVE_WINDOWS] = {
	{ 0, "all" },
	{ 10 * (int64_t)1000000000, "10 s" },
	{ 60 * (int64_t)1000000000, "1 min" },
	{ 600 * (int64_t)1000000000, "10 min" },
	{ 3600 * (int64_t)1000000000, "1 h" },
};

static const char *const help[] = {
	"s       sort processes by memory, peak, growth, pid",
	"f       sort functions by time, calls, memory gained, longest call",
	"w       draw all of the time, or the last 10 s, 1 min, 10 min, 1 h",
	"t       tables only, or the plot again",
	"space   pause: the picture stands still, the recording goes on",
	"Ctrl-L  draw everything again",
	"h       this help",
};

static void put_title(FILE *out, const struct live_page *page, const struct profile *profile,
		      const struct live_choice *choice)
{
	const char *command = profile_command(profile);
	char *path = text_clean(profile->path, strlen(profile->path));
	const char *state = choice->is_paused ? "paused" : profile->has_end ? "ended" : "recording";
	size_t state_columns = strlen(state) + 2;

	fputs("\033[1m", out);
	if (page->columns > state_columns)
		live_put_fit(out,
			     command != NULL ? command
			     : path != NULL  ? path
					     : "",
			     page->columns - state_columns);
	free(path);
	fprintf(out, "\033[0m  \033[7m%s\033[0m\n", state);
}

static void put_figures(FILE *out, const struct live_page *page, const struct profile *profile,
			const struct live_rows *rows)
{
	const struct profile_process *main_process = &profile->processes[0];
	char elapsed[CLOCK_TEXT_BYTES], now[TEXT_FIGURE_BYTES], peak[TEXT_FIGURE_BYTES];
	char peak_at[CLOCK_TEXT_BYTES], calls[TEXT_FIGURE_BYTES], text[8 * TEXT_FIGURE_BYTES];

	clock_format_elapsed(elapsed, profile->last_ns - profile->first_ns);
	text_format_memory(now, rows->now_mib);
	int length = snprintf(text, sizeof(text), "%s  %s in %zu process%s", elapsed, now,
			      rows->process_count, rows->process_count == 1 ? "" : "es");
	if (main_process->highest_ns != PROFILE_TIME_UNKNOWN) {
		text_format_memory(peak, main_process->highest_mib);
		clock_format_elapsed(peak_at, main_process->highest_ns - profile->first_ns);
		length +=
			snprintf(text + length, sizeof(text) - (size_t)length, ", %s peak %s at %s",
				 profile->is_tree ? "their" : "main", peak, peak_at);
	}
	text_format_count(calls, (double)rows->calls_made);
	if (profile->function_count > 0)
		snprintf(text + length, sizeof(text) - (size_t)length, ", %s calls", calls);
	live_put_fit(out, text, page->columns);
	fputc('\n', out);
}

static void put_keys(FILE *out, const struct live_page *page, const struct live_choice *choice)
{
	char text[512];

	if (page->message != NULL) {
		live_put_fit(out, page->message, page->columns);
		fputc('\n', out);
		return;
	}
	/* What does not fit is behind h. */
	snprintf(text, sizeof(text), "q %s  space %s  s %s  f %s  w %s  t plot  h help",
		 page->quit_words, choice->is_paused ? "go on" : "pause",
		 live_process_order_words[choice->process_order],
		 live_function_order_words[choice->function_order],
		 live_windows[choice->window].words);
	fprintf(out, "%.*s\n", (int)page->columns, text);
}

/* The curves of the highest few; the others in one. */
static struct error *build_model(const struct live_page *page, const struct profile *profile,
				 const struct live_choice *choice, struct plot_model *ret)
{
	struct plot_options options = { .title = "", .columns = 2 * page->columns };
	int64_t length_ns = profile->last_ns - profile->first_ns;
	int64_t window_ns = live_windows[choice->window].length_ns;
	struct profile copy;

	if (window_ns > 0 && window_ns < length_ns) {
		options.has_window = true;
		options.window_start_ns = length_ns - window_ns;
		options.window_end_ns = length_ns;
	}
	if (profile->process_count <= CHILDREN_DRAWN + 2)
		return plot_build(ret, profile, 1, &options);
	struct error *err = profile_copy(profile, &copy);
	if (err != NULL)
		return err;
	err = profile_sum_children(&copy, CHILDREN_DRAWN);
	if (err == NULL)
		err = plot_build(ret, &copy, 1, &options);
	profile_deinit(&copy);
	return err;
}

/* Half of the page, and what the tables do not need; none on a low one. */
static size_t plot_lines(const struct live_page *page, size_t wanted,
			 const struct live_choice *choice)
{
	size_t room = page->rows > HEAD_LINES + 1 ? page->rows - HEAD_LINES - 1 : 0;

	if (choice->is_plot_hidden || page->rows < PLOT_LEAST_PAGE)
		return 0;
	size_t lines = wanted < room - room / 2 ? room - wanted : room / 2;
	return lines > PLOT_LEAST_LINES ? lines : PLOT_LEAST_LINES;
}

static struct error *put_middle(FILE *out, const struct live_page *page,
				const struct profile *profile, const struct live_choice *choice,
				const struct live_rows *rows)
{
	struct plot_model model;
	size_t lines = plot_lines(page, live_tables_wanted(rows), choice);
	const struct term_page term = {
		.columns = page->columns,
		.rows = lines,
		.has_color = page->has_color,
		.is_dark = page->is_dark,
		.is_bare = true,
	};
	struct live_tables tables = { out, &term, profile, rows, NULL };
	struct error *err = NULL;

	if (lines > 0) {
		err = build_model(page, profile, choice, &model);
		/* There may be no sample in the last seconds. */
		tables.model = err == NULL ? &model : NULL;
		lines = err == NULL ? lines : 0;
		err = error_ignore(err, ERR_USAGE);
	}
	if (err == NULL && tables.model != NULL)
		err = term_plot_write(out, &model, &term);
	if (err == NULL)
		live_tables_put(&tables, page->rows > HEAD_LINES + 1 + lines
						 ? page->rows - HEAD_LINES - 1 - lines
						 : 0);
	if (tables.model != NULL)
		plot_model_deinit(&model);
	return err;
}

static struct error *put_all(FILE *out, const struct live_page *page, const struct profile *profile,
			     const struct live_choice *choice)
{
	struct live_rows rows;
	struct error *err =
		live_rows_init(&rows, profile, choice->process_order, choice->function_order);
	if (err != NULL)
		return err;
	put_title(out, page, profile, choice);
	put_figures(out, page, profile, &rows);
	err = put_middle(out, page, profile, choice, &rows);
	live_rows_deinit(&rows);
	return err;
}

static void put_help(FILE *out, const struct live_page *page)
{
	fputs("\033[1mKeys\033[0m\n", out);
	fprintf(out, "q       %s\n", page->quit_words);
	for (size_t i = 0; i < sizeof(help) / sizeof(help[0]); i++)
		fprintf(out, "%s\n", help[i]);
	fputs("\nAny key: back\n", out);
}

/* Cut to, or filled up with empty lines to, one less than the page has; then the keys' line. */
static char *finish(const struct live_page *page, char *text, const struct live_choice *choice)
{
	char *whole = NULL, *at = text;
	size_t bytes, line = 0;
	FILE *out = open_memstream(&whole, &bytes);

	if (out == NULL)
		return NULL;
	for (; line + 1 < page->rows && *at != '\0'; line++) {
		size_t length = strcspn(at, "\n");
		fprintf(out, "%.*s\n", (int)length, at);
		at += length + (at[length] == '\n');
	}
	for (; line + 1 < page->rows; line++)
		fputc('\n', out);
	put_keys(out, page, choice);
	if (fclose(out) == 0)
		return whole;
	free(whole);
	return NULL;
}

struct error *live_page_make(const struct live_page *page, const struct profile *profile,
			     const struct live_choice *choice, char **ret)
{
	struct error *err = NULL;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return error_no_memory();
	if (choice->has_help)
		put_help(out, page);
	else if (profile == NULL)
		fputs("waiting for the first sample\n", out);
	else
		err = put_all(out, page, profile, choice);
	if (fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	*ret = err == NULL ? finish(page, text, choice) : NULL;
	free(text);
	return err == NULL && *ret == NULL ? error_no_memory() : err;
}
