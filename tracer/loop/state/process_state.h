/*
 * What the rooms of the loop layer keep of each process (loop layer, ground floor).
 *
 * It is the state in struct process: zeroed when the process becomes known, freed when it is forgotten.
 * Each struct belongs to the room that its name says; the others leave it alone or ask that room.
 */
#ifndef LOOP_STATE_PROCESS_STATE_H
#define LOOP_STATE_PROCESS_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/loop/state/break_settings.h"
#include "tracer/loop/state/met_again.h"
#include "tracer/proc/signal_state.h"
#include "tracer/record/part_slots.h"
#include "tracer/record/recorder_with.h"
#include "tracer/sample/sampler.h"

struct call_stack; /* pairing/call_stack.h owns the type */

/* A thread that was about to call sigaction(2) for SIGTRAP, and where; it may not have done so yet. */
struct trap_setter {
	pid_t tid; /* 0: there is none */
	taddr_t pc, sp;
	bool was_ignored; /* the signal, until then */
};

struct process_hit_state {
	/* The program's own for SIGTRAP: 0 default, 1 ignored, 2 one that is not known yet. */
	uint64_t trap_handler;
	bool is_spawned; /* by posix_spawn, perhaps, which says what it wants past libc's own sites */
	bool trap_was_delivered;   /* a SIGTRAP of the program's own, since the handler was set */
	struct trap_setter setter; /* of trap_handler */
	/* While we ignore it in the program's place, and have been told so: the action, and the kernel's handler, or 0. */
	struct kernel_sigaction ignored;
	uint64_t stand_in;
	unsigned resets; /* of its action for SIGTRAP, at our traps, that were found and mended */
	bool is_no_init; /* known not to be the first process of a PID namespace */
};

/* Of one that is let go because of a call of ptrace(2), or for a break; dispatch/let_go.h. */
struct process_leave_state {
	pid_t caller;	    /* its thread that stands before such a call; 0: none */
	pid_t wanted;	    /* the thread that the call is about; 0: itself */
	pid_t on_behalf_of; /* it leaves for the call of this process; 0: it does not */
	int64_t since_ns;   /* when its own call began to wait, or its threads were asked to stop */
	bool stands_still;  /* its threads leave together, and stand still then, … */
	bool is_stopped;    /* … for which they have been sent SIGSTOP */
};

struct process_calls_state {
	struct call_stack *orphans;	 /* calls on stacks of fibers whose last thread has ended */
	struct addr_map goroutines;	 /* address of a goroutine -> its struct goroutine, owned */
	struct met_again_list met_again; /* sites that goroutines will hit once more */
	bool has_migrants;     /* a call has returned on another thread than it began on */
	bool has_inner_stacks; /* a stack within a frame was met: entries want a look at the thread */
	int64_t attached_ns;   /* when it was attached to, and the memory that it had then */
	uint64_t attached_bytes;
};

/* What we ourselves have added to the memory of a process. */
struct process_added {
	uint64_t recorded_bytes;    /* as last written down */
	uint64_t weighed_bytes;	    /* by the kernel's figures, where our books do not suffice */
	uint64_t version;	    /* of our pages, when they were last looked at */
	int64_t looked_ns, cost_ns; /* when, and how long it took */
	bool is_reviewed_at_events; /* instead of at ticks: lines are charged by these readings */
	uint64_t event_bytes;	    /* of the kernel's, as last read at one */
};

/* What the file has of its parts. */
struct process_parts {
	struct part_slots counters, maps;
	int64_t looked_ns, cost_ns; /* at its mappings: when, and how long it took */
};

/* What the file has of what is recorded beside it. */
struct process_companions {
	struct companion_slot slots[COMPANIONS];
	int64_t limits_ns; /* when limits were looked at */
};

struct process_memory_state {
	struct sampled_process sampled;
	uint64_t peak_bytes; /* of one that is sampled and not traced, as last read */
	struct process_added added;
	struct process_parts parts;
	struct process_companions companions;
	uint64_t highest_bytes; /* of all readings since the last exec */
	uint64_t last_bytes;	/* what was read last; 0: nothing yet */
	/* The kernel's mark when it was looked at, and written, at a call last. */
	uint64_t noted_bytes;
	uint64_t
		summed_bytes; /* its part of session_counts' tree_bytes, where samples are added up */
};

/* For charges.h. */
struct process_time_state {
	int64_t cpu_ns; /* as last read */
	bool is_known;	/* it was */
};

/* A stack by which a process got memory. */
struct stack_grower {
	uint32_t node; /* see stacks/stacks.h */
	pid_t tid;
	uint64_t bytes;
};

/* growth/growth_pages.h: since a reading of what the process has in memory, that is the base. */
struct process_growth_state {
	bool has_base;	     /* there is one */
	uint64_t read_bytes; /* growth_readings.c's own: the memory that was charged last */
	bool has_forked; /* or was forked, since its exec: a fault may be no growth, but a page that was shared */
	bool is_met; /* among the faults at hand is one of the process */
	uint64_t base_own_bytes, base_shared_bytes; /* anonymous, and of files and shared memory */
	uint64_t shared_bytes; /* shared memory charged since, which is certain as well */
	uint64_t own_bytes;    /* charged since, where it is certain */
	uint64_t huge_bytes, huge_stacks,
		file_bytes; /* not certain: what was found times what it stands for */
	double excess_bytes; /* grown, and not charged to anybody: huge pages of which no stack was taken */
	double late_bytes; /* of it, what came when memory was weighed last; negative: none did */
	size_t huge_sum;   /* where the last huge page went, while @huge_epoch is growth_pages' */
	uint64_t huge_epoch;
	double own_factor, huge_factor, file_factor; /* what that has to be multiplied by */
};

/* stacks/peak_stacks.h */
struct process_stacks_state {
	uint64_t mark_bytes;	      /* at the last mark; 0: there was none since the last exec */
	uint64_t due_bytes;	      /* at one whose stacks are to be taken now; 0: none is */
	int64_t look_next_ns;	      /* when the kernel's mark is read next */
	struct stack_grower *growers; /* since then, in no order; owned */
	size_t grower_count, grower_capacity;
};

/* lines/line_tables.c's own. */
struct process_lines_state {
	struct addr_map tables; /* by the function: what its lines have gained. Owned */
};

/* dispatch/core_dump.h */
struct process_dump_state {
	bool is_under_way; /* a thread is about to get a signal that dumps core */
};

struct process_state {
	struct process_time_state time;
	struct process_hit_state hit;
	struct process_leave_state leave;
	struct process_calls_state calls;
	struct process_memory_state memory;
	struct process_dump_state dump;
	struct process_growth_state growth;
	struct process_stacks_state stacks;
	struct process_lines_state lines;
	struct process_break_state breaks;
};

#endif
