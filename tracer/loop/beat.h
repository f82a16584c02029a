/*
 * The beat: a timer whose signal ends a wait4 that would last (loop layer).
 *
 * wait4(2) has no timeout and does not end for a descriptor. While the loop blocks in it, a signal with a
 * handler that only notes it comes again and again. One of them can be lost:
 *
 *   we                                  the timer
 *   beat_has_come: no
 *                                       its signal: the handler notes it
 *   wait4 blocks
 *                                       one period later, its signal: wait4 fails with EINTR
 *   beat_has_come: yes
 *
 * So a wait lasts no longer than two periods. tests/unit/tracer/test_beat.c makes this interleaving.
 *
 * The signal is SIGXFSZ, which the engine ignores otherwise: nobody sends it, and it is not passed on to the
 * program (forwarding.h). A beat interrupts other system calls, too: they are made again.
 */
#ifndef LOOP_BEAT_H
#define LOOP_BEAT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct beat {
	timer_t timer;
	bool is_there; /* there is a timer: the kernel may have refused one (RLIMIT_SIGPENDING) */
	int64_t period_ns; /* 0: it does not beat */
};

/* One a process. It does not beat yet. */
void beat_init(struct beat *beat);
void beat_deinit(struct beat *beat);

/* Beats after @first_ns, and then every @period_ns; both above 0. False: it cannot. */
bool beat_start(struct beat *beat, int64_t first_ns, int64_t period_ns);

/* When it returns no beat is on its way any more. */
void beat_stop(struct beat *beat);

/* Whether it has beaten since that was last asked. */
bool beat_has_come(void);

/* The same, without forgetting it. */
bool beat_is_there(void);

#endif
