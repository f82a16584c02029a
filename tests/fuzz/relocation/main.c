/*
 * Relocated instructions against the original ones: every form of instruction that Zydis knows is displaced as
 * the tracer displaces it, and run, as are windows of several; both must leave the same state of all registers, vectors and
 * memory, or end by the same fault, at what the point in the copy says is the same place.
 *
 *   relocation [--states N] [--every N] [--windows N] [--seed N] [-v]
 *
 * Prints tables of what was run, refused and not there; status 1 if anything differs.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fuzz/relocation/report.h"
#include "tests/fuzz/relocation/states.h"
#include "tracer/arch/pad.h"

enum { CHILD_CASES = 1000, WINDOW_FORMS_MOST = 6, SHOWN_MOST = 40 };

struct fuzz {
	struct form_list list;
	unsigned states, every;
	size_t windows;
	uint64_t seed;
	struct report *report; /* shared with the children */
};

/* One instruction, or several, and its copy. */
struct subject {
	uint8_t code[ARCH_WINDOW_BYTES_MAX];
	size_t bytes;
	const struct form *first;
	bool is_window;
	bool is_random; /* what it leaves is the processor's secret */
};

static const char *why_not_run(const struct form *form)
{
	switch (form->insn.mnemonic) {
	case ZYDIS_MNEMONIC_SYSCALL:
	case ZYDIS_MNEMONIC_SYSENTER:
		return "system call";
	case ZYDIS_MNEMONIC_INT:
		return form->code[form->insn.length - 1] == 0x80 ? "system call" : NULL;
	case ZYDIS_MNEMONIC_VMCALL:
	case ZYDIS_MNEMONIC_VMMCALL:
		return "call of the hypervisor";
	case ZYDIS_MNEMONIC_MWAIT:
	case ZYDIS_MNEMONIC_MWAITX:
	case ZYDIS_MNEMONIC_UMWAIT:
	case ZYDIS_MNEMONIC_TPAUSE:
		return "waits for others";
	default:
		return NULL;
	}
}

static bool is_random(const struct form *form)
{
	switch (form->insn.mnemonic) {
	case ZYDIS_MNEMONIC_RDTSC:
	case ZYDIS_MNEMONIC_RDTSCP:
	case ZYDIS_MNEMONIC_RDPMC:
	case ZYDIS_MNEMONIC_RDPRU:
	case ZYDIS_MNEMONIC_RDRAND:
	case ZYDIS_MNEMONIC_RDSEED:
	case ZYDIS_MNEMONIC_CPUID:
	case ZYDIS_MNEMONIC_XGETBV: /* which of the vectors are in use, a matter of interrupts */
		return true;
	default:
		return false;
	}
}

/* Where the last x87 instruction was: in a copy, that is where the processor says it was. */
static bool tells_x87_place(const struct form *form)
{
	switch (form->insn.mnemonic) {
	case ZYDIS_MNEMONIC_FNSTENV:
	case ZYDIS_MNEMONIC_FNSAVE:
	case ZYDIS_MNEMONIC_FXSAVE:
	case ZYDIS_MNEMONIC_FXSAVE64:
	case ZYDIS_MNEMONIC_XSAVE:
	case ZYDIS_MNEMONIC_XSAVE64:
	case ZYDIS_MNEMONIC_XSAVEC:
	case ZYDIS_MNEMONIC_XSAVEC64:
	case ZYDIS_MNEMONIC_XSAVEOPT:
	case ZYDIS_MNEMONIC_XSAVEOPT64:
		return true;
	default:
		return false;
	}
}

static struct error *relocate(const struct subject *subject, const struct run_layout *layout,
			      struct arch_window *ret)
{
	const taddr_t from = taddr((uintptr_t)layout->code + CODE_AT);
	const taddr_t to = taddr((uintptr_t)layout->copy);
	struct arch_slot slot;

	if (subject->is_window)
		return arch_relocate_window(subject->code, subject->bytes, from, to, ret);
	struct error *err = arch_relocate(subject->code, subject->bytes, from, to, &slot);
	if (err != NULL)
		return err;
	*ret = (struct arch_window){ .code_bytes = slot.code_bytes,
				     .point_count = slot.point_count };
	memcpy(ret->code, slot.code, slot.code_bytes);
	memcpy(ret->points, slot.points, slot.point_count * sizeof(slot.points[0]));
	return NULL;
}

/* The program's own state for one in the copy, as its points say; false: none does. */
static bool map_back(struct run_state *state, const struct run_layout *layout,
		     const struct arch_window *window)
{
	const uint64_t pc = (uint64_t)state->gregs[REG_RIP];
	const uint64_t offset = pc - (uintptr_t)layout->copy;

	if (offset >= window->code_bytes)
		return true;
	for (size_t i = 0; i < window->point_count; i++) {
		const struct arch_slot_point *point = &window->points[i];
		if (point->offset_bytes != offset)
			continue;
		state->gregs[REG_RIP] = (greg_t)point->pc.value;
		state->gregs[REG_RSP] += point->sp_bytes;
		/* A call that could not be made has put its return address below all that is in use. */
		size_t below =
			(size_t)((uint64_t)state->gregs[REG_RSP] - 8 - (uintptr_t)layout->data);
		if (point->sp_bytes != 0 && below <= DATA_BYTES - 8)
			memset(state->data + below, 0, 8);
		if (state->address == pc)
			state->address = point->pc.value;
		return true;
	}
	return false;
}

static const char *compare(struct run_state *expected, struct run_state *got,
			   const struct subject *subject, const struct run_layout *layout,
			   const struct arch_window *window)
{
	const greg_t sp_in_copy = got->gregs[REG_RSP];

	if (!map_back(got, layout, window))
		return "a place that is no point";
	if (got->gregs[REG_RSP] != sp_in_copy) {
		size_t below =
			(size_t)((uint64_t)got->gregs[REG_RSP] - 8 - (uintptr_t)layout->data);
		if (below <= DATA_BYTES - 8)
			memset(expected->data + below, 0, 8);
	}
	if (expected->gregs[REG_RIP] != got->gregs[REG_RIP])
		return "pc";
	if (expected->address != got->address &&
	    (expected->signal == SIGSEGV || expected->signal == SIGBUS ||
	     expected->signal == SIGILL || expected->signal == SIGFPE))
		return "address of the fault";
	if (subject->is_random)
		return expected->signal == got->signal ? NULL : "signal";
	return state_difference(expected, got);
}

static void tell(const struct subject *subject, const struct arch_window *window,
		 unsigned state_number, const char *what, const struct run_state *expected,
		 const struct run_state *got)
{
	printf("DIFFERS: %s of", what);
	for (size_t i = 0; i < subject->bytes; i++)
		printf(" %02x", subject->code[i]);
	printf(" (%s), state %u:\n  copy:", ZydisMnemonicGetString(subject->first->insn.mnemonic),
	       state_number);
	for (size_t i = 0; i < window->code_bytes; i++)
		printf(" %02x", window->code[i]);
	printf("\n  signal %d/%d pc %#llx address %#lx sp %#llx, not %d/%d %#llx %#lx %#llx\n",
	       got->signal, got->code, got->gregs[REG_RIP], (unsigned long)got->address,
	       got->gregs[REG_RSP], expected->signal, expected->code, expected->gregs[REG_RIP],
	       (unsigned long)expected->address, expected->gregs[REG_RSP]);
	for (int i = 0; i <= REG_EFL; i++)
		if (expected->gregs[i] != got->gregs[i])
			printf("  register %d: %#llx, not %#llx\n", i, got->gregs[i],
			       expected->gregs[i]);
	for (size_t i = 0; i < DATA_BYTES; i++)
		if (expected->data[i] != got->data[i]) {
			printf("  memory at %zu: %#x, not %#x\n", i, got->data[i],
			       expected->data[i]);
			break;
		}
	fflush(stdout);
}

static void put_code(const struct subject *subject, const struct run_layout *layout,
		     const struct arch_window *window)
{
	memset(layout->code_to_write + CODE_AT, 0xcc, ARCH_WINDOW_BYTES_MAX);
	memcpy(layout->code_to_write + CODE_AT, subject->code, subject->bytes);
	memset(layout->copy_to_write, 0xcc, ARCH_WINDOW_BYTES_MAX);
	memcpy(layout->copy_to_write, window->code, window->code_bytes);
}

/* Runs both from all states. */
static enum outcome run_subject(struct fuzz *fuzz, struct state_maker *maker,
				const struct subject *subject)
{
	static struct run_state state, expected, got;
	enum outcome outcome = OUTCOME_LACKING;
	struct arch_window windows[LAYOUTS];

	for (unsigned i = 0; i < LAYOUTS; i++) {
		struct error *err = relocate(subject, &run_layouts()[i], &windows[i]);
		if (err != NULL) {
			error_free(err);
			return OUTCOME_REFUSED;
		}
		put_code(subject, &run_layouts()[i], &windows[i]);
	}
	for (unsigned n = 0; n < fuzz->states; n++) {
		const struct run_layout *layout = &run_layouts()[n % LAYOUTS];
		const struct arch_window *window = &windows[n % LAYOUTS];
		state_make(maker, subject->first, layout, n, &state);
		run_code(&state, layout, &expected);
		state.gregs[REG_RIP] = (greg_t)(uintptr_t)layout->copy;
		run_code(&state, layout, &got);
		report_run(fuzz->report, expected.signal);
		if (expected.signal != SIGILL)
			outcome = OUTCOME_SAME;
		const char *what = compare(&expected, &got, subject, layout, window);
		if (what == NULL)
			continue;
		if (fuzz->report->shown++ < SHOWN_MOST)
			tell(subject, window, n, what, &expected, &got);
		return OUTCOME_DIFFERS;
	}
	return outcome;
}

static void make_single(const struct fuzz *fuzz, size_t number, struct subject *ret)
{
	const struct form *form = &fuzz->list.forms[number];

	*ret = (struct subject){ .bytes = form->insn.length,
				 .first = form,
				 .is_random = is_random(form) };
	memcpy(ret->code, form->code, ret->bytes);
}

/* Several that run here, of which all but the last go on to the next. */
static void make_window(const struct fuzz *fuzz, uint64_t *seed, struct subject *ret)
{
	*ret = (struct subject){ .is_window = true };
	const size_t wanted = 1 + random_next(seed) % WINDOW_FORMS_MOST;
	for (size_t count = 0; count < wanted || ret->bytes < ARCH_JUMP_BYTES;) {
		const struct form *form = &fuzz->list.forms[random_next(seed) % fuzz->list.count];
		const enum outcome outcome = fuzz->report->outcomes[form - fuzz->list.forms];
		if (outcome != OUTCOME_SAME || ret->bytes + form->insn.length > 31)
			continue;
		if (ret->first == NULL)
			ret->first = form;
		memcpy(ret->code + ret->bytes, form->code, form->insn.length);
		ret->bytes += form->insn.length;
		ret->is_random |= is_random(form) || tells_x87_place(form);
		if (++count >= wanted + 4 || ret->bytes > 24)
			break;
	}
}

static size_t case_count(const struct fuzz *fuzz, bool are_windows)
{
	return are_windows ? fuzz->windows : fuzz->list.count;
}

/* In the child: cases from @first on. */
static void run_cases(struct fuzz *fuzz, bool are_windows, size_t first)
{
	struct state_maker maker;
	struct subject subject;

	run_init();
	for (size_t i = first; i < case_count(fuzz, are_windows) && i < first + CHILD_CASES; i++) {
		enum outcome outcome = OUTCOME_SKIPPED;
		uint64_t seed = (fuzz->seed + i) * 2 + 1;
		for (int k = 0; k < 8; k++)
			random_next(&seed);
		fuzz->report->at = i;
		state_maker_init(&maker, seed);
		if (are_windows)
			make_window(fuzz, &seed, &subject);
		else
			make_single(fuzz, i, &subject);
		if (!are_windows && why_not_run(subject.first) != NULL)
			outcome = OUTCOME_NOT_RUN;
		else if (are_windows || i % fuzz->every == fuzz->seed % fuzz->every)
			outcome = run_subject(fuzz, &maker, &subject);
		report_outcome(fuzz->report, are_windows, i, outcome);
	}
	fuzz->report->at = first + CHILD_CASES;
	fflush(stdout);
	_exit(0);
}

static void run_all(struct fuzz *fuzz, bool are_windows)
{
	size_t first = 0;

	while (first < case_count(fuzz, are_windows)) {
		int status;
		fflush(stdout);
		const pid_t pid = fork();
		if (pid == 0)
			run_cases(fuzz, are_windows, first);
		if (pid < 0 || waitpid(pid, &status, 0) != pid) {
			perror("a child to run code in");
			exit(1);
		}
		first = fuzz->report->at;
		if (first % (20 * CHILD_CASES) == 0)
			printf("%zu %s, %lu pairs of runs\n", first,
			       are_windows ? "windows" : "forms",
			       (unsigned long)fuzz->report->runs);
		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
			printf("DIED: the child, by status %#x, of %s %zu (%s)\n", (unsigned)status,
			       are_windows ? "window" : "form", first,
			       are_windows ? ""
					   : ZydisMnemonicGetString(
						     fuzz->list.forms[first].insn.mnemonic));
			report_outcome(fuzz->report, are_windows, first, OUTCOME_DIED);
			first++;
		}
	}
}

/* What the tracer says when it refuses a form. */
static struct error *refusal(const struct fuzz *fuzz, size_t number)
{
	struct arch_window window;
	struct subject subject;
	struct error *err = NULL;

	make_single(fuzz, number, &subject);
	for (int i = 0; i < LAYOUTS && err == NULL; i++)
		err = relocate(&subject, &run_layouts()[i], &window);
	return err;
}

static void report_forms(const struct fuzz *fuzz)
{
	for (size_t i = 0; i < fuzz->list.count; i++) {
		const struct form *form = &fuzz->list.forms[i];
		const char *why = NULL;
		struct error *err = NULL;
		if (fuzz->report->outcomes[i] == OUTCOME_REFUSED) {
			err = refusal(fuzz, i);
			why = err == NULL ? "?" : error_message(err);
		} else if (fuzz->report->outcomes[i] == OUTCOME_NOT_RUN) {
			why = why_not_run(form);
		}
		report_form(fuzz->report, form, i, why);
		error_free(err);
	}
	report_print(fuzz->report);
}

static unsigned long number_of(const char *text)
{
	char *end;
	const unsigned long number = strtoul(text, &end, 0);

	if (*end != '\0' || end == text || number > 1UL << 40) {
		fprintf(stderr, "relocation: %s is no number\n", text);
		exit(2);
	}
	return number;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "states", required_argument, NULL, 's' },
		{ "every", required_argument, NULL, 'e' },
		{ "windows", required_argument, NULL, 'w' },
		{ "seed", required_argument, NULL, 'r' },
		{ 0 },
	};
	struct fuzz fuzz = { .states = 100, .every = 1, .windows = 100000, .seed = 1 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		const unsigned long number = option == '?' ? 0 : number_of(optarg);
		if (option == 's')
			fuzz.states = (unsigned)number;
		else if (option == 'e' && number > 0)
			fuzz.every = (unsigned)number;
		else if (option == 'w')
			fuzz.windows = number;
		else if (option == 'r')
			fuzz.seed = number;
		else
			return 2;
	}
	const struct run_layout *layout = &run_layouts()[0];
	const struct form_places places = { (int32_t)(layout->data + DATA_MIDDLE - layout->code -
						      CODE_AT),
					    (uintptr_t)layout->low + DATA_MIDDLE };
	form_list_init(&fuzz.list, &places, fuzz.seed);
	fuzz.report = report_create(fuzz.list.count);
	run_all(&fuzz, false);
	run_all(&fuzz, true);
	report_forms(&fuzz);
	const bool is_sound = report_is_sound(fuzz.report);
	form_list_deinit(&fuzz.list);
	return is_sound ? 0 : 1;
}
