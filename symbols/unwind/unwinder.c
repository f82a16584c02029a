/*
 * Unwinds a thread's stack with libunwind's generic interface; see unwinder.h. Symbols layer.
 *
 * libunwind interprets the call frame information and holds the cursor. Everything that it may look
 * at comes from here: the rules are found and checked by frame_rules.c, and only then does it see
 * them, as a table of one entry. It finds no frame by other means: on x86-64 its unw_step follows
 * rbp when find_proc_info says UNW_ENOINFO, so ours never says that.
 */
#include "symbols/unwind/unwinder.h"

#include <stdlib.h>

#include <libunwind.h>

#include "symbols/unwind/frame_rules.h"

/* Exported by libunwind, though in none of its headers: perf and others depend on it. */
#define dwarf_search_unwind_table UNW_OBJ(dwarf_search_unwind_table)
int dwarf_search_unwind_table(unw_addr_space_t space, unw_word_t pc, unw_dyn_info_t *table,
			      unw_proc_info_t *ret, int needs_unwind_info, void *context);

/* One call of unwind_frames; what libunwind's accessors get as their context. */
struct unwinding {
	const struct unwind_registers *registers; /* borrowed */
	bool is_in_call;			  /* the frame in work called the next inner one */
	bool needs_registers;
	struct frame_finder finder;
	struct frame_rules rules; /* of the frame in work; all its pieces are empty at first */
	struct memory_view view;
};

static int find_proc_info(unw_addr_space_t space, unw_word_t pc, unw_proc_info_t *ret,
			  int needs_unwind_info, void *context)
{
	struct unwinding *unwinding = context;
	const struct frame_rules *rules = &unwinding->rules;

	if (!frame_finder_find(&unwinding->finder, taddr(pc), &unwinding->rules))
		return -UNW_EBADFRAME;
	unw_dyn_info_t table = {
		.start_ip = pc,
		.end_ip = pc + 1,
		.format = UNW_INFO_FORMAT_REMOTE_TABLE,
		.u.rti = {
			.segbase = rules->base.value,
			.table_data = rules->entry.address.value,
			.table_len = FRAME_ENTRY_BYTES / sizeof(unw_word_t),
		},
	};
	int status = dwarf_search_unwind_table(space, pc, &table, ret, needs_unwind_info, context);
	if (status == -UNW_ENOINFO || (status >= 0 && needs_unwind_info && !ret->unwind_info))
		return -UNW_EBADFRAME;
	return status;
}

/* libunwind frees by itself what dwarf_search_unwind_table allocated. */
static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *context)
{
	(void)space, (void)info, (void)context;
}

/* Programs may register unwind information at run time by calling libunwind; hardly any does. */
static int get_dyn_info_list_addr(unw_addr_space_t space, unw_word_t *ret, void *context)
{
	(void)space, (void)ret, (void)context;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t space, unw_word_t address, unw_word_t *value, int is_write,
		      void *context)
{
	struct unwinding *unwinding = context;

	(void)space;
	if (is_write || !frame_rules_read(&unwinding->rules, &unwinding->view, taddr(address),
					  value, sizeof(*value)))
		return -UNW_EINVAL;
	return 0;
}

/* What a register holds that no frame so far has saved. */
static int access_reg(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int is_write,
		      void *context)
{
	struct unwinding *unwinding = context;

	(void)space;
	if (is_write || number < 0 || number >= UNWIND_REGISTERS)
		return -UNW_EBADREG;
	/* A function need not keep all of them, so that those say nothing of the frames that are in a call.
	 * libunwind's numbers are DWARF's. */
	uint64_t bit = UNWIND_REGISTER_BIT(number);
	if (unwinding->is_in_call && (bit & MACHINE_VOLATILE_REGISTERS) != 0)
		return -UNW_EBADREG;
	if ((unwinding->registers->known & bit) == 0) {
		unwinding->needs_registers = true;
		return -UNW_EBADREG;
	}
	*value = unwinding->registers->values[number];
	return 0;
}

static int access_fpreg(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value,
			int is_write, void *context)
{
	(void)space, (void)number, (void)value, (void)is_write, (void)context;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t space, unw_cursor_t *cursor, void *context)
{
	(void)space, (void)cursor, (void)context;
	return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t space, unw_word_t pc, char *ret, size_t bytes,
			 unw_word_t *ret_offset, void *context)
{
	(void)space, (void)pc, (void)ret, (void)bytes, (void)ret_offset, (void)context;
	return -UNW_ENOINFO;
}

/* For whoever has nothing better to go by. That it is not known is no reason to end. */
static void read_frame_pointer(struct unwinding *unwinding, unw_cursor_t *cursor,
			       struct unwind_frame *frame)
{
	const bool needs_registers = unwinding->needs_registers;
	unw_word_t value;

	frame->has_frame_pointer = unw_get_reg(cursor, UNWIND_FP, &value) == 0;
	if (frame->has_frame_pointer)
		frame->frame_pointer = value;
	unwinding->needs_registers = needs_registers;
}

/* Steps from @inner to the frame outside of it. False: there is none, and *@ret_end says why. */
static bool unwinding_step(struct unwinding *unwinding, unw_cursor_t *cursor,
			   const struct unwind_frame *inner, struct unwind_frame *ret,
			   enum unwind_end *ret_end)
{
	unw_save_loc_t return_address;
	unw_word_t pc, sp;

	unwinding->is_in_call = !inner->is_exact;
	int status = unw_step(cursor);
	*ret_end = status < 0 && unwinding->needs_registers ? UNWIND_NEEDS_REGISTERS : UNWIND_LOST;
	if (status < 0)
		return false;
	if (status == 0) {
		/* The outermost frame has an undefined return address; an undefined frame pointer, which
		 * libunwind takes for an end as well, is none. */
		if (unw_get_save_loc(cursor, MACHINE_REGISTER_RETURN, &return_address) == 0 &&
		    return_address.type == UNW_SLT_NONE)
			*ret_end = UNWIND_COMPLETE;
		/* On aarch64 every failure is an end to it. */
		else if (unwinding->needs_registers)
			*ret_end = UNWIND_NEEDS_REGISTERS;
		return false;
	}
	if (unw_get_reg(cursor, UNW_REG_IP, &pc) < 0 || unw_get_reg(cursor, UNW_REG_SP, &sp) < 0)
		return false;
	/* Code that starts a stack without call frame information puts 0 where a return address would be. */
	if (pc == 0) {
		*ret_end = UNWIND_COMPLETE;
		return false;
	}
	*ret = (struct unwind_frame){
		.pc = taddr(pc),
		.sp = taddr(sp),
		/* libunwind means the frame that was just left. */
		.is_exact = unw_is_signal_frame(cursor) > 0,
	};
	read_frame_pointer(unwinding, cursor, ret);
	/* A function that calls none may have nothing on the stack, where calls leave the return address in a register. */
	if (inner->is_exact && !MACHINE_CALL_WRITES_STACK && sp == inner->sp.value)
		return true;
	/* Only a signal changes stacks (sigaltstack(2)), in either direction. */
	return ret->is_exact || sp > inner->sp.value;
}

static void unwinding_run(struct unwinding *unwinding, unw_addr_space_t space,
			  struct unwind_frame *ret, size_t capacity, size_t *ret_count,
			  enum unwind_end *ret_end)
{
	const struct unwind_registers *registers = unwinding->registers;
	unw_cursor_t cursor;

	*ret_end = UNWIND_LOST;
	if (unw_init_remote(&cursor, space, unwinding) < 0) {
		if (unwinding->needs_registers)
			*ret_end = UNWIND_NEEDS_REGISTERS;
		return;
	}
	struct unwind_frame frame = {
		.pc = taddr(registers->values[UNWIND_PC]),
		.sp = taddr(registers->values[UNWIND_SP]),
		.is_exact = true,
	};
	read_frame_pointer(unwinding, &cursor, &frame);
	while (*ret_count < capacity) {
		const struct unwind_frame inner = frame;
		ret[(*ret_count)++] = inner;
		if (!unwinding_step(unwinding, &cursor, &inner, &frame, ret_end))
			return;
	}
	*ret_end = UNWIND_LOST;
}

struct error *unwind_frames(const struct unwind_memory *memory,
			    const struct unwind_registers *registers, struct unwind_frame *ret,
			    size_t capacity, size_t *ret_count, enum unwind_end *ret_end)
{
	unw_accessors_t accessors = {
		.find_proc_info = find_proc_info,
		.put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = get_dyn_info_list_addr,
		.access_mem = access_mem,
		.access_reg = access_reg,
		.access_fpreg = access_fpreg,
		.resume = resume,
		.get_proc_name = get_proc_name,
	};

	struct unwinding *unwinding = malloc(sizeof(*unwinding));
	if (unwinding == NULL)
		return error_no_memory();
	/* Without a cache (the default), so that no rules of another program can be met again. */
	unw_addr_space_t space = unw_create_addr_space(&accessors, 0);
	if (space == NULL) {
		free(unwinding);
		return error_no_memory();
	}
	unwinding->registers = registers;
	unwinding->is_in_call = false;
	unwinding->needs_registers = false;
	memory_view_init(&unwinding->view, memory);
	unwinding->finder.view = &unwinding->view;
	unwinding->finder.tables_met = 0;
	unwinding->rules.entry = (struct frame_piece){ 0 };
	unwinding->rules.fde = (struct frame_piece){ 0 };
	unwinding->rules.cie = (struct frame_piece){ 0 };
	*ret_count = 0;
	unwinding_run(unwinding, space, ret, capacity, ret_count, ret_end);
	unw_destroy_addr_space(space);
	free(unwinding);
	return NULL;
}
