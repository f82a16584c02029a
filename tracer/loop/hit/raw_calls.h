/*
 * What programs say to the kernel past libc's own functions for it, as far as we must hear it (loop
 * layer): by its syscall(2) and clone(2).
 */
#ifndef LOOP_HIT_RAW_CALLS_H
#define LOOP_HIT_RAW_CALLS_H

#include "tracer/loop/state/session.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/target.h"

/*
 * @tracee is at the first instruction of libc's syscall, or of its clone, where @site is. Programs for
 * which that is a way to something else, and a frequent one, lose the site.
 */
struct error *raw_calls_syscall(struct session *session, struct image *image, struct tracee *tracee,
				struct site *site) MUST_CHECK;
/* It locks the process's memory: what pads have there goes first, and what they have summed up is taken before. */
struct error *raw_calls_mlockall(struct session *session, struct image *image,
				 struct tracee *tracee) MUST_CHECK;
/* Its first argument may say that system calls are to be filtered: pads make none any more then. */
struct error *raw_calls_prctl(struct image *image, struct tracee *tracee) MUST_CHECK;

struct error *raw_calls_clone(struct image *image, struct tracee *tracee,
			      struct site *site) MUST_CHECK;

/*
 * @tracee is at the first instruction of libc's ptrace: it stays before its call, for which its process is
 * let go (dispatch/let_go.h). Children that are not followed are free already, but for those in their
 * parent's memory.
 */
struct error *raw_calls_ptrace(const struct session *session, struct tracee *tracee) MUST_CHECK;

#endif
