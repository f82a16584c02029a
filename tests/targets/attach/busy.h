/*
 * A program that is attached to: many threads, most of them asleep in a system call, that check all
 * they see. What a tracer must not be felt by is counted here; busy.c says how it is told.
 */
#ifndef ATTACH_BUSY_H
#define ATTACH_BUSY_H

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000, DISTURBED_MAX = 256 };

/* Faults of one thread, written by that thread alone. */
struct tally {
	const char *name;
	atomic_ulong rounds;
	unsigned long eintr;  /* calls that failed with EINTR although no handler has run */
	unsigned long shorts; /* blocking transfers that gave less than was asked for */
	unsigned long early;  /* timeouts that were over before their time */
	unsigned long wrong;  /* results, sums, contents, orders */
	/* How late timeouts were in waits in which somebody else had the thread stopped. */
	int64_t disturbed_late_ns[DISTURBED_MAX];
	unsigned disturbed_count;
	int64_t latest_ns;    /* the largest lateness of those in which nobody had */
	int last_error;	      /* errno of the last wrong result, for people */
};

/* A thread of the program, with room for what its kind of work needs. */
struct worker {
	struct tally tally;
	pthread_t thread;
	const void *kind;     /* of its module */
	struct worker *other; /* the one at the other end */
	int fds[2];
	void *data;
	atomic_ulong told; /* sleepers: so often woken by the waker */
	atomic_ulong seen; /* and so often awake */
	atomic_ulong last; /* after so many it ends; 0: not known yet */
	bool has_given_up;
};

struct settings {
	unsigned callers;
	unsigned long hits_a_second; /* entries and returns of all callers together; 0: as many as go */
	unsigned idle;		     /* threads that do nothing at all */
	unsigned control_ms;	     /* checked before anybody is told that we are ready */
	bool churns;		     /* threads are created and end all the time */
	bool forks;
	bool execs;
	bool is_fast; /* transfers of much more, without a pause */
	bool may_be_late;
};

extern struct settings settings;
extern atomic_bool is_ending;

/* A worker that the report knows; @run is its thread. */
struct worker *worker_add(const char *name, const void *kind);
void worker_start(struct worker *worker, void *(*run)(void *));

/* 0: fine; EINTR; else wrong. */
void tally_result(struct tally *tally, int error);
void tally_wrong(struct tally *tally, int error);

/*
 * A wait of @wanted_ns lasted from @start_ns until now, and the thread has fallen asleep @sleeps times
 * in it. @grain_ns: how roughly the kernel keeps this kind of time.
 */
void tally_timeout(struct tally *tally, int64_t wanted_ns, int64_t start_ns, long sleeps,
		   int64_t grain_ns);

int64_t now_ns(void);
struct timespec timespec_of(int64_t time_ns);
void pause_ns(int64_t duration_ns); /* goes on after EINTR */

/* The parts. */
void calls_start(void);
void timed_start(void);
void sleepers_start(void);
void sleepers_end(void); /* wakes all of them for the last time */
void transfers_start(void);
void signals_start(void);
void signals_end(void); /* when all threads have ended */

/* Functions to be probed; busy_calls.c. Each gives what it must by reckoning. */
unsigned work_leaf(unsigned x);
unsigned work_middle(unsigned x);
unsigned work_outer(unsigned x);
unsigned work_deep(unsigned depth, unsigned x);
unsigned reckon_outer(unsigned x);
enum { HITS_OF_OUTER = 2 * (1 + 4 + 8) };

#endif
