/*
 * What faults have mapped, in bytes (loop layer): a page, a huge one, several of a file.
 *
 * Of most faults that is certain. Two are not. One that reads a file maps what lies around it, too, as far as that is
 * in memory (fault_around_bytes, or a large folio). And of huge pages each stands for 512 times as much as others, so that it
 * says little when it is one of many faults, and the others had no stack taken. How much the process has grown
 * altogether is known, however: the two get what the others leave of it. What is left when no huge page was seen goes to
 * the next one, or to where the last one went.
 *
 * After a fork(2), pages that parent and child share are met again in faults when they are written to. Of processes that have
 * forked, or were, faults count as far as the process has grown meanwhile. Before Linux 6.7 nothing tells which
 * page is a huge one: there all faults together get what the process has grown.
 */
#ifndef LOOP_GROWTH_GROWTH_PAGES_H
#define LOOP_GROWTH_GROWTH_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/loop/growth/growth_sums.h"
#include "tracer/loop/state/session.h"
#include "tracer/perf/perf_record.h"
#include "tracer/proc/page_look.h"
#include "tracer/tracee/target.h"

struct growth_pending {
	size_t sum; /* index in the sums that faults are charged to */
	pid_t pid;
	uint64_t faults;
	enum page_kind kind; /* PAGE_HUGE; PAGE_OF_FILE; PAGE_SMALL: of a process that has forked */
};

struct growth_pages {
	struct page_look look;
	uint64_t page_bytes, huge_bytes;
	struct growth_pending *pending; /* owned */
	size_t count, capacity;
	pid_t *met; /* the processes at hand, each once. Owned */
	size_t met_count, met_capacity;
	uint64_t epoch; /* from 1 on; a new one when the sums were emptied */
};

void growth_pages_init(struct growth_pages *pages);
void growth_pages_deinit(struct growth_pages *pages);

/* Charges what @fault of @process has mapped to @sums->all[@sum], now or when it is settled. */
struct error *growth_pages_charge(struct session *session, struct growth_pages *pages,
				  struct growth_sums *sums, size_t sum, struct process *process,
				  const struct perf_fault *fault) MUST_CHECK;

/* Charges all that waits for it: before the sums are emptied, and when no more faults are at hand. */
void growth_pages_settle(struct growth_pages *pages, struct growth_sums *sums,
			 const struct target *target);

/* The sums are emptied. */
void growth_pages_forget(struct growth_pages *pages);

/* Faults of @process that were lost have been charged, with so much. */
void growth_pages_note_lost(struct process *process, double bytes);

/* @parent has made @child, either of which may be NULL: not known. */
void growth_pages_fork(const struct growth_pages *pages, struct process *parent,
		       struct process *child);

/* @process has executed another program: it begins with nothing. */
void growth_pages_begin(struct process *process);

#endif
