/* What the helper in a Python interpreter says; see python_mark.h. Loop layer. */
#include "tracer/loop/python/python_mark.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/arch/pad.h"
#include "tracer/loop/python/python_lines.h"
#include "tracer/loop/python/python_text.h"
#include "tracer/tracee/ptrace_ops.h"

enum { TEXT_HEAD_BYTES = sizeof(PYTHON_TEXT_HEAD) - 1 };
static_assert((int)PYTHON_BYTES_TEXT_OFFSET + (int)TEXT_HEAD_BYTES ==
		      (int)ARCH_PAD_MARK_SAYS_OFFSET,
	      "pads look at the letter behind the head");
/* What a question may be long at most: a module of 100,000 functions. */
static const uint64_t QUESTION_BYTES_MAX = 64 << 20;

/* One line of a question: what is known of a function. */
struct python_function {
	char *answer; /* where '?' becomes '+' */
	const char *name, *file;
	unsigned line, last_line; /* of its text; the last is 0 where nobody has asked for lines */
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
	if (err == NULL && session->options->wants_lines)
		err = python_lines_note(session, probe, function->line, function->last_line,
					function->file);
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

/* The next line "?LINE-LAST NAME\0FILE\n" of @text; false: there is none. */
static bool python_next_function(char **text, const char *end, struct python_function *ret)
{
	char *newline = memchr(*text, '\n', (size_t)(end - *text));

	if (newline == NULL || **text != '?')
		return false;
	*newline = '\0';
	char *zero = memchr(*text, '\0', (size_t)(newline - *text));
	char *space = strchr(*text, ' '), *dash = strchr(*text, '-');
	if (zero == NULL || space == NULL || space + 1 >= zero || dash == NULL || dash > space)
		return false;
	*ret = (struct python_function){ .answer = *text,
					 .name = space + 1,
					 .file = zero + 1,
					 .line = (unsigned)strtoul(*text + 1, NULL, 10),
					 .last_line = (unsigned)strtoul(dash + 1, NULL, 10) };
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

/* What the helper says of a call, in the object at @object: kept, if it stays as it is. */
static struct error *python_keep(struct image *image, taddr_t object,
				 const struct python_mark *said, char letter)
{
	if (!isupper((unsigned char)letter) ||
	    addr_map_get(&image->python_marks, object.value) != NULL)
		return NULL;
	struct python_mark *mark = malloc(sizeof(*mark));
	if (mark == NULL)
		return error_no_memory();
	*mark = *said;
	struct error *err = addr_map_put(&image->python_marks, object.value, mark);
	if (err != NULL)
		free(mark);
	return err;
}

/* The call that @mark is about begins or ends. */
static void mark_event(const struct python_mark *mark, taddr_t object, uint64_t id,
		       struct site_event *event)
{
	event->kind = EVENT_MARK;
	event->marked = mark->probe;
	event->mark_id = id == object.value ? 0 : id & ~(uint64_t)ARCH_PAD_FLAGS;
	event->mark_kind = mark->says == 'L'   ? MARK_LINE
			   : mark->says == 'Y' ? MARK_SUSPENDS
			   : mark->says == 'S' ? MARK_RESUMES
					       : MARK_CALL;
	event->mark_line = mark->line;
	event->mark_lines = mark->lines;
	event->mark_end = mark->says == 'E'   ? CALL_OPEN
			  : mark->says == 'U' ? CALL_UNWOUND
					      : CALL_RETURNED;
}

static struct error *python_say(struct session *session, const struct tracee *tracee, char kind,
				const char *text, struct python_mark *ret)
{
	struct error *err = NULL;

	*ret = (struct python_mark){ .says = (char)toupper((unsigned char)kind) };
	if (kind == 'W') {
		log_warning("Python in process %d: %s", tracee->process->pid, text);
		return NULL;
	}
	char *name = (char *)text;
	unsigned long line = ret->says == 'L' ? strtoul(text, &name, 10) : 0;
	name += *name == ' ';
	ret->probe = probe_set_find(&session->planner.probes, name);
	if (ret->probe == NULL && ret->says == 'E') /* a block under a name of its own */
		err = probe_set_add(&session->planner.probes, PROBE_NO_PATTERN, name, &ret->probe);
	ret->lines = ret->probe == NULL ? NULL : python_lines_of(session, ret->probe);
	ret->line = ret->lines == NULL ? 0 : (uint32_t)line - ret->lines->first_line;
	return err;
}

/* METH_FASTCALL: module, array of arguments, their number. False: there are not two. */
static struct error *read_arguments(const struct tracee *tracee, uint64_t ret[2], bool *ret_are)
{
	struct user_regs_struct regs;
	const size_t bytes = 2 * sizeof(ret[0]);

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	*ret_are = err == NULL && arch_argument(&regs, 2) == 2 &&
		   address_space_read_some(tracee->process->space, taddr(arch_argument(&regs, 1)),
					   ret, bytes) == bytes;
	return err;
}

struct error *python_mark_hit(struct session *session, struct tracee *tracee,
			      struct site_event *event, bool *ret_is_mark)
{
	enum { READ_BYTES = 640 }; /* a name is cut at 480 by the helper */
	const struct address_space *space = tracee->process->space;
	struct python_mark mark;
	uint64_t arguments[2];
	char object[READ_BYTES + 1];
	bool are_two;

	*ret_is_mark = false;
	struct error *err = read_arguments(tracee, arguments, &are_two);
	if (err != NULL || !are_two)
		return err;
	const taddr_t at = taddr(arguments[0]);
	size_t got = address_space_read_some(space, at, object, READ_BYTES);
	object[got] = '\0';
	if (got < PYTHON_BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES + 2 ||
	    memcmp(object + PYTHON_BYTES_TEXT_OFFSET, PYTHON_TEXT_HEAD, TEXT_HEAD_BYTES) != 0)
		return NULL; /* not the helper's call */
	uint64_t bytes;
	memcpy(&bytes, object + PYTHON_BYTES_SIZE_OFFSET, sizeof(bytes));
	const char *said = object + PYTHON_BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES;
	if (*said == '?' || *said == '!')
		return python_answer(session, tracee,
				     taddr_add(at, PYTHON_BYTES_TEXT_OFFSET + TEXT_HEAD_BYTES + 1),
				     bytes > TEXT_HEAD_BYTES ? bytes - TEXT_HEAD_BYTES - 1 : 0,
				     *said == '!');
	err = python_say(session, tracee, *said, said + 1, &mark);
	if (err != NULL || mark.probe == NULL)
		return err;
	mark_event(&mark, at, arguments[1], event);
	*ret_is_mark = true;
	return python_keep(space->image, at, &mark, *said);
}

bool python_mark_recorded(const struct image *image, taddr_t object, uint64_t id,
			  struct site_event *event)
{
	const struct python_mark *mark = addr_map_get(&image->python_marks, object.value);

	if (mark != NULL)
		mark_event(mark, object, id, event);
	return mark != NULL;
}

struct error *python_mark_object(const struct tracee *tracee, taddr_t *ret)
{
	uint64_t arguments[2];
	bool are_two;

	*ret = taddr(0);
	struct error *err = read_arguments(tracee, arguments, &are_two);
	if (err == NULL && are_two &&
	    addr_map_get(&tracee->process->space->image->python_marks, arguments[0]) != NULL)
		*ret = taddr(arguments[0]);
	return err;
}

struct error *python_marks_forget(struct image *image)
{
	struct addr_map *marks = &image->python_marks;
	struct error *err = NULL;
	size_t cursor = 0;
	struct python_mark *mark;

	for (size_t i = 0; i < marks->capacity; i++) {
		if (marks->slots[i].value != NULL)
			err = error_first(err,
					  pad_area_remove_return(&image->pads, &image->injected,
								 taddr(marks->slots[i].key)));
	}
	while ((mark = addr_map_next(marks, &cursor)) != NULL)
		free(mark);
	addr_map_deinit(marks);
	*marks = (struct addr_map){ 0 };
	return err;
}
