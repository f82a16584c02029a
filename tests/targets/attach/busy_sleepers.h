/* How a thread sleeps until another one wakes it, and is woken; part of busy. */
#ifndef ATTACH_BUSY_SLEEPERS_H
#define ATTACH_BUSY_SLEEPERS_H

#include "tests/targets/attach/busy.h"

struct sleeper_kind {
	const char *name;
	bool (*prepare)(struct worker *worker);
	int (*wait)(struct worker *worker);  /* 0: woken as it should be; else an errno */
	bool (*wake)(struct worker *worker); /* called by the waker's thread */
};

extern const struct sleeper_kind sleeper_kinds[];
extern const size_t sleeper_kind_count;

/* Gives back what outlives the process. */
void sleeper_release(const struct worker *worker);

#endif
