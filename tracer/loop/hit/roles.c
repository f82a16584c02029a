/* What each role of a site asks for; see roles.h. Loop layer. */
#include "tracer/loop/hit/roles.h"

#include "tracer/arch/arch.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/breaks/break_place.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/calls/go_stop.h"
#include "tracer/loop/calls/internal_calls.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/hit/heat.h"
#include "tracer/loop/hit/mpi_start.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/hit/roles_private.h"
#include "tracer/loop/memory/peak_notes.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/loop/python/python.h"
#include "tracer/loop/python/python_attach.h"
#include "tracer/loop/python/python_mark.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/stacks/entry_stacks.h"
#include "tracer/loop/stacks/peak_stacks.h"
#include "tracer/probe/ifunc.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/return_site.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"

static struct error *hit_read_return_address(struct hit *hit)
{
	taddr_t *ret = &hit->event.return_address;

	if (hit->has_return_address)
		return NULL;
	struct error *err = address_space_read(hit->tracee->process->space, hit->event.sp,
					       &ret->value, sizeof(ret->value));
	hit->has_return_address = err == NULL;
	return err;
}

static void hit_find_goroutine(struct hit *hit)
{
	if (!hit->has_goroutine)
		hit->event.goroutine = go_stop_goroutine(hit->tracee, hit->event.sp);
	hit->has_goroutine = true;
}

/* The event is all there but for its time and memory: takes them now, and passes it on. */
static struct error *hit_tell(struct hit *hit, struct site_event *event, bool *ret_is_taken)
{
	event->when = site_event_now(hit->tracee->process);
	return calls_take(hit->session, hit->tracee, event, ret_is_taken);
}

static struct error *hit_internal_return(struct hit *hit)
{
	struct user_regs_struct regs;
	struct call call = { 0 };

	if (!internal_calls_return(hit->tracee, &hit->event, &call))
		return NULL;
	if (call.object.value != 0) {
		go_stop_copy_ends(hit->tracee, call.object);
		return NULL;
	}
	const struct site *entry = image_site(hit->image, call.function);
	if (entry != NULL && (entry->roles & SITE_MPI_INIT))
		return mpi_start_returned(hit->session, hit->tracee);
	struct error *err = ptrace_get_regs(hit->tracee->tid, &regs);
	return err != NULL ? err
			   : ifunc_resolved(hit->tracee, call.function,
					    taddr(arch_return_value(&regs)));
}

/* Passes on an event that ends a call: a fiber's may have begun in the ring of another thread. */
static struct error *hit_take_end(struct hit *hit, bool *ret_is_taken)
{
	struct error *err = calls_take(hit->session, hit->tracee, &hit->event, ret_is_taken);
	if (err != NULL || *ret_is_taken)
		return err;
	err = ring_hits_take_space(hit->session, hit->tracee->process->space);
	return err != NULL ? err : calls_take(hit->session, hit->tracee, &hit->event, ret_is_taken);
}

static struct error *hit_return(struct hit *hit)
{
	bool is_taken;

	hit->event.kind = EVENT_RETURN;
	hit->event.when = site_event_now(hit->tracee->process); /* before all that takes time */
	hit_find_goroutine(hit);
	struct error *err = hit_take_end(hit, &is_taken);
	hit->special |= is_taken ? HIT_RETURNS : 0;
	return err;
}

static struct error *hit_wakeup(struct hit *hit)
{
	return calls_at_attach_passed(hit->image, hit->site);
}

/* Where nothing else is probed that is all that there was to see. */
static struct error *hit_take_start(struct hit *hit)
{
	start_mark_take(hit->session, hit->tracee->process, hit->tracee->tid);
	return session_probes(hit->session) ? NULL : image_give_up(hit->image);
}

static struct error *hit_loaded(struct hit *hit)
{
	struct error *err = hit_take_start(hit);

	return err != NULL || hit->image->is_given_up
		       ? err
		       : image_remove_role(hit->image, hit->site, SITE_LOADED);
}

/* Of glibc the second report comes when all is mapped and relocated, and before any constructor. */
static struct error *hit_linker_reports(struct hit *hit)
{
	struct error *err = NULL;

	placement_leave(&hit->session->placement);
	if (session_probes(hit->session))
		err = planner_linker_hit(&hit->session->planner, hit->image, hit->tracee);
	else
		hit->image->linker_hits++;
	return err == NULL && hit->image->linker_hits > 1 ? hit_take_start(hit) : err;
}

static struct error *hit_program_starts(struct hit *hit)
{
	placement_leave(&hit->session->placement);
	return planner_start_hit(&hit->session->planner, hit->image, hit->tracee);
}

static struct error *hit_internal_entry(struct hit *hit, taddr_t object)
{
	struct site *behind;

	struct error *err = hit_read_return_address(hit);
	if (err == NULL)
		err = image_insert(hit->image, hit->tracee, hit->event.return_address,
				   SITE_INTERNAL_RETURN, &behind);
	return err != NULL ? err : internal_calls_enter(hit->tracee, &hit->event, object);
}

static struct error *hit_mpi_init(struct hit *hit)
{
	return hit->image->is_waiting ? hit_internal_entry(hit, taddr(0)) : NULL;
}

static struct error *hit_resolver(struct hit *hit)
{
	return hit_internal_entry(hit, taddr(0));
}

static struct error *hit_go_copy(struct hit *hit)
{
	taddr_t goroutine;

	struct error *err = go_stop_copy_begins(hit->tracee, &hit->event, &goroutine);
	if (err != NULL || goroutine.value == 0)
		return err;
	return hit_internal_entry(hit, goroutine);
}

static struct error *hit_watch_return(struct hit *hit)
{
	const taddr_t return_address = hit->event.return_address;

	struct error *err = return_site_ensure(hit->image, hit->tracee, hit->site, return_address);
	if (error_take(&err, ERR_FORMAT, log_debug, "the return of %s to %#lx will not be noticed",
		       hit->site->probe->name, (unsigned long)return_address.value))
		hit->session->counts.lost_returns++;
	return err;
}

/* Behind a call the memory has been read already. */
static struct error *hit_line(struct hit *hit)
{
	bool is_taken;

	hit_find_goroutine(hit);
	hit->event.kind = EVENT_LINE;
	struct error *err = heat_line(hit->session, hit->tracee, hit->site);
	if (err != NULL || !calls_has_any(hit->tracee, &hit->event))
		return err;
	return hit->event.when.time_ns == 0
		       ? hit_tell(hit, &hit->event, &is_taken)
		       : calls_take(hit->session, hit->tracee, &hit->event, &is_taken);
}

static struct error *hit_entry(struct hit *hit)
{
	struct site_event *event = &hit->event;
	uint32_t stack;
	bool is_taken;

	event->kind = EVENT_ENTRY;
	hit_find_goroutine(hit);
	struct error *err = hit_read_return_address(hit);
	if (err == NULL && calls_goes_on(hit->tracee, event, (hit->special & HIT_RESUMES) != 0))
		return hit->special & HIT_RESUMES ? NULL : hit_line(hit);
	if (err == NULL)
		err = hit_watch_return(hit);
	if (err != NULL)
		return err;
	entry_stacks_take(hit->session, hit->tracee, hit->site, event->sp, event->return_address,
			  &stack);
	/* Last, so that the time spent above is not counted into the call. */
	err = hit_tell(hit, event, &is_taken);
	if (stack != 0)
		entry_stacks_write(hit->session, hit->tracee, hit->site, stack, event->when.time_ns,
				   event->when.memory_bytes);
	return err;
}

static struct error *hit_python_main(struct hit *hit)
{
	return python_main_hit(hit->session, hit->tracee, hit->site, &hit->is_placed);
}

static struct error *hit_python_ask(struct hit *hit)
{
	return python_ask_hit(hit->tracee, hit->site, &hit->is_placed);
}

static struct error *hit_python_safe(struct hit *hit)
{
	return python_safe_hit(hit->session, hit->tracee, hit->site, &hit->is_placed);
}

static struct error *hit_python_eval(struct hit *hit)
{
	return python_eval_hit(hit->tracee, hit->site, &hit->is_placed);
}

static struct error *hit_python_mark(struct hit *hit)
{
	bool is_mark;

	struct error *err = python_mark_hit(hit->session, hit->tracee, &hit->event, &is_mark);
	if (err != NULL || !is_mark || hit->image->is_waiting)
		return err;
	hit->event.when = site_event_now(hit->tracee->process);
	return hit_take_end(hit, &is_mark);
}

static struct error *hit_inlined_point(struct hit *hit, const struct inlined_point *point,
				       const uint64_t registers[ARCH_DWARF_REGISTERS])
{
	struct site_event event = hit->event;
	struct error *err = NULL;
	bool is_taken;

	event.kind = EVENT_INLINED;
	event.point = point;
	event.cfa = taddr(registers[point->cfa.dwarf_register] + (uint64_t)point->cfa.offset_bytes);
	if (calls_pass_inlined(hit->tracee, &event, (hit->special & HIT_RESUMES) != 0))
		return NULL;
	if (point->kind == FLOW_ENTER)
		err = address_space_read(hit->tracee->process->space,
					 taddr(event.cfa.value - ARCH_RETURN_ADDRESS_BYTES),
					 &event.return_address.value,
					 sizeof(event.return_address.value));
	return err != NULL ? err : hit_tell(hit, &event, &is_taken);
}

static struct error *hit_inlined(struct hit *hit)
{
	struct user_regs_struct regs;
	uint64_t registers[ARCH_DWARF_REGISTERS];

	struct error *err = ptrace_get_regs(hit->tracee->tid, &regs);
	if (err != NULL)
		return err;
	arch_dwarf_registers(&regs, registers);
	hit_find_goroutine(hit);
	for (uint32_t i = hit->site->inlined_first; err == NULL && i < hit->site->inlined_end; i++)
		err = hit_inlined_point(hit, &hit->site->inlined->points[i], registers);
	return err;
}

static struct error *hit_usdt(struct hit *hit)
{
	bool is_taken;

	hit->event.kind = EVENT_USDT;
	return hit_tell(hit, &hit->event, &is_taken);
}

static struct error *hit_ret_insn(struct hit *hit)
{
	bool is_taken;

	hit->event.kind = EVENT_RET_INSN;
	hit_find_goroutine(hit);
	if (!calls_has_any(hit->tracee, &hit->event))
		return NULL;
	return hit_tell(hit, &hit->event, &is_taken);
}

/*
 * All roles, in the order in which those of one site are played. A new role is a row here, and its handler.
 * Calls may return to the first instruction of a function (makecontext): nothing starts there then.
 */
static const struct role {
	enum site_role role;
	unsigned except; /* not at hits with one of these HIT_… */
	struct error *(*play)(struct hit *hit);
} roles[] = {
	{ SITE_INTERNAL_RETURN, 0, hit_internal_return },
	{ SITE_RETURN, 0, hit_return },
	{ SITE_WAKEUP, HIT_RETURNS, hit_wakeup },
	{ SITE_SIGMASK, HIT_RETURNS, hit_sigmask },
	{ SITE_SIGACTION, HIT_RETURNS, hit_sigaction },
	{ SITE_SYSCALL, HIT_RETURNS, hit_syscall },
	{ SITE_CLONE, HIT_RETURNS, hit_clone },
	{ SITE_PTRACE, HIT_RETURNS, hit_ptrace },
	{ SITE_MLOCKALL, HIT_RETURNS, hit_mlockall },
	{ SITE_EXEC, HIT_RETURNS, hit_exec },
	{ SITE_PRCTL, HIT_RETURNS, hit_prctl },
	{ SITE_LINKER, HIT_RETURNS, hit_linker_reports },
	{ SITE_START, HIT_RETURNS, hit_program_starts },
	{ SITE_LOADED, HIT_RETURNS, hit_loaded },
	{ SITE_RESOLVER, HIT_RETURNS, hit_resolver },
	{ SITE_MPI_INIT, HIT_RETURNS, hit_mpi_init },
	{ SITE_GO_COPY, HIT_RETURNS, hit_go_copy },
	{ SITE_ENTRY, HIT_RETURNS, hit_entry }, /* its frame tells whether it resumes a call */
	{ SITE_PYTHON_MAIN, HIT_RETURNS | HIT_RESUMES, hit_python_main },
	{ SITE_PYTHON_ASK, HIT_RETURNS | HIT_RESUMES, hit_python_ask },
	{ SITE_PYTHON_SAFE, HIT_RETURNS | HIT_RESUMES, hit_python_safe },
	{ SITE_PYTHON_EVAL, HIT_RETURNS | HIT_RESUMES, hit_python_eval },
	{ SITE_PYTHON_MARK, HIT_RETURNS | HIT_RESUMES, hit_python_mark },
	{ SITE_INLINED, 0, hit_inlined }, /* likewise */
	{ SITE_USDT, HIT_RESUMES, hit_usdt },
	{ SITE_LINE, HIT_RESUMES, hit_line },
	{ SITE_RET_INSN, 0, hit_ret_insn },
};

struct error *roles_play(struct session *session, struct tracee *tracee, struct site *site,
			 taddr_t sp, bool *ret_is_placed)
{
	struct hit hit = {
		.session = session,
		.tracee = tracee,
		.image = tracee->process->space->image,
		.site = site,
		.event = {
			.tid = tracee->tid,
			.site = site,
			.sp = sp,
			.cfa = arch_cfa_at_entry(sp),
		},
	};
	const unsigned played = site->roles; /* the linker's row may make the site go */
	const taddr_t address = site->address;
	const int64_t since_ns = session->options->notes_marks ? clock_now_ns() : 0;
	unsigned left = played;
	struct error *err = NULL;

	session->counts.hits++;
	charges_stop_is_at(&session->charges, site);
	if ((played & SITE_ONCE) && signal_at_site_ends(tracee, site->address, hit.event.cfa))
		hit.special |= HIT_RESUMES;
	for (size_t i = 0; err == NULL && left != 0 && i < sizeof(roles) / sizeof(roles[0]); i++) {
		if ((left & roles[i].role) && !(hit.special & roles[i].except))
			err = roles[i].play(&hit);
		left &= ~(unsigned)roles[i].role;
	}
	if (played & SITE_OF_CALLS)
		peak_note_take(session, tracee->process, since_ns);
	if ((played & SITE_OF_CALLS) && peak_stacks_look_stopped(session, tracee->process)) {
		growth_settle(session);
		peak_stacks_stop(session, tracee->process);
	}
	if (err == NULL && (played & SITE_OF_CALLS) && image_site(hit.image, address) == site)
		break_place_hit(session, tracee, site, played);
	*ret_is_placed = hit.is_placed;
	return err;
}
