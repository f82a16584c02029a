/* What a stop means; see stop_decision.h. Loop layer. */
#include "tracer/loop/dispatch/stop_decision.h"

static enum stop_act act_of_syscall_stop(const struct stop_facts *facts)
{
	if (facts->is_in_transfer)
		return ACT_TRANSFER;
	if (facts->is_leaving_exec)
		return ACT_EXEC_LEFT;
	return facts->awaits_sigreturn ? ACT_SIGRETURN : ACT_RESUME;
}

static enum stop_act act_of_traced(const struct stop *stop, const struct stop_facts *facts)
{
	switch (stop->kind) {
	case STOP_FORK:
	case STOP_VFORK:
	case STOP_CLONE:
		return ACT_NEW_TRACEE;
	case STOP_EXIT:
		return ACT_EXIT;
	case STOP_GROUP:
		return ACT_LISTEN;
	case STOP_EVENT:
		return facts->is_unfollowed ? ACT_LEAVE : ACT_AFTER_INTERRUPT;
	case STOP_SYSCALL:
		return act_of_syscall_stop(facts);
	case STOP_TRAP:
		return ACT_TRAP;
	case STOP_SIGNAL:
		return ACT_SIGNAL;
	case STOP_ENDED:
		return ACT_END;
	default:
		return ACT_RESUME;
	}
}

struct stop_decision stop_decide(const struct stop *stop, const struct stop_facts *facts)
{
	const bool is_end = stop->kind == STOP_ENDED;
	struct stop_decision decision = { .act = ACT_RESUME };

	/* The pid of an exec may be that of a thread that it has ended: nothing is known by it. */
	if (stop->kind == STOP_EXEC) {
		decision.act = ACT_EXEC;
		return decision;
	}
	if (is_end && facts->is_untraced) {
		decision.act = ACT_END_UNTRACED;
		return decision;
	}
	if (!facts->is_traced) {
		decision.act = is_end ? ACT_FORGET_EARLY : ACT_KEEP_EARLY;
		return decision;
	}
	decision.act = act_of_traced(stop, facts);
	if (is_end)
		return decision;
	if (decision.act == ACT_TRAP || decision.act == ACT_SIGNAL)
		decision.signal = stop->signal;
	decision.is_vfork = stop->kind == STOP_VFORK;
	decision.reads_calls = facts->is_unread && stop->kind != STOP_EXIT;
	decision.tells_transfer = facts->is_in_transfer;
	return decision;
}
