/* What the helper in a Python interpreter says; see python_mark.h. Loop layer. */
#include "tracer/loop/python/python_mark.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/python/python_text.h"
#include "tracer/tracee/ptrace_ops.h"

/*
 * A bytes object (Include/cpython/bytesobject.h, unchanged from 3.8 on): reference count, type, size,
 * hash, then the bytes.
 */
enum { BYTES_SIZE_OFFSET = 16, BYTES_TEXT_OFFSET = 32 };
enum { TEXT_HEAD_BYTES = sizeof(PYTHON_TEXT_HEAD) - 1 };
/* What a question may be long at most: a module of 100,000 functions. */
static const uint64_t QUESTION_BYTES_MAX = 64 << 20;

/* One line of a question: what is known of a function. */
struct python_function {
	char *answer; /* where '?' becomes '+' */
	const char *name, *file;
	unsigned line;
};

/* Notes that pattern @pattern has the function, and where it is written when that is new. */
static struct error *python_add_probe(struct session *session, size_t pattern,
				      const struct python_function *function)
{
	struct probe *probe;
	bool is_new = probe_set_find(&session->planner.probes, function->name) == NULL;

	struct error *err =
		probe_set_add(&session->planner.probes, pattern, function->name, &probe);
	if (err == NULL && is_new)
		recorder_definition(session->recorder, probe->name, function->line, function->file);
	return err;
}

static struct error *python_choose(struct session *session, const struct python_function *function,
				   bool is_decorated)
{
	const struct pattern_set *patterns = session->options->patterns;
	struct error *err = NULL;
	bool is_wanted = false, is_excluded = false;

	if (is_decorated)
		err = python_add_probe(session, PROBE_NO_PATTERN, function);
	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (!pattern_set_match_dotted(patterns, i, function->name, function->file))
			continue;
		if (pattern_set_excludes(patterns, i))
			is_excluded = true;
		else
			is_wanted = true;
	}
	for (size_t i = 0; err == NULL && is_wanted && i < pattern_set_count(patterns); i++) {
		if (!pattern_set_match_dotted(patterns, i, function->name, function->file))
			continue;
		if (is_excluded) {
			pattern_set_note_left_out(patterns, i);
			continue;
		}
		*function->answer = '+';
		err = python_add_probe(session, i, function);
	}
	return err;
}

/* The next line "?LINE NAME\0FILE\n" of @text; false: there is none. */
static bool python_next_function(char **text, const char *end, struct python_function *ret)
{
	char *newline = memchr(*text, '\n', (size_t)(end - *text));

	if (newline == NULL || **text != '?')
		return false;
	*newline = '\0';
	char *zero = memchr(*text, '\0', (size_t)(newline - *text));
	char *space = strchr(*text, ' ');
	if (zero == NULL || space == NULL || space + 1 >= zero)
		return false;
	*ret = (struct python_function){ .answer = *text,
					 .name = space + 1,
					 .file = zero + 1,
					 .line = (unsigned)strtoul(*text + 1, NULL, 10) };
	*text = newline + 1;
	return true;
}

/* Reads the question at @from, answers it, and writes the answer over it. */
static struct error *python_answer(struct session *session, struct tracee *tracee, taddr_t from,
				   uint64_t bytes, bool is_decorated)
{
	struct python_function function;

	if (bytes > QUESTION_BYTES_MAX)
		return error_new(ERR_FORMAT, "a Python module with too many functions");
	char *text = malloc(bytes + 1), *next = text;
	if (text == NULL)
		return error_no_memory();
	struct error *err = address_space_read(tracee->process->space, from, text, bytes);
	while (err == NULL && python_next_function(&next, text + bytes, &function)) {
		err = python_choose(session, &function, is_decorated);
		if (err == NULL && *function.answer == '+')
			err = address_space_write(
				tracee->process->space,
				taddr_add(from, (uint64_t)(function.answer - text)), "+", 1);
	}
	free(text);
	return err;
}

static struct error *python_say(struct session *session, struct tracee *tracee, char kind,
				const char *text, uint64_t mark_id)
{
	struct probe *probe;
	struct error *err = NULL;

	if (kind == 'W') {
		log_warning("Python in process %d: %s", tracee->process->pid, text);
		return NULL;
	}
	probe = probe_set_find(&session->planner.probes, text);
	if (probe == NULL && kind == 'E') /* a block under a name of its own */
		err = probe_set_add(&session->planner.probes, PROBE_NO_PATTERN, text, &probe);
	if (err != NULL || probe == NULL)
		return err;
	const struct call_event now = site_event_now(tracee->process);
	if (kind == 'E')
		return calls_enter_marked(tracee, probe, mark_id, &now);
	calls_leave_marked(session, tracee, probe, mark_id,
			   kind == 'U' ? CALL_UNWOUND : CALL_RETURNED, &now);
	return NULL;
}

struct error *python_mark_hit(struct session *session, struct tracee *tracee)
{
	enum { READ_BYTES = 640 }; /* a name is cut at 480 by the helper */
	const struct address_space *space = tracee->process->space;
	struct user_regs_struct regs;
	uint64_t arguments[2];
	char object[READ_BYTES + 1];

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	/* METH_FASTCALL: module, array of arguments, their number. */
	if (arch_argument(&regs, 2) != 2 ||
	    address_space_read_some(space, taddr(arch_argument(&regs, 1)), arguments,
				    sizeof(arguments)) != sizeof(arguments))
		return NULL;
	size_t got = address_space_read_some(space, taddr(arguments[0]), object, READ_BYTES);
	object[got] = '\0';
	if (got < BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES + 2 ||
	    memcmp(object + BYTES_TEXT_OFFSET, PYTHON_TEXT_HEAD, TEXT_HEAD_BYTES) != 0)
		return NULL; /* not the helper's call */
	uint64_t bytes;
	memcpy(&bytes, object + BYTES_SIZE_OFFSET, sizeof(bytes));
	const char *said = object + BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES;
	if (*said == '?' || *said == '!')
		return python_answer(
			session, tracee,
			taddr_add(taddr(arguments[0]), BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES + 1),
			bytes > TEXT_HEAD_BYTES ? bytes - TEXT_HEAD_BYTES - 1 : 0, *said == '!');
	uint64_t mark_id = arguments[1] == arguments[0] ? 0 : arguments[1];
	return python_say(session, tracee, *said, said + 1, mark_id);
}
