/* Functions of Python on stacks; see python_frames.h. Loop layer. */
#include "tracer/loop/stacks/python_frames.h"

#include "tracer/loop/stacks/python_names.h"
#include "tracer/proc/process_facts.h"

enum {
	INTERPRETERS_MAX = 64,
	THREADS_MAX = 4096,
	STATES_MAX = 4,	  /* of one thread, in so many interpreters */
	STEPS_MAX = 4096, /* along all chains of one thread, which may lead round in circles */
	CODES_KEPT = 8,	  /* recursion comes upon the same ones */
};

/* One walk. */
struct walk {
	struct python_process *python;
	struct memory_view *view;
	struct stack_nodes *nodes;
	struct raw_stack *raw;
	unsigned steps;
	bool is_odd; /* it is not as the layout says */
	struct kept_code {
		uint64_t code;
		uint32_t name;
	} kept[CODES_KEPT];
	unsigned kept_next;
};

static uint64_t read_word(struct memory_view *view, uint64_t structure, uint32_t offset)
{
	uint64_t ret;

	if (!memory_view_read(view, taddr(structure + offset), &ret, sizeof(ret)))
		return 0;
	return ret;
}

/* A thread may be known to several interpreters, each of which has frames of it. */
static uint64_t thread_key(uint64_t tid, size_t number)
{
	return tid | (uint64_t)number << 32;
}

/* Notes all threads of one interpreter. */
static struct error *note_threads(struct python_process *python, struct memory_view *view,
				  uint64_t interpreter)
{
	const struct python_layout *layout = &python->layout;
	uint64_t thread = read_word(view, interpreter, layout->interpreter_threads);
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && thread != 0 && i < THREADS_MAX; i++) {
		const uint64_t tid = read_word(view, thread, layout->thread_tid);
		size_t number = 0;
		while (number < STATES_MAX &&
		       addr_map_get(&python->threads, thread_key(tid, number)) != NULL)
			number++;
		if (tid != 0 && number < STATES_MAX)
			err = addr_map_put(
				&python->threads, thread_key(tid, number),
				(void *)(uintptr_t)thread); /* NOLINT(performance-no-int-to-ptr) */
		thread = read_word(view, thread, layout->thread_next);
	}
	return err;
}

static struct error *read_threads(struct python_process *python, struct memory_view *view)
{
	uint64_t interpreter =
		read_word(view, python->runtime.value, python->layout.runtime_interpreters);
	struct error *err = NULL;

	addr_map_deinit(&python->threads);
	python->threads = (struct addr_map){ 0 };
	python->interpreters = interpreter;
	for (size_t i = 0; err == NULL && interpreter != 0 && i < INTERPRETERS_MAX; i++) {
		err = note_threads(python, view, interpreter);
		interpreter = read_word(view, interpreter, python->layout.interpreter_next);
		python->is_single = i == 0 && interpreter == 0;
	}
	return err;
}

/* What the first interpreter has of the thread that it knows as @tid is there, and there are no others. */
static bool is_known(const struct python_process *python, struct memory_view *view, uint64_t tid)
{
	const uint64_t state = (uintptr_t)addr_map_get(&python->threads, thread_key(tid, 0));

	return python->is_single && state != 0 &&
	       read_word(view, state, python->layout.thread_tid) == tid &&
	       read_word(view, python->runtime.value, python->layout.runtime_interpreters) ==
		       python->interpreters;
}

/* The function of the native stack whose part of it @address lies in. */
static uint16_t place_of(const struct raw_stack *raw, uint64_t address)
{
	for (size_t i = 0; i < raw->count; i++) {
		const bool is_last = i + 1 == raw->count;
		if (address >= raw->sps[i].value &&
		    (is_last ? !raw->is_cut : address < raw->sps[i + 1].value))
			return (uint16_t)i;
	}
	return RAW_STACK_MAX;
}

static struct error *code_name(struct walk *walk, uint64_t code, uint32_t *ret)
{
	bool is_code;

	for (size_t i = 0; i < CODES_KEPT; i++) {
		*ret = walk->kept[i].name;
		if (code != 0 && walk->kept[i].code == code)
			return NULL;
	}
	struct error *err =
		python_code_name(walk->python, walk->view, taddr(code), walk->nodes, ret, &is_code);
	if (err != NULL)
		return err;
	walk->is_odd = !is_code;
	walk->kept[walk->kept_next++ % CODES_KEPT] = (struct kept_code){ code, *ret };
	return NULL;
}

static struct error *add_function(struct walk *walk, uint64_t frame, uint16_t place)
{
	struct raw_stack *raw = walk->raw;
	uint32_t name;

	raw->python_is_cut = raw->python_count == RAW_PYTHON_MAX;
	if (raw->python_is_cut)
		return NULL;
	struct error *err = code_name(
		walk, read_word(walk->view, frame, walk->python->layout.frame_code), &name);
	if (err != NULL || walk->is_odd || name == 0)
		return err;
	raw->python_places[raw->python_count] = place;
	raw->python_names[raw->python_count++] = name;
	return NULL;
}

/*
 * The functions of one evaluator, from *@frame on to the one that it was entered with, whose address is then in *@ret_entry.
 * *@frame is the next one then, which is another evaluator's.
 */
static struct error *add_evaluator(struct walk *walk, uint64_t *frame, uint16_t place,
				   uint64_t *ret_entry)
{
	const struct python_layout *layout = &walk->python->layout;
	struct error *err = NULL;

	*ret_entry = 0;
	while (err == NULL && *frame != 0 && *ret_entry == 0 && !walk->is_odd) {
		uint8_t entry;
		const uint64_t at = *frame;
		walk->is_odd = !memory_view_read(walk->view, taddr(at + layout->frame_entry),
						 &entry, sizeof(entry));
		if (walk->is_odd)
			return NULL;
		if (walk->steps++ >= STEPS_MAX) {
			walk->raw->python_is_cut = true;
			return NULL;
		}
		if (entry == layout->entry_value)
			*ret_entry = at;
		if (*ret_entry == 0 || !layout->is_entry_shim)
			err = add_function(walk, at, place);
		*frame = read_word(walk->view, at, layout->frame_previous);
	}
	return err;
}

/* Each evaluator has one of these on its stack; the first one of the thread is none's. */
static struct error *walk_cframes(struct walk *walk, uint64_t cframe)
{
	const struct python_layout *layout = &walk->python->layout;
	struct error *err = NULL;

	while (err == NULL && cframe != 0 && walk->steps++ < STEPS_MAX && !walk->is_odd) {
		const uint64_t outer = read_word(walk->view, cframe, layout->cframe_previous);
		uint64_t frame = read_word(walk->view, cframe, layout->cframe_frame), entry;
		/* One that is about to return runs nothing any more. */
		if (outer != 0 && frame != read_word(walk->view, outer, layout->cframe_frame))
			err = add_evaluator(walk, &frame, place_of(walk->raw, cframe), &entry);
		cframe = outer;
	}
	return err;
}

/* The frame that an evaluator was entered with is on its stack. */
static struct error *walk_frames(struct walk *walk, uint64_t frame)
{
	struct raw_stack *raw = walk->raw;
	struct error *err = NULL;

	while (err == NULL && frame != 0 && walk->steps < STEPS_MAX && !walk->is_odd) {
		const size_t first = raw->python_count;
		uint64_t entry;
		err = add_evaluator(walk, &frame, RAW_STACK_MAX, &entry);
		for (size_t i = first; entry != 0 && i < raw->python_count; i++)
			raw->python_places[i] = place_of(raw, entry);
	}
	return err;
}

/* In which file of the stack the interpreter is. */
static struct error *find_interpreter(struct python_process *python,
				      const struct unwind_memory *memory, struct memory_view *view,
				      pid_t tid, const struct raw_stack *raw)
{
	struct process_facts facts;
	struct error *err = NULL;
	taddr_t header;

	for (size_t i = 0;
	     err == NULL && i < raw->count && !python->is_found && !python->is_given_up; i++) {
		if (memory->find_elf(memory->context, raw->pcs[i], &header))
			err = python_process_look(python, view, header);
	}
	if (err == NULL && python->is_found) {
		err = process_facts_read(tid, &facts);
		python->is_in_namespace = err == NULL && facts.own_group != facts.thread_group;
		python->is_found = err == NULL;
		err = error_ignore(err, ERR_GONE);
	}
	return err;
}

static uint64_t own_tid(const struct python_process *python, pid_t tid)
{
	struct process_facts facts;

	if (!python->is_in_namespace)
		return (uint64_t)tid;
	error_free(process_facts_read(tid, &facts));
	return (uint64_t)facts.own_tid;
}

static struct error *walk_state(struct walk *walk, uint64_t state)
{
	const struct python_layout *layout = &walk->python->layout;
	const uint64_t first = read_word(walk->view, state, layout->thread_frame);

	return layout->has_cframes ? walk_cframes(walk, first) : walk_frames(walk, first);
}

/* Those of one interpreter after the other: by where they are on the stack, and in their order there. */
static void sort_by_place(struct raw_stack *raw)
{
	for (size_t i = 1; i < raw->python_count; i++) {
		const uint16_t place = raw->python_places[i];
		const uint32_t name = raw->python_names[i];
		size_t to = i;
		for (; to > 0 && raw->python_places[to - 1] > place; to--) {
			raw->python_places[to] = raw->python_places[to - 1];
			raw->python_names[to] = raw->python_names[to - 1];
		}
		raw->python_places[to] = place;
		raw->python_names[to] = name;
	}
}

static struct error *walk_thread(struct walk *walk, pid_t tid)
{
	struct python_process *python = walk->python;
	const uint64_t own = own_tid(python, tid);
	struct error *err = NULL;
	uint64_t state;

	if (!is_known(python, walk->view, own))
		err = read_threads(python, walk->view);
	for (size_t i = 0; err == NULL && i < STATES_MAX; i++) {
		state = (uintptr_t)addr_map_get(&python->threads, thread_key(own, i));
		if (state != 0)
			err = walk_state(walk, state);
	}
	if (walk->is_odd)
		python_process_tell(python, "its frames are not as they should be");
	if (err != NULL || walk->is_odd)
		walk->raw->python_count = 0;
	sort_by_place(walk->raw);
	return err;
}

struct error *python_frames_add(struct process *process, struct code_map *map, pid_t tid,
				struct stack_nodes *nodes, struct raw_stack *raw)
{
	struct raw_view memory_now;
	const struct unwind_memory memory = raw_view_memory(&memory_now);
	struct python_process *python = &map->python;
	struct memory_view view;
	struct walk walk = { .python = python, .view = &view, .nodes = nodes, .raw = raw };
	struct error *err = NULL;

	raw->python_count = 0;
	raw->python_is_cut = false;
	if (python->is_given_up)
		return NULL;
	raw_view_init(&memory_now, process, map, NULL);
	memory_view_init(&view, &memory);
	if (!python->is_found)
		err = find_interpreter(python, &memory, &view, tid, raw);
	return err != NULL || !python->is_found ? err : walk_thread(&walk, tid);
}
