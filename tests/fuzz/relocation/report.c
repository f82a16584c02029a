/* Counts of forms; see report.h. */
#include "tests/fuzz/relocation/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const char *const outcome_words[OUTCOMES] = {
	"skipped", "same", "not here", "refused", "not run", "differs", "died",
};

struct report *report_create(size_t forms)
{
	struct report *report = mmap(NULL, sizeof(*report) + forms, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (report == MAP_FAILED) {
		perror("memory for counts");
		exit(1);
	}
	return report;
}

void report_run(struct report *report, int signal)
{
	report->runs++;
	report->endings[signal % ENDINGS]++;
}

void report_outcome(struct report *report, bool is_window, size_t number, enum outcome outcome)
{
	if (is_window)
		report->windows[outcome]++;
	else
		report->outcomes[number] = (uint8_t)outcome;
}

/* Less where in the file, and which instruction. */
static const char *without_place(const char *why)
{
	const char *at = strstr(why, " at 0x");

	if (at == NULL)
		return why;
	at = strchr(at + 4, ' ');
	return at == NULL ? why : at + 1;
}

static void count_reason(struct report *report, enum outcome outcome, const char *text)
{
	size_t i = 0;

	while (i < report->reason_count && (report->reasons[i].outcome != outcome ||
					    strcmp(report->reasons[i].text, text) != 0))
		i++;
	if (i == REASONS_MOST)
		return;
	if (i == report->reason_count) {
		report->reason_count++;
		report->reasons[i].outcome = outcome;
		snprintf(report->reasons[i].text, REASON_BYTES, "%s", text);
	}
	report->reasons[i].forms++;
}

void report_form(struct report *report, const struct form *form, size_t number, const char *why)
{
	const enum outcome outcome = report->outcomes[number];
	char text[REASON_BYTES];

	report->by_encoding[form->insn.encoding][outcome]++;
	if (outcome == OUTCOME_REFUSED)
		snprintf(text, sizeof(text), "%.90s", without_place(why));
	else if (outcome == OUTCOME_LACKING)
		snprintf(text, sizeof(text), "%s", ZydisISAExtGetString(form->insn.meta.isa_ext));
	else if (outcome == OUTCOME_NOT_RUN || outcome == OUTCOME_DIFFERS ||
		 outcome == OUTCOME_DIED)
		snprintf(text, sizeof(text), "%s%s%s", ZydisMnemonicGetString(form->insn.mnemonic),
			 why == NULL ? "" : ": ", why == NULL ? "" : why);
	else
		return;
	count_reason(report, outcome, text);
}

static void print_reasons(const struct report *report, enum outcome outcome, const char *heading)
{
	bool is_first = true;

	for (size_t i = 0; i < report->reason_count; i++) {
		if (report->reasons[i].outcome != outcome)
			continue;
		if (is_first)
			printf("\n%s\n", heading);
		is_first = false;
		printf("%9zu  %s\n", report->reasons[i].forms, report->reasons[i].text);
	}
}

void report_print(const struct report *report)
{
	static const char *const encodings[ENCODINGS] = { "legacy", "3DNow!", "XOP",
							  "VEX",    "EVEX",   "MVEX" };

	printf("\n%-8s", "forms");
	for (int o = 0; o < OUTCOMES; o++)
		printf("%10s", outcome_words[o]);
	for (int e = 0; e < ENCODINGS; e++) {
		printf("\n%-8s", encodings[e]);
		for (int o = 0; o < OUTCOMES; o++)
			printf("%10zu", report->by_encoding[e][o]);
	}
	printf("\n%-8s", "windows");
	for (int o = 0; o < OUTCOMES; o++)
		printf("%10zu", report->windows[o]);
	printf("\n\n%lu pairs of runs, ended by SIGTRAP %lu, SIGSEGV %lu, SIGILL %lu, SIGBUS %lu, "
	       "SIGFPE %lu, "
	       "never %lu\n",
	       (unsigned long)report->runs, (unsigned long)report->endings[SIGTRAP],
	       (unsigned long)report->endings[SIGSEGV], (unsigned long)report->endings[SIGILL],
	       (unsigned long)report->endings[SIGBUS], (unsigned long)report->endings[SIGFPE],
	       (unsigned long)report->endings[SIGALRM]);
	print_reasons(report, OUTCOME_REFUSED, "Refused: the instruction …");
	print_reasons(report, OUTCOME_LACKING,
		      "Not on this processor, or not in 64-bit mode, by extension:");
	print_reasons(report, OUTCOME_NOT_RUN, "Not run:");
	print_reasons(report, OUTCOME_DIFFERS, "DIFFERS:");
	print_reasons(report, OUTCOME_DIED, "DIED:");
}

bool report_is_sound(const struct report *report)
{
	size_t same = 0, bad = report->windows[OUTCOME_DIFFERS] + report->windows[OUTCOME_DIED];

	for (int e = 0; e < ENCODINGS; e++) {
		same += report->by_encoding[e][OUTCOME_SAME];
		bad += report->by_encoding[e][OUTCOME_DIFFERS] +
		       report->by_encoding[e][OUTCOME_DIED];
	}
	return bad == 0 && same > 0;
}
