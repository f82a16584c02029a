/* Calls that were active at attach; see calls_at_attach.h. Loop layer. */
#include "tracer/loop/calls/calls_at_attach.h"

#include "tracer/arch/arch.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/calls/go_stop.h"
#include "tracer/loop/calls/thread_stack.h"
#include "tracer/probe/return_site.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/process_state.h"

enum { LOOKS_AT_ONCE = 50 /* so often it is looked soon after the attach */ };

/* Others wait for us meanwhile. */
static const int64_t LOOK_NS = 1000000;

/*
 * The site of the probed function that @frame is in; NULL: none, or its first instruction has still to
 * be executed, and will tell.
 */
static struct site *frame_site(const struct image *image, const struct unwind_frame *frame)
{
	taddr_t pc = frame->is_exact ? frame->pc : taddr(frame->pc.value - 1);
	const struct module *module = image_module_at(image, pc);

	if (module == NULL || module->file == NULL)
		return NULL;
	const struct function *function =
		symbol_file_function_at(module->file, taddr(pc.value - module->bias));
	if (function == NULL)
		return NULL;
	struct site *site = image_site(image, taddr(function->start.value + module->bias));
	bool is_probed = site != NULL && (site->roles & SITE_ENTRY);
	return !is_probed || (frame->is_exact && taddr_equal(pc, site->address)) ? NULL : site;
}

/* The returns first: from then on none of these calls can end unseen. */
static struct error *stack_watch_returns(struct session *session, struct tracee *tracee,
					 const struct thread_stack *stack)
{
	struct image *image = tracee->process->space->image;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i + 1 < stack->count; i++) {
		struct site *site = frame_site(image, &stack->frames[i]);
		if (site == NULL || stack->frames[i + 1].is_exact)
			continue;
		err = return_site_ensure(image, tracee, site, stack->frames[i + 1].pc);
		session->counts.lost_returns += err != NULL && error_code(err) == ERR_FORMAT;
		err = error_ignore(err, ERR_FORMAT);
	}
	return err;
}

static struct error *stack_enter(struct session *session, struct tracee *tracee,
				 const struct thread_stack *stack)
{
	const struct image *image = tracee->process->space->image;
	/* Whatever it is in, it was in then: had it entered anything since, it would have stopped. */
	struct site_event event = {
		.kind = EVENT_FOUND,
		.tid = tracee->tid,
		.when = { .time_ns = tracee->process->state->calls.attached_ns,
			  .memory_bytes = tracee->process->state->calls.attached_bytes },
	};
	struct error *err = NULL;
	bool is_taken;

	for (size_t i = stack->count; err == NULL && i-- > 0;) {
		event.site = frame_site(image, &stack->frames[i]);
		if (event.site == NULL || i + 1 == stack->count)
			continue;
		/* The next outer frame's stack pointer is this one's CFA. */
		event.cfa = stack->frames[i + 1].sp;
		event.pc = taddr(stack->frames[i].pc.value - !stack->frames[i].is_exact);
		event.return_address = stack->frames[i + 1].pc;
		event.goroutine = go_stop_goroutine(tracee, event.cfa);
		err = calls_take(session, tracee, &event, &is_taken);
	}
	return err;
}

/* Whether a site awaits any other thread than @gone at @wakeup. */
static bool is_awaited_at(const struct tracee *gone, taddr_t wakeup)
{
	const struct process *process = gone->process->space->processes;

	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it != gone && it->state->calls.is_unread &&
			    taddr_equal(it->state->calls.wakeup, wakeup))
				return true;
		}
	}
	return false;
}

static void tracee_is_read(struct tracee *tracee)
{
	tracee->state->calls.is_unread = false;
	if (tracee->state->calls.wakeup.value == 0 ||
	    is_awaited_at(tracee, tracee->state->calls.wakeup))
		return;
	struct image *image = tracee->process->space->image;
	struct site *site = image_site(image, tracee->state->calls.wakeup);
	if (site != NULL)
		error_free(image_remove_role(image, site, SITE_WAKEUP));
}

static void tell_failure(const struct tracee *tracee, struct error *err)
{
	if (err != NULL && error_code(err) != ERR_GONE)
		log_debug("which calls thread %d was in is not known: %s", tracee->tid,
			  error_message(err));
	error_free(err);
}

void calls_at_attach_read_stopped(struct session *session, struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;
	struct unwind_registers registers;
	struct user_regs_struct regs;
	struct thread_stack stack;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL) {
		taddr_t site = arch_trap_site(arch_pc(&regs));
		if (image_site(image, site) != NULL) /* its trap has been executed, nothing else */
			arch_set_pc(&regs, site);
		arch_dwarf_registers(&regs, registers.values);
		registers.known = UNWIND_REGISTERS_ALL;
		err = thread_stack_unwind(tracee, &registers, &stack);
	}
	if (err == NULL) {
		err = stack_watch_returns(session, tracee, &stack);
		if (err == NULL)
			err = stack_enter(session, tracee, &stack);
		thread_stack_deinit(&stack);
	}
	tell_failure(tracee, err);
	tracee_is_read(tracee);
}

/* Whether @value may be a return address into a probed function. */
static bool is_in_probed_function(const struct image *image, uint64_t value)
{
	const struct unwind_frame frame = { .pc = taddr(value) };
	return frame_site(image, &frame) != NULL;
}

/*
 * Whether a sleeping thread may be in a probed function at all: then its stack holds a return address
 * into it. Most do not, and nothing more needs to be known of them.
 */
static bool sleeper_may_be_in_calls(const struct tracee *tracee)
{
	enum { WINDOW_WORDS = 512, WORDS_MAX = 128 * 1024 };
	const struct address_space *space = tracee->process->space;
	uint64_t window[WINDOW_WORDS];
	taddr_t from = tracee->state->look.sp;

	if (is_in_probed_function(space->image, tracee->state->look.pc.value))
		return true;
	for (size_t words = 0; words < WORDS_MAX; words += WINDOW_WORDS) {
		size_t got = address_space_read_some(space, from, window, sizeof(window));
		for (size_t i = 0; i < got / sizeof(window[0]); i++) {
			if (is_in_probed_function(space->image, window[i]))
				return true;
		}
		if (got != sizeof(window)) /* the stack ends here */
			return false;
		from = taddr_add(from, sizeof(window));
	}
	return true;
}

/* Tells whether all there is to be known is known now. @tracee was asleep at its last look. */
static struct error *sleeper_read(struct session *session, struct tracee *tracee, bool *ret_is_read)
{
	struct unwind_registers registers = { .known = UNWIND_REGISTER_BIT(UNWIND_PC) |
						       UNWIND_REGISTER_BIT(UNWIND_SP) };
	struct thread_look now;
	struct thread_stack stack;

	*ret_is_read = !sleeper_may_be_in_calls(tracee);
	if (*ret_is_read)
		return NULL;
	registers.values[UNWIND_PC] = tracee->state->look.pc.value;
	registers.values[UNWIND_SP] = tracee->state->look.sp.value;
	struct error *err = thread_stack_unwind(tracee, &registers, &stack);
	if (err != NULL)
		return err;
	if (stack.end != UNWIND_NEEDS_REGISTERS)
		err = stack_watch_returns(session, tracee, &stack);
	if (err == NULL)
		err = thread_look(tracee->process->pid, tracee->tid, &now);
	/* If it has been awake meanwhile, what was found may be over. */
	*ret_is_read = err == NULL && stack.end != UNWIND_NEEDS_REGISTERS &&
		       thread_has_slept_on(&tracee->state->look, &now);
	if (*ret_is_read)
		err = stack_enter(session, tracee, &stack);
	thread_stack_deinit(&stack);
	return err;
}

/* A site awaits the thread where it will run on: it hits that only when it wakes up. */
static void sleeper_await(struct tracee *tracee)
{
	struct site *site;

	if (tracee->state->calls.wakeup.value != 0)
		return;
	struct error *err = image_insert(tracee->process->space->image, tracee,
					 tracee->state->look.pc, SITE_WAKEUP, &site);
	if (err == NULL)
		tracee->state->calls.wakeup = tracee->state->look.pc;
	error_free(err);
}

struct error *calls_at_attach_passed(struct image *image, struct site *site)
{
	enum { PASSERS_MAX = 50 };

	/* Many threads pass through a system call of libc; the awaited one may sleep for ever. */
	if (++site->passers < PASSERS_MAX)
		return NULL;
	return image_remove_role(image, site, SITE_WAKEUP);
}

static void tracee_look(struct session *session, struct tracee *tracee)
{
	struct thread_look now;
	bool is_read = false;

	if (tracee->is_interrupted || tracee->is_stopped)
		return;
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &now);
	bool is_known = err == NULL && tracee->state->calls.wakeup.value != 0 &&
			thread_has_slept_on(&tracee->state->look, &now);
	bool computes = err == NULL && thread_look_again(&tracee->state->look, &now);
	if (is_known) /* what its stack shows without registers does not suffice */
		return;
	if (err == NULL && now.activity == THREAD_ASLEEP)
		err = sleeper_read(session, tracee, &is_read);
	if (err != NULL || is_read) {
		tell_failure(tracee, err);
		tracee_is_read(tracee);
	} else if (computes || thread_sleeps_lightly(&now)) {
		tracee->is_interrupted = true;
		error_free(ptrace_interrupt(tracee->tid));
	} else if (now.activity == THREAD_ASLEEP)
		sleeper_await(tracee);
}

void calls_at_attach_look(struct session *session)
{
	struct calls_at_attach_state *state = &session->calls_at_attach;
	struct tracee *tracee;
	int64_t end_ns = clock_now_ns() + LOOK_NS;

	if (state->unread_count == 0)
		return;
	if (state->look_cursor == 0) {
		state->looks++;
		state->seen_count = 0;
	}
	while ((tracee = addr_map_next(&session->target.tracees, &state->look_cursor)) != NULL) {
		if (tracee->state->calls.is_unread)
			tracee_look(session, tracee);
		state->seen_count += tracee->state->calls.is_unread;
		if (clock_now_ns() >= end_ns)
			return; /* the rest is for the next time */
	}
	state->look_cursor = 0;
	state->unread_count = state->seen_count;
}

bool calls_at_attach_are_wanted(const struct session *session)
{
	const struct calls_at_attach_state *state = &session->calls_at_attach;
	return state->unread_count > 0 && state->looks < LOOKS_AT_ONCE;
}

static void expect_calls(struct session *session, struct process *process)
{
	const struct call_event now = site_event_now(process);

	process->state->calls.attached_ns = now.time_ns;
	process->state->calls.attached_bytes = now.memory_bytes;
	for (struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (process->is_unfollowed || process->space == NULL ||
		    process->space->image == NULL || !process->space->image->is_attached ||
		    !image_has_entries(process->space->image))
			continue; /* all calls of a program that was executed since are known */
		it->state->calls.is_unread = true;
		session->calls_at_attach.unread_count++;
	}
}

void calls_at_attach_begin(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		expect_calls(session, process);
	calls_at_attach_look(session);
}

void calls_at_attach_begin_again(struct session *session, struct process *process)
{
	expect_calls(session, process);
	calls_at_attach_look(session);
}
