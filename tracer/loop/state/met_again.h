/*
 * Sites that a thread or a goroutine will hit once more, although nothing begins there (loop layer,
 * ground floor). Pure: no process is touched.
 *
 * The displaced instruction has not been executed since the last hit: a signal has come first.
 */
#ifndef LOOP_STATE_MET_AGAIN_H
#define LOOP_STATE_MET_AGAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct met_again {
	taddr_t site;
	taddr_t cfa;	   /* as if a function began at the site */
	taddr_t goroutine; /* hits it, on any thread; 0: the thread that the list belongs to does */
	int signal;	   /* the handler that runs meanwhile is this one's; 0: none runs */
	bool is_due;	   /* the next hit is that one; else the handler may still throw past it */
};

/* Those of a thread, or of all goroutines of a process. Zeroed: none. */
struct met_again_list {
	struct met_again *all; /* owned */
	size_t count, capacity;
};

void met_again_deinit(struct met_again_list *list);

/* Adds @met, in place of another one in the same frame. The number is bounded: one is dropped then. */
struct error *met_again_add(struct met_again_list *list, const struct met_again *met) MUST_CHECK;

/* Drops one; the last one takes its place. */
void met_again_drop(struct met_again_list *list, size_t i);

/* @site has been hit in this frame: drops the one that awaits that. Whether it was due. */
bool met_again_take(struct met_again_list *list, taddr_t goroutine, taddr_t site, taddr_t cfa);

/* Makes @list, which is empty, a copy of @from. */
struct error *met_again_copy(struct met_again_list *list,
			     const struct met_again_list *from) MUST_CHECK;

/* The frames of @goroutine in (@low, @high] have been moved by @distance bytes (modulo 2^64). */
void met_again_relocate(struct met_again_list *list, taddr_t goroutine, uint64_t low, uint64_t high,
			uint64_t distance);

#endif
