/*
 * What the pads in one memory share (probe layer): the table of its threads, each of which has a ring, and the
 * table of return addresses whose returns are noticed. arch/pad.h says how they lie there.
 *
 * A pad that does not find its thread, or its return address, traps: the tables may always say less than is
 * true. So a child of a fork begins with none: what is here is wiped there (madvise(2), MADV_WIPEONFORK).
 */
#ifndef PROBE_PATCH_PAD_AREA_H
#define PROBE_PATCH_PAD_AREA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/probe/patch/injected.h"
#include "tracer/probe/ring/ring.h"

enum { PAD_AREA_PAGES_MOST = 576 };

struct pad_area {
	const char *refusal; /* why there can be no pads in this memory; NULL: there can */
	taddr_t data;	     /* struct arch_pad_data; 0: not mapped */
	struct ring **rings; /* owned; each stays where it is */
	size_t ring_count, ring_capacity;
	/* A descriptor of the program's for its /proc/self/statm, and what file that is; -1: none. */
	int statm_fd;
	uint64_t statm_device, statm_inode;
	bool is_statm_inherited;  /* it is for its parent's, and to be closed */
	size_t noted_rings;	  /* so many of @rings are in the notes of left_pads.h, */
	bool is_noted;		  /* and so are the tables */
	bool is_memory_forbidden; /* the program's system calls may be filtered */
	struct memory_ages ages;  /* by which pads read memory */
	uint64_t memory_age_kept; /* what the longer one was while they read; 0: they never did */
	const char *
		memory_refusal; /* why they do not any more, a literal; NULL: they do, or were not told to */
	uint64_t used_pages; /* of the tables; each bit of @is_used is one */
	uint64_t is_used[PAD_AREA_PAGES_MOST / 64];
};

void pad_area_init(struct pad_area *area);
void pad_area_deinit(struct pad_area *area);

/* @to is of the memory of a child, in which the tables are empty. */
void pad_area_clone(struct pad_area *to, const struct pad_area *from);

/* Likewise, when the child may have been made before they were mapped. */
void pad_area_verify(struct pad_area *area, const struct injected *injected);

/* Of address space that the tables take. */
uint64_t pad_area_bytes(void);

/* There can be no pads from now on, because of @why, a literal. */
void pad_area_refuse(struct pad_area *area, const char *why);

/*
 * Maps the tables, unless they are. @tracee is stopped, outside any system call. Sets @area->refusal where
 * that cannot be done.
 */
struct error *pad_area_map(struct pad_area *area, struct injected *injected,
			   struct tracee *tracee) MUST_CHECK;

/* Takes the tables and all rings away, by @tracee, likewise. No pad may come to use them any more. */
struct error *pad_area_unmap(struct pad_area *area, struct injected *injected,
			     struct tracee *tracee) MUST_CHECK;

/*
 * Gives thread @tracee, which stands as above, a ring, for @key. *@ret is NULL where there is no room for it:
 * its hits are told by traps then. Fails with ERR_FORMAT where nothing can be mapped.
 */
struct error *pad_area_add_thread(struct pad_area *area, struct injected *injected,
				  struct tracee *tracee, uint64_t key,
				  struct ring **ret) MUST_CHECK;

/* The thread of @ring must not find it any more: it is about to end, or another one has its key. */
struct error *pad_area_remove_thread(struct pad_area *area, const struct injected *injected,
				     struct ring *ring) MUST_CHECK;

/* Likewise, and for good: somebody may still write to the ring. What is in it can be fetched. */
struct error *pad_area_revoke(struct pad_area *area, const struct injected *injected,
			      struct ring *ring) MUST_CHECK;

/* The ring that has @key; that records what @tid does; NULL: none. */
struct ring *pad_area_ring(const struct pad_area *area, uint64_t key);
struct ring *pad_area_ring_of(const struct pad_area *area, pid_t tid);

/* Returns to @return_address are noticed. */
enum pad_return {
	PAD_RETURN_KNOWN, /* it was in the table before */
	PAD_RETURN_ADDED,
	PAD_RETURN_NO_ROOM, /* where it belongs, others are: calls that return there stop at their entry */
};
struct error *pad_area_add_return(struct pad_area *area, const struct injected *injected,
				  taddr_t return_address, enum pad_return *ret) MUST_CHECK;

/* They are not any more. */
struct error *pad_area_remove_return(struct pad_area *area, const struct injected *injected,
				     taddr_t return_address) MUST_CHECK;

/* Pads read memory when it is older than @ages say, from now on. */
struct error *pad_area_set_memory(struct pad_area *area, const struct injected *injected,
				  const struct memory_ages *ages) MUST_CHECK;

/* Brings what @ring takes up to date, in front of the last @but_slots of what was taken of it; what all of ours take. */
void pad_area_account_ring(const struct ring *ring, const struct injected *injected,
			   uint64_t but_slots);
void pad_area_account(const struct pad_area *area, const struct injected *injected);

#endif
