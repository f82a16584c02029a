/* Calls of inlined functions; see calls.h. Loop layer. */
#include "tracer/loop/calls/calls_private.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/tracee/ptrace_ops.h"

static void calls_leave_inlined(struct session *session, struct tracee *tracee, taddr_t function,
				taddr_t cfa)
{
	struct calls_recording recording;
	const struct call_sink sink = calls_sink(&recording, session, tracee->process);
	struct call_stack *calls;

	error_free(calls_running(tracee, cfa, false, &calls));
	if (calls == NULL || calls->count == 0)
		return;
	const struct call_event now = calls_event(tracee->process);
	call_stack_leave_inlined(calls, function, cfa, &now, &sink);
}

static struct error *calls_inlined_point(struct session *session, struct tracee *tracee,
					 const struct site *site, const struct inlined_point *point,
					 taddr_t cfa, bool is_resumption)
{
	const uint64_t bias = site->address.value - point->address.value;
	struct call call = {
		.probe = site->inlined->probes[point->name],
		.function = taddr_add(point->entry, bias),
		.tid = tracee->tid,
		.cfa = cfa,
		.is_inlined = true,
	};

	if (point->kind != FLOW_ENTER) {
		calls_leave_inlined(session, tracee, call.function, cfa);
		return NULL;
	}
	if (is_resumption && calls_has(tracee, call.probe, cfa))
		return NULL;
	struct error *err = address_space_read(
		tracee->process->space, taddr(cfa.value - ARCH_RETURN_ADDRESS_BYTES),
		&call.return_address.value, sizeof(call.return_address.value));
	if (err != NULL)
		return err;
	call.entry = calls_event(tracee->process);
	return calls_begin(session, tracee, &call, point->may_come_back);
}

struct error *calls_inlined(struct session *session, struct tracee *tracee, const struct site *site,
			    bool is_resumption)
{
	struct user_regs_struct regs;
	uint64_t registers[ARCH_DWARF_REGISTERS];

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	arch_dwarf_registers(&regs, registers);
	for (uint32_t i = site->inlined_first; err == NULL && i < site->inlined_end; i++) {
		const struct inlined_point *point = &site->inlined->points[i];
		taddr_t cfa = taddr(registers[point->cfa.dwarf_register] +
				    (uint64_t)point->cfa.offset_bytes);
		err = calls_inlined_point(session, tracee, site, point, cfa, is_resumption);
	}
	return err;
}
