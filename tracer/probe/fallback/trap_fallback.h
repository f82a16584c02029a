/*
 * What lets a program outlive us (probe layer).
 *
 * When a tracer dies, a thread that executes one of its traps gets a SIGTRAP and dies of it. So, where
 * it is wanted, the program gets a handler for SIGTRAP, which nothing sees as long as we live: every
 * SIGTRAP is ours first. It is in a mapping of its own, with a table of all patches, and the program
 * can see both (sigaction(2), /proc/PID/maps). A program that has a handler of its own for SIGTRAP, or
 * ignores it, keeps that.
 *
 * Where a thread has all signals blocked, as libc has them for a moment, it dies of a trap all the same. So the first thread
 * that the handler leads on takes away all traps. Before a program is started (posix_spawn) there is one for that
 * alone: the child has all signals blocked, and passes functions that are watched.
 */
#ifndef PROBE_FALLBACK_TRAP_FALLBACK_H
#define PROBE_FALLBACK_TRAP_FALLBACK_H

#include "tracer/probe/patch/injected.h"

struct patch;
struct pad;

struct trap_fallback {
	bool is_wanted; /* and has not been tried yet */
	bool is_installed;
	bool is_filtered; /* it must make no system calls */
	uint64_t count;	  /* of the patches that it knows */
};

/*
 * Brings it into the program, if that is wanted and has not been done or given up yet. @tracee is a
 * stopped thread of the program. What fails is given up. *@ret_is_new: now the patches whose blocks
 * are written are to be noted, and then it is to be installed.
 */
struct error *trap_fallback_map(struct trap_fallback *fallback, struct injected *injected,
				struct tracee *tracee, bool *ret_is_new) MUST_CHECK;
struct error *trap_fallback_install(struct trap_fallback *fallback, const struct injected *injected,
				    struct tracee *tracee) MUST_CHECK;

/* Whether @handler, of an action, is it. */
bool trap_fallback_is_handler(const struct trap_fallback *fallback, const struct injected *injected,
			      uint64_t handler);

/* The kernel may have reset the action for SIGTRAP, which *@ret_was_reset says: sets it again. */
struct error *trap_fallback_reinstall(const struct trap_fallback *fallback,
				      const struct injected *injected, struct tracee *tracee,
				      bool *ret_was_reset) MUST_CHECK;

/*
 * Makes @patch, whose block is written, known to the handler; before the patch itself is written. Known already,
 * it is known anew: with a pad, whose displaced code is where threads run on.
 */
struct error *trap_fallback_note(struct trap_fallback *fallback, const struct injected *injected,
				 struct patch *patch) MUST_CHECK;

/*
 * Makes the jump of @patch, which has a pad, known where it is not at the address: what takes it away begins with a
 * trap there.
 */
struct error *trap_fallback_note_jump(struct trap_fallback *fallback,
				      const struct injected *injected,
				      const struct patch *patch) MUST_CHECK;

/*
 * Makes the trap of @pad known. When a thread meets it and we are dead, pads are told by the flag in @data
 * (arch_pad_data) that they need not record any more.
 */
struct error *trap_fallback_note_pad(struct trap_fallback *fallback,
				     const struct injected *injected, struct pad *pad,
				     taddr_t data) MUST_CHECK;

/* The program's system calls are filtered, or may be: the handler makes none. */
struct error *trap_fallback_filtered(struct trap_fallback *fallback,
				     const struct injected *injected) MUST_CHECK;

/* Takes note when its mapping is not in the memory (injected_verify). */
void trap_fallback_verify(struct trap_fallback *fallback, struct injected *injected);

/* Gives the program its own action back. No trap is left in it; its mapping is to be unmapped. */
struct error *trap_fallback_remove(struct trap_fallback *fallback, const struct injected *injected,
				   struct tracee *tracee) MUST_CHECK;

/* The program keeps it, for there is no stopped thread: what is left behind is emptied. */
void trap_fallback_leave(const struct trap_fallback *fallback, const struct injected *injected);

/*
 * Claims the one that injected_adopt has found in process @pid. If its owner was killed, takes away the
 * patches that it knows, *@ret_healed says how many, and notes which parts of mappings have blocks of
 * theirs. No thread needs to be stopped.
 */
struct error *trap_fallback_adopt(struct trap_fallback *fallback, struct injected *injected,
				  pid_t pid, size_t *ret_healed) MUST_CHECK;

#endif
