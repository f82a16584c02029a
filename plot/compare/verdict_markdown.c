/* Verdicts as Markdown, for the summary of a build; see verdict_files.h. Plot layer. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "plot/compare/verdict_files.h"
#include "plot/compare/verdict_text.h"
#include "plot/text/text.h"

/* What is no letter, digit or harmless sign goes by its number. @text is clean. */
static void put_text(FILE *out, const char *text)
{
	static const char harmless[] = " /,()-+%;";

	for (const char *c = text; *c != '\0'; c++) {
		if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80 ||
		    strchr(harmless, *c) != NULL)
			putc(*c, out);
		else
			fprintf(out, "&#%d;", *c);
	}
}

static void put_code(FILE *out, const char *text)
{
	fputs("<code>", out);
	put_text(out, text);
	fputs("</code>", out);
}

static const char *sign_of(enum verdict_status status)
{
	switch (status) {
	case VERDICT_KEPT:
		return "\xe2\x9c\x85 ok"; /* U+2705 */
	case VERDICT_BROKEN:
		return "\xe2\x9d\x8c **broken**"; /* U+274C */
	case VERDICT_FAR_BELOW:
		return "\xf0\x9f\x93\x89 **low**"; /* U+1F4C9 */
	case VERDICT_UNKNOWN:
		break;
	}
	return "\xe2\x9d\x93 **unknown**"; /* U+2753 */
}

static struct error *put_row(FILE *out, const struct verdict *verdict)
{
	char measured[FIGURE_TEXT_BYTES], allowed[VERDICT_ALLOWED_BYTES];
	char *subject = verdict_subject(verdict), *remark = verdict_remark(verdict);
	struct error *err = subject == NULL || remark == NULL ? error_no_memory() : NULL;

	if (err == NULL) {
		verdict_format_measured(verdict, measured);
		verdict_format_allowed(verdict, allowed);
		fprintf(out, "| %s | ", sign_of(verdict->status));
		put_code(out, subject);
		fprintf(out, " | %s | %s | ", measured, allowed);
		put_text(out, remark);
		fputs(" |\n", out);
	}
	free(subject);
	free(remark);
	return err;
}

static struct error *put_heading(FILE *out, const struct verdicts *verdicts,
				 const struct figure_group *group, const char *name)
{
	size_t kept = verdicts_count(verdicts, VERDICT_KEPT);

	fprintf(out, "### %s: %zu of %zu limits kept\n\n", name, kept, verdicts->count);
	fputs(group->run_count > 1 ? "Medians of " : "Of ", out);
	for (size_t i = 0; i < group->run_count; i++) {
		char *path = text_clean(group->runs[i].path, strlen(group->runs[i].path));
		if (path == NULL)
			return error_no_memory();
		fputs(i > 0 ? ", " : "", out);
		put_code(out, path);
		free(path);
	}
	fputs("\n\n| | limit | measured | allowed | |\n|---|---|---:|---:|---|\n", out);
	return NULL;
}

struct error *verdicts_write_markdown(const struct verdicts *verdicts,
				      const struct figure_group *group, const char *name, FILE *out)
{
	struct error *err = put_heading(out, verdicts, group, name);

	for (size_t i = 0; err == NULL && i < verdicts->count; i++)
		err = put_row(out, &verdicts->list[i]);
	return err;
}
