/* Stacks, taken and named; see stacks.h. Loop layer. */
#include "tracer/loop/stacks/stacks.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/arch/arch.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/stacks/python_frames.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/ptrace_ops.h"

struct stacks {
	struct stack_nodes nodes;
	struct frame_names names;
	struct symbol_store *vdsos; /* owned */
	struct addr_map map_of_pid; /* -> struct code_map, owned */
};

void stacks_destroy(struct stacks *stacks)
{
	struct code_map *map;
	size_t cursor = 0;

	if (stacks == NULL)
		return;
	while ((map = addr_map_next(&stacks->map_of_pid, &cursor)) != NULL) {
		code_map_deinit(map);
		free(map);
	}
	addr_map_deinit(&stacks->map_of_pid);
	frame_names_deinit(&stacks->names);
	stack_nodes_deinit(&stacks->nodes);
	symbol_store_destroy(stacks->vdsos);
	free(stacks);
}

static void note_node(void *context, uint32_t node, uint32_t outer, const struct stack_name *name)
{
	const struct session *session = context;
	recorder_frame(session->recorder, node, outer, name->function, name->module,
		       name->is_inlined);
}

static struct error *stacks_need(struct session *session)
{
	if (session->stacks != NULL)
		return NULL;
	struct stacks *stacks = calloc(1, sizeof(*stacks));
	if (stacks == NULL)
		return error_no_memory();
	stacks->nodes.note = note_node;
	stacks->nodes.context = session;
	struct error *err = symbol_store_create(&stacks->vdsos);
	if (err != NULL)
		stacks_destroy(stacks);
	else
		session->stacks = stacks;
	return err;
}

static struct error *stacks_map(struct session *session, const struct process *process,
				struct code_map **ret)
{
	struct error *err = stacks_need(session);
	if (err != NULL)
		return err;
	struct addr_map *maps = &session->stacks->map_of_pid;
	*ret = addr_map_get(maps, (uint64_t)process->pid);
	if (*ret != NULL)
		return NULL;
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	(*ret)->sources = (struct code_sources){ session->planner.store, session->stacks->vdsos,
						 &session->stacks->names };
	err = addr_map_put(maps, (uint64_t)process->pid, *ret);
	if (err != NULL)
		free(*ret);
	return err;
}

struct error *stacks_call(struct session *session, uint32_t outer, const char *function,
			  uint32_t *ret)
{
	uint32_t name;

	struct error *err = stacks_need(session);
	if (err == NULL)
		err = stack_nodes_name(&session->stacks->nodes, function, "-", false, &name);
	return err != NULL ? err : stack_nodes_add(&session->stacks->nodes, outer, name, ret);
}

const struct mapping *stacks_mapping(struct session *session, struct process *process,
				     taddr_t address)
{
	struct code_map *map;

	struct error *err = stacks_map(session, process, &map);
	if (err != NULL) {
		error_free(err);
		return NULL;
	}
	return code_map_find(map, process_memory_tid(process), address);
}

void stacks_forget(struct session *session, const struct process *process)
{
	if (session->stacks == NULL)
		return;
	struct code_map *map =
		addr_map_remove(&session->stacks->map_of_pid, (uint64_t)process->pid);
	if (map != NULL)
		code_map_deinit(map);
	free(map);
}

/* Names one raw stack after the other. */
struct naming {
	struct session *session;
	const struct process *process;
	struct code_map *map;
	pid_t tid;
};

static struct error *naming_open(const struct naming *naming, taddr_t pc,
				 const struct mapping **ret_mapping, struct mapped_code **ret)
{
	*ret = NULL;
	*ret_mapping = code_map_find(naming->map, naming->tid, pc);
	if (*ret_mapping == NULL || !(*ret_mapping)->executable)
		return NULL;
	return code_map_open(naming->map, naming->process, naming->tid, *ret_mapping, ret);
}

/* All addresses whose DWARF is wanted are known before any of it is read. */
static struct error *naming_want(const struct naming *naming, const struct raw_stack *raw)
{
	const struct mapping *mapping;
	struct mapped_code *code;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < raw->count; i++) {
		err = naming_open(naming, raw->pcs[i], &mapping, &code);
		if (err == NULL && code != NULL && code->names != NULL)
			err = file_names_want(code->names, taddr(raw->pcs[i].value - code->bias));
	}
	return err;
}

/* Of code that no file has, or none that can be read. */
static const char *unnamed_code(const struct mapping *mapping)
{
	if (mapping == NULL)
		return "[not mapped]";
	if (mapping->inode != 0)
		return "[unreadable file]";
	return mapping->is_ours ? "[mprof-trace]" : "[code in no file]";
}

/* Words in place of a function. Twice the same in a row says no more than once. */
static struct error *nodes_add_words(struct stack_nodes *nodes, const char *words, uint32_t *outer)
{
	uint32_t name, above;

	if (*outer != 0 && strcmp(stack_nodes_get(nodes, *outer, &above)->function, words) == 0)
		return NULL;
	struct error *err = stack_nodes_name(nodes, words, "-", false, &name);
	return err != NULL ? err : stack_nodes_add(nodes, *outer, name, outer);
}

/* Code made at run time: its compiler may have said what it is. */
static struct error *naming_add_unfiled(const struct naming *naming, const struct mapping *mapping,
					taddr_t pc, uint32_t *outer)
{
	struct stack_nodes *nodes = &naming->session->stacks->nodes;
	const char *words = NULL;
	uint32_t name;

	if (mapping != NULL && mapping->executable && !mapping->is_ours) {
		jit_names_update(&naming->map->jit, naming->tid);
		words = jit_names_name(&naming->map->jit, pc);
	}
	if (words == NULL)
		return nodes_add_words(nodes, unnamed_code(mapping), outer);
	struct error *err = stack_nodes_name(nodes, words, "[JIT]", false, &name);
	return err != NULL ? err : stack_nodes_add(nodes, *outer, name, outer);
}

static struct error *naming_add(const struct naming *naming, taddr_t pc, uint32_t *outer)
{
	struct stack_nodes *nodes = &naming->session->stacks->nodes;
	const struct frame_chain *chain;
	const struct mapping *mapping;
	struct mapped_code *code;

	struct error *err = naming_open(naming, pc, &mapping, &code);
	if (err != NULL)
		return err;
	if (code == NULL || code->names == NULL)
		return naming_add_unfiled(naming, mapping, pc, outer);
	err = file_names_at(code->names, nodes, taddr(pc.value - code->bias), &chain);
	for (uint32_t i = err == NULL ? chain->count : 0; err == NULL && i-- > 0;)
		err = stack_nodes_add(nodes, *outer, chain->names[i], outer);
	return err;
}

/* The functions of Python that the evaluator at @place of the stack runs; *@left are not added yet. */
static struct error *naming_add_python(const struct naming *naming, const struct raw_stack *raw,
				       size_t place, size_t *left, uint32_t *outer)
{
	struct stack_nodes *nodes = &naming->session->stacks->nodes;
	struct error *err = NULL;

	if (raw->python_is_cut && *left == raw->python_count && *left > 0 &&
	    raw->python_places[*left - 1] == place)
		err = nodes_add_words(nodes, "[cut]", outer);
	while (err == NULL && *left > 0 && raw->python_places[*left - 1] == place)
		err = stack_nodes_add(nodes, *outer, raw->python_names[--*left], outer);
	return err;
}

static struct error *naming_name(const struct naming *naming, const struct raw_stack *raw,
				 uint32_t *ret)
{
	struct stack_nodes *nodes = &naming->session->stacks->nodes;
	size_t python = raw->python_count;
	struct error *err = NULL;

	*ret = 0;
	if (raw->is_cut && raw->count > 0)
		err = nodes_add_words(nodes, "[cut]", ret);
	if (err == NULL)
		err = naming_add_python(naming, raw, RAW_STACK_MAX, &python, ret);
	for (size_t i = raw->count; err == NULL && i-- > 0;) {
		/* What it "returns" to is the kernel's way back from a handler. */
		bool is_handlers = i + 1 < raw->count && raw->is_exact[i + 1];
		err = is_handlers ? nodes_add_words(nodes, "[signal handler called]", ret)
				  : naming_add(naming, raw->pcs[i], ret);
		if (err == NULL)
			err = naming_add_python(naming, raw, i, &python, ret);
	}
	return err;
}

struct error *stacks_name(struct session *session, struct process *process,
			  const struct raw_stack *raw, size_t count, uint32_t *ret)
{
	struct code_map *map;

	struct error *err = stacks_map(session, process, &map);
	if (err != NULL)
		return err;
	const struct naming naming = { session, process, map, process_memory_tid(process) };
	for (size_t i = 0; err == NULL && i < count; i++)
		err = naming_want(&naming, &raw[i]);
	if (err == NULL)
		err = frame_names_read(&session->stacks->names);
	for (size_t i = 0; err == NULL && i < count; i++)
		err = naming_name(&naming, &raw[i], &ret[i]);
	return err;
}

struct error *stacks_unwind(struct session *session, struct process *process,
			    const struct unwind_registers *registers, const struct stack_copy *copy,
			    struct raw_stack *ret)
{
	struct code_map *map;

	struct error *err = stacks_map(session, process, &map);
	return err != NULL ? err : raw_stack_unwind(process, map, registers, copy, ret);
}

static struct error *unwind_still(struct session *session, struct process *process, pid_t tid,
				  const struct unwind_registers *registers, struct raw_stack *ret)
{
	struct code_map *map;

	struct error *err = stacks_map(session, process, &map);
	if (err == NULL)
		err = raw_stack_unwind(process, map, registers, NULL, ret);
	if (err == NULL)
		err = python_frames_add(process, map, tid, &session->stacks->nodes, ret);
	return err;
}

struct error *stacks_take(struct session *session, struct process *process, pid_t tid,
			  const struct unwind_registers *registers, uint32_t *ret)
{
	struct raw_stack raw;

	struct error *err = unwind_still(session, process, tid, registers, &raw);
	return err != NULL ? err : stacks_name(session, process, &raw, 1, ret);
}

struct error *stacks_unwind_stopped(struct session *session, struct tracee *tracee,
				    struct raw_stack *ret)
{
	struct process *process = tracee->process;
	const struct image *image = process->space == NULL ? NULL : process->space->image;
	struct unwind_registers registers = { .known = UNWIND_REGISTERS_ALL };
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	const taddr_t trap = arch_trap_site(arch_pc(&regs));
	if (image != NULL && image_site(image, trap) != NULL)
		arch_set_pc(&regs, trap);
	arch_dwarf_registers(&regs, registers.values);
	return unwind_still(session, process, tracee->tid, &registers, ret);
}

struct error *stacks_take_stopped(struct session *session, struct tracee *tracee, uint32_t *ret)
{
	struct raw_stack raw;

	struct error *err = stacks_unwind_stopped(session, tracee, &raw);
	return err != NULL ? err : stacks_name(session, tracee->process, &raw, 1, ret);
}

struct error *stacks_unwind_asleep(struct session *session, struct process *process, pid_t tid,
				   struct thread_look *ret_look, struct raw_stack *ret)
{
	struct unwind_registers registers = { .known = UNWIND_REGISTER_BIT(UNWIND_PC) |
						       UNWIND_REGISTER_BIT(UNWIND_SP) };
	struct thread_look after;

	ret->count = 0;
	struct error *err = thread_look(process->pid, tid, ret_look);
	if (err != NULL || ret_look->activity != THREAD_ASLEEP)
		return err;
	registers.values[UNWIND_PC] = ret_look->pc.value;
	registers.values[UNWIND_SP] = ret_look->sp.value;
	err = unwind_still(session, process, tid, &registers, ret);
	if (err == NULL)
		err = thread_look(process->pid, tid, &after);
	/* If it has been awake meanwhile, what was found is of no time. */
	if (err == NULL && !thread_has_slept_on(ret_look, &after)) {
		*ret_look = after;
		ret->count = 0;
	}
	return err;
}

struct error *stacks_take_asleep(struct session *session, struct process *process, pid_t tid,
				 struct thread_look *ret_look, uint32_t *ret)
{
	struct raw_stack raw;

	*ret = 0;
	struct error *err = stacks_unwind_asleep(session, process, tid, ret_look, &raw);
	return err != NULL || raw.count == 0 ? err : stacks_name(session, process, &raw, 1, ret);
}

void stacks_print(const struct session *session, uint32_t node, FILE *out)
{
	for (unsigned depth = 0; node != 0; depth++) {
		const struct stack_name *name =
			stack_nodes_get(&session->stacks->nodes, node, &node);
		fprintf(out, "#%-2u %s", depth, name->function);
		if (strcmp(name->module, "-") != 0)
			fprintf(out, "  (%s%s)", name->module, name->is_inlined ? ", inlined" : "");
		fputc('\n', out);
	}
}
