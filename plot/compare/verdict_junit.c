/* Verdicts as JUnit's XML, as Jenkins, GitLab and others read it; see verdict_files.h. Plot layer. */
#include <stdlib.h>

#include "plot/compare/verdict_files.h"
#include "plot/compare/verdict_text.h"
#include "plot/text/markup.h"

static void put_attribute(FILE *out, const char *name, const char *text)
{
	fprintf(out, " %s=\"", name);
	markup_put_text(out, text);
	putc('"', out);
}

static void put_element(FILE *out, const char *name, const char *text)
{
	fprintf(out, "      <%s>", name);
	markup_put_text(out, text);
	fprintf(out, "</%s>\n", name);
}

/* A failure, or an error: some show its message, others its text. */
static void put_trouble(FILE *out, const char *element, const char *type, const char *sentence)
{
	fprintf(out, "      <%s type=\"%s\"", element, type);
	put_attribute(out, "message", sentence);
	putc('>', out);
	markup_put_text(out, sentence);
	fprintf(out, "</%s>\n", element);
}

static struct error *put_case(FILE *out, const struct verdict *verdict, const char *suite)
{
	char *subject = verdict_subject(verdict), *sentence = verdict_sentence(verdict);
	struct error *err = NULL;

	if (subject != NULL && sentence != NULL) {
		fputs("    <testcase", out);
		put_attribute(out, "classname", suite);
		put_attribute(out, "name", subject);
		fputs(">\n", out);
		if (verdict->status == VERDICT_BROKEN)
			put_trouble(out, "failure", "broken", sentence);
		else if (verdict->status == VERDICT_FAR_BELOW)
			put_trouble(out, "failure", "far below", sentence);
		else if (verdict->status == VERDICT_UNKNOWN)
			put_trouble(out, "error", "not judged", sentence);
		put_element(out, "system-out", sentence);
		fputs("    </testcase>\n", out);
	} else {
		err = error_no_memory();
	}
	free(subject);
	free(sentence);
	return err;
}

static void put_counts(FILE *out, const struct verdicts *verdicts, const char *name)
{
	put_attribute(out, "name", name);
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", verdicts->count,
		verdicts_count(verdicts, VERDICT_BROKEN) +
			verdicts_count(verdicts, VERDICT_FAR_BELOW),
		verdicts_count(verdicts, VERDICT_UNKNOWN));
}

struct error *verdicts_write_junit(const struct verdicts *verdicts,
				   const struct figure_group *group, const char *name, FILE *out)
{
	struct error *err = NULL;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites", out);
	put_counts(out, verdicts, name);
	fputs(">\n  <testsuite", out);
	put_counts(out, verdicts, name);
	fputs(" skipped=\"0\">\n    <properties>\n", out);
	for (size_t i = 0; i < group->run_count; i++) {
		fputs("      <property name=\"profile\"", out);
		put_attribute(out, "value", group->runs[i].path);
		fputs("/>\n", out);
	}
	fputs("    </properties>\n", out);
	for (size_t i = 0; err == NULL && i < verdicts->count; i++)
		err = put_case(out, &verdicts->list[i], name);
	fputs("  </testsuite>\n</testsuites>\n", out);
	return err;
}
