/* What happens at a site; see hit.h. Loop layer. */
#include "tracer/loop/hit.h"

#include <signal.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/base/profile_format.h"
#include "tracer/probe/return_site.h"
#include "tracer/sample/memory_usage.h"
#include "tracer/target/ptrace_ops.h"

struct call_event hit_event(const struct process *process)
{
	struct call_event event = { 0 };
	/* Memory that cannot be read is that of a process that is going. */
	if (process->meter != NULL)
		error_free(memory_meter_read(process->meter, &event.memory_bytes));
	event.time_ns = clock_now_ns();
	return event;
}

/* Where the ended calls of one thread go. */
struct recording {
	struct session *session;
	const struct tracee *tracee;
};

static struct recorder_call recorder_call_of(const struct call *call, const struct tracee *tracee)
{
	return (struct recorder_call){
		.name = call->probe->name,
		.pid = tracee->process->pid,
		.tid = tracee->tid,
		.level = call->level,
		.entry_ns = call->entry.time_ns,
		.entry_bytes = call->entry.memory_bytes,
	};
}

static const char *how_word(const struct call *call, enum call_end how)
{
	static const char *const words[] = {
		[CALL_RETURNED] = NULL,
		[CALL_UNWOUND] = PROFILE_HOW_UNWOUND,
		[CALL_EXIT] = PROFILE_HOW_EXIT,
		[CALL_EXEC] = PROFILE_HOW_EXEC,
		[CALL_OPEN] = PROFILE_HOW_OPEN,
	};
	return call->is_forked ? PROFILE_HOW_FORKED : words[how];
}

static void recording_call_ended(void *context, const struct call *call, enum call_end how,
				 const struct call_event *end)
{
	const struct recording *recording = context;
	struct recorder_call record = recorder_call_of(call, recording->tracee);

	recorder_call_ended(recording->session->recorder, &record, end->time_ns, end->memory_bytes,
			    how_word(call, how));
}

void hit_end_calls(struct session *session, struct tracee *tracee, enum call_end how)
{
	struct recording recording = { session, tracee };
	const struct call_sink sink = { recording_call_ended, &recording };

	if (tracee->calls == NULL)
		return;
	if (tracee->calls->count > 0) {
		struct call_event now = hit_event(tracee->process);
		call_stack_end_all(tracee->calls, how, &now, &sink);
	}
	call_stack_destroy(tracee->calls);
	tracee->calls = NULL;
}

void hit_note_open_calls(struct session *session, struct tracee *tracee)
{
	struct call_stack *stack = tracee->calls;

	if (stack == NULL)
		return;
	for (; stack->noted_count < stack->count; stack->noted_count++) {
		struct call *call = &stack->calls[stack->noted_count];
		if (call->is_noted)
			continue;
		struct recorder_call record = recorder_call_of(call, tracee);
		recorder_call_open(session->recorder, &record);
		call->is_noted = true;
	}
}

/* A fiber may have moved to another thread in the middle of a call. */
static bool hit_return_elsewhere(struct session *session, const struct tracee *tracee, taddr_t pc,
				 taddr_t sp, const struct call_event *now)
{
	size_t cursor = 0;
	struct tracee *other;

	while ((other = addr_map_next(&session->target.tracees, &cursor)) != NULL) {
		struct recording recording = { session, other };
		const struct call_sink sink = { recording_call_ended, &recording };
		if (other != tracee && other->calls != NULL && other->calls->count > 0 &&
		    other->process->space == tracee->process->space &&
		    call_stack_return(other->calls, pc, sp, now, &sink))
			return true;
	}
	return false;
}

static bool hit_return(struct session *session, struct tracee *tracee, const struct site *site,
		       taddr_t sp, const struct call_event *now)
{
	struct recording recording = { session, tracee };
	const struct call_sink sink = { recording_call_ended, &recording };

	if (tracee->calls != NULL && call_stack_return(tracee->calls, site->address, sp, now, &sink))
		return true;
	return tracee->process->thread_count > 1 &&
	       hit_return_elsewhere(session, tracee, site->address, sp, now);
}

/* Whether this entry is the same call again, after a signal handler; forgets the interruption. */
static bool hit_is_resumption(struct tracee *tracee, const struct site *site, taddr_t cfa)
{
	for (unsigned i = 0; i < tracee->interruption_count; i++) {
		struct interruption *it = &tracee->interruptions[i];
		if (!taddr_equal(it->site, site->address) || !taddr_equal(it->cfa, cfa))
			continue;
		*it = tracee->interruptions[--tracee->interruption_count];
		return tracee->calls != NULL && call_stack_has(tracee->calls, site->probe, cfa);
	}
	return false;
}

static void tracee_add_interruption(struct tracee *tracee, taddr_t site, taddr_t cfa)
{
	if (tracee->interruption_count == INTERRUPTIONS_MAX)
		tracee->interruptions[0] = tracee->interruptions[--tracee->interruption_count];
	tracee->interruptions[tracee->interruption_count++] = (struct interruption){ site, cfa };
}

static struct error *hit_watch_return(struct session *session, struct tracee *tracee,
				      struct site *site, taddr_t return_address)
{
	struct image *image = tracee->process->space->image;
	struct error *err = return_site_ensure(image, tracee, site, return_address);

	if (err == NULL || error_code(err) != ERR_FORMAT)
		return err;
	session->counts.lost_returns++;
	log_debug("the return of %s to %#lx will not be noticed: %s", site->probe->name,
		  (unsigned long)return_address.value, error_message(err));
	error_free(err);
	return NULL;
}

static struct error *hit_entry(struct session *session, struct tracee *tracee, struct site *site,
			       taddr_t sp)
{
	struct recording recording = { session, tracee };
	const struct call_sink sink = { recording_call_ended, &recording };
	struct image *image = tracee->process->space->image;
	taddr_t cfa = arch_cfa_at_entry(sp);
	taddr_t return_address;
	bool is_new;

	if (hit_is_resumption(tracee, site, cfa))
		return NULL;
	struct error *err = address_space_read(image->space, sp, &return_address.value,
					       sizeof(return_address.value));
	if (err == NULL && tracee->calls == NULL)
		err = call_stack_create(&tracee->calls);
	if (err == NULL)
		err = hit_watch_return(session, tracee, site, return_address);
	if (err != NULL)
		return err;
	if (!site->is_scanned && call_stack_has(tracee->calls, site->probe, cfa))
		entry_site_scan(image, site);
	/* Last, so that the time spent above is not counted into the call. */
	struct call_event now = hit_event(tracee->process);
	err = call_stack_enter(tracee->calls, site->probe, cfa, return_address, site->reenters, &now,
			       &sink, &is_new);
	if (err == NULL && is_new)
		site->probe->hits++;
	return err;
}

/* The thread is about to execute a return instruction that carries a site. */
static void hit_ret_insn(struct session *session, struct tracee *tracee, taddr_t sp)
{
	struct recording recording = { session, tracee };
	const struct call_sink sink = { recording_call_ended, &recording };

	if (tracee->calls == NULL)
		return;
	struct call_event now = hit_event(tracee->process);
	call_stack_return_frame(tracee->calls, arch_cfa_at_entry(sp), &now, &sink);
}

static struct error *hit_site(struct session *session, struct tracee *tracee, struct site *site,
			      taddr_t sp)
{
	struct error *err = NULL;

	session->counts.hits++;
	if (site->roles & SITE_RETURN) {
		struct call_event now = hit_event(tracee->process);
		if (hit_return(session, tracee, site, sp, &now))
			return NULL; /* behind a call: not the start of another one */
	}
	if (site->roles & SITE_LINKER)
		err = planner_linker_hit(&session->planner, tracee->process->space->image, tracee);
	if (err == NULL && (site->roles & SITE_ENTRY))
		err = hit_entry(session, tracee, site, sp);
	if (err == NULL && (site->roles & SITE_RET_INSN))
		hit_ret_insn(session, tracee, sp);
	return err;
}

/* The site whose trap @tracee has just executed; *@ret is NULL when the SIGTRAP is not ours. */
static struct error *hit_find_site(const struct tracee *tracee, struct site **ret, taddr_t *ret_sp)
{
	const struct address_space *space = tracee->process->space;
	siginfo_t info;
	taddr_t pc;

	*ret = NULL;
	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, ret_sp);
	if (err != NULL)
		return err;
	struct site *site = image_site(space->image, arch_trap_site(pc));
	/*
	 * A thread can stand one byte behind the start of a longer instruction only because of our
	 * trap. Behind an instruction of one byte it may also have been interrupted by somebody's
	 * kill(SIGTRAP); an int3 has SI_KERNEL.
	 */
	if (site != NULL && site->original_bytes == 1) {
		err = ptrace_get_siginfo(tracee->tid, &info);
		if (err != NULL || info.si_code != SI_KERNEL)
			return err;
	}
	*ret = site;
	return NULL;
}

struct error *hit_handle(struct session *session, struct tracee *tracee, bool *ret_is_ours)
{
	struct site *site;
	taddr_t sp;

	struct error *err = hit_find_site(tracee, &site, &sp);
	*ret_is_ours = site != NULL;
	if (err != NULL || site == NULL)
		return err;
	taddr_t slot = site->slot; /* the hit may make the linker's libraries, and their sites, go */
	err = hit_site(session, tracee, site, sp);
	if (err == NULL)
		return ptrace_set_pc(tracee->tid, slot);
	/* The thread must go on whatever happens to our books. */
	error_free(ptrace_set_pc(tracee->tid, slot));
	return err;
}

struct error *hit_undo(struct tracee *tracee, bool *ret_is_ours)
{
	struct site *site;
	taddr_t sp;

	struct error *err = hit_find_site(tracee, &site, &sp);
	*ret_is_ours = site != NULL;
	if (err != NULL || site == NULL)
		return err;
	return ptrace_set_pc(tracee->tid, site->address);
}

/* A fault's address is the instruction's own for some signals: it must not name the slot. */
static struct error *fix_fault_address(struct tracee *tracee, taddr_t slot_pc, taddr_t pc)
{
	siginfo_t info;

	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code <= 0 || (uintptr_t)info.si_addr != slot_pc.value)
		return err;
	info.si_addr = (void *)(uintptr_t)pc.value;
	return ptrace_set_siginfo(tracee->tid, &info);
}

static bool signal_has_fault_address(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE ||
	       signal == SIGTRAP;
}

struct error *hit_leave_slot(struct tracee *tracee, int signal)
{
	const struct address_space *space = tracee->process->space;
	const struct arch_slot_point *point;
	struct user_regs_struct regs;
	taddr_t pc, sp;

	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	const struct site *site = image_slot_site(space->image, pc, &point);
	if (site == NULL)
		return NULL;
	if (signal_has_fault_address(signal))
		err = fix_fault_address(tracee, pc, point->pc);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	regs.rip = point->pc.value;
	regs.rsp += (unsigned long)(long)point->sp_bytes;
	/* A restarted system call begins again at the site, too. */
	if ((site->roles & SITE_ENTRY) &&
	    (taddr_equal(point->pc, site->address) || site->is_syscall))
		tracee_add_interruption(tracee, site->address, arch_cfa_at_entry(taddr(regs.rsp)));
	return ptrace_set_regs(tracee->tid, &regs);
}
