/*
 * What one recording knows (loop layer, ground floor): what was asked for, and the state that the rooms
 * share. recording.h sets it up and tears it down.
 */
#ifndef LOOP_STATE_SESSION_H
#define LOOP_STATE_SESSION_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "symbols/pattern/pattern.h"
#include "symbols/elf/symbol_sources.h"
#include "tracer/base/metric.h"
#include "tracer/base/memory/part_kind.h"
#include "tracer/loop/state/break_settings.h"
#include "tracer/loop/state/charges.h"
#include "tracer/loop/state/held_tally.h"
#include "tracer/loop/state/hold_times.h"
#include "tracer/loop/state/placement.h"
#include "tracer/loop/state/trap_tally.h"
#include "tracer/loop/state/tsc_clock.h"
#include "tracer/probe/jump/jump_site.h"
#include "tracer/probe/planner.h"
#include "tracer/proc/process_facts.h"
#include "tracer/record/recorder.h"
#include "tracer/sample/sampler.h"
#include "tracer/tracee/launch.h"
#include "tracer/tracee/target.h"

/* How sites are watched. */
enum probe_mode {
	PROBE_AUTO,	  /* traps; jumps where hits are frequent */
	PROBE_BREAKPOINT, /* traps alone */
	PROBE_PAD,	  /* jumps from the first hit on */
};

/* Which stacks are recorded. */
struct stack_wishes {
	bool at_peak; /* of all threads, when their process has more memory than ever before, … */
	uint64_t step_bytes; /* … by so much, … */
	double step_share;   /* … or, with 0 for that, by this share */
	bool at_entries;     /* when a chosen function is called, as often as is cheap */
	bool by_growth; /* of page faults: who grew it; one for each step at least, if that is no share */
};

struct hand_over; /* hand_over.h */

/* Who looks on while a program is recorded. */
struct session_observer {
	/* In the engine, once: the file that is written. */
	void (*note_file)(void *data, const char *path);
	/* In the front end: SIGCHLD or SIGTSTP, which does not stop it then, has come. NULL: it stops as ever. */
	void (*note_signal)(void *data, int signal);
	void *data;
};

struct session_options {
	char *const *command;  /* the program and its arguments, NULL-terminated */
	const pid_t *attached; /* running processes to be recorded, the main one first; borrowed */
	size_t attached_count; /* 0: @command is started */
	const struct pattern_set *patterns; /* borrowed; empty: nothing is probed */
	struct symbol_sources sources;	    /* what it borrows stays */
	const char *output;		    /* NULL: the default name */
	enum metric metric;		    /* what memory means */
	unsigned companions;		    /* companion_bit: what is recorded beside it */
	enum split_mode split;		    /* what it is made of is recorded, too */
	int64_t interval_ns;
	const struct job_rank *rank; /* borrowed; NULL: nothing is known of a job */
	uint64_t max_calls;
	double max_overhead; /* a share of the program's own time: 0.05 is 5 %; 0: whatever it costs */
	enum probe_mode probe_mode;
	int64_t memory_age_ns; /* the memory that a pad records is no older */
	int64_t timeout_ns;    /* the recording ends then; 0: with the last process */
	bool kills_on_timeout; /* and the target with it */
	bool kills_on_exit;    /* the target does not outlive us */
	bool must_trace; /* and that was asked for: without tracing it cannot be had for certain */
	bool sums_tree;	 /* MEM is the sum over all processes */
	bool lists_children; /* CHLD lines */
	bool follows;	     /* children are traced */
	bool traces;	     /* false: no thread is traced, memory is sampled only */
	bool survives;	     /* the target gets a handler for the case that the engine is killed */
	bool wants_python;   /* patterns without a module are Python functions */
	bool wants_inlined;  /* functions are probed where they are inlined, too */
	bool wants_lines;    /* the lines of the functions are recorded, too ... */
	uint64_t
		max_line_hits; /* ... with a reading at so many executions of each, then now and then */
	bool waits_for_mpi;  /* nothing is probed or recorded before MPI_Init has returned */
	bool wants_marks;    /* marks of mprof_mark.h are probed without being asked for */
	bool allows_missing; /* nothing matched is no failure */
	bool marks_start; /* a MARK (PROFILE_LOADED) says what the program had when it was loaded */
	bool notes_marks; /* PEAK also at the stops where calls begin and end, if it has risen */
	struct stack_wishes stacks;
	bool is_strict; /* a pattern that matches nothing at the start ends the run there */
	const struct break_settings *breaks; /* borrowed; NULL: there are none */
	struct hand_over
		*hand_over; /* with BREAK_GDB: shared with the front end. Of the engine's */
	const struct session_observer *observer; /* borrowed; NULL: none */
	struct launch_context launch_context;
	bool is_repeated; /* it is of an earlier recording: what we are by now is not the caller's */
	int end_signal; /* in the front end: the last signal that asks a program to end; 0: none came */
	pid_t front_pid; /* the front end: passes the terminal's signals on; its death ends the recording */
};

/* The highest memory of one process. */
struct process_peak {
	uint64_t bytes; /* 0: none was read */
	pid_t pid;
	char name[PROCESS_NAME_BYTES]; /* of its program then */
};

/* Why the recording ended. */
enum session_end {
	SESSION_ENDED,	     /* the last process did */
	SESSION_TIMED_OUT,   /* the program goes on, or was killed, as the options have it */
	SESSION_INTERRUPTED, /* we were asked to */
};

/* What the summary tells. */
struct session_counts {
	uint64_t hits;		/* probe hits, entries and returns */
	uint64_t failed_hits;	/* hits that could not be dealt with */
	uint64_t failed_stops;	/* other stops likewise */
	uint64_t lost_returns;	/* calls whose return cannot be noticed */
	uint64_t copied_traps;	/* hits of our traps in copies of code */
	uint64_t recorded_hits; /* of @hits, those that pads have recorded */
	uint64_t
		summed_calls; /* of @recorded_hits, an entry and a return each, those without a record */
	uint64_t jumps;	      /* sites that became one */
	uint64_t punned_jumps;	/* of these, one that is punned */
	uint64_t refused_jumps; /* sites that are hit often and cannot */
	uint64_t processes;
	struct process_peak main_peak, child_peak; /* the kernel's, where it has one */
	uint64_t
		tree_bytes; /* the sum of all processes: of what each was last sampled with, or of one tick */
	uint64_t tree_peak_bytes; /* the highest such sum … */
	int64_t tree_peak_ns;	  /* … and when that was */
	uint64_t left_out_bytes; /* huge pages of one process that the metric leaves out, at most */
};

/* status_line.c's own. */
struct status_line {
	int fd;		/* of the terminal, for us alone; -1: there is no such line */
	dev_t terminal; /* its device */
	int64_t next_ns;
	unsigned free_looks; /* so many of the last ones found the terminal free */
	bool is_shown;
};

/* When sums of pads were looked at last, the time before, and the one before that. */
struct sums_state {
	int64_t taken_ns, before_ns, earlier_ns;
};

/* When a signal was delivered last to the main process. */
struct received_signal {
	pid_t sender;
	int64_t time_ns; /* 0: never */
};

/* calls/calls_at_attach.c's own: threads that were there at attach, and whose calls are not known yet. */
struct calls_at_attach_state {
	size_t unread_count; /* so many there were at the last look */
	size_t look_cursor; /* of the look that is being taken, in the map of tracees; 0: none is */
	size_t seen_count;  /* those that it has met so far */
	unsigned looks;	    /* that have begun */
};

/* What has been done about a probe that was too expensive. */
struct overhead_act {
	const struct probe *probe;
	bool is_drop; /* else its calls are summed up */
	int64_t time_ns;
	double share;	/* of the program's own time, that it cost */
	uint64_t calls; /* until then */
};

/* overhead/overhead.c's own. */
struct overhead_state {
	int64_t started_ns; /* the recording was */
	int64_t since_ns;   /* the window began; 0: none has */
	int64_t next_ns;    /* when it is looked at again */
	double other_share; /* in the last window, of stops that are no probe's, … */
	bool has_before;    /* … if there was one that can be compared with this one */
	bool has_rest;	    /* sites of dropped probes wait for returns */
	int64_t rest_next_ns, rest_pause_ns;
	struct overhead_act *acts; /* in their order. Owned */
	size_t act_count, act_capacity;
	double unkept_share; /* the highest that stayed when there was nothing left to be dropped; 0: it never was so */
};

/* lines/line_tables.c's own: when the recording of lines began, and when they are written next. */
struct lines_state {
	int64_t since_ns, next_ns;
};

struct stop;
struct rusage;
struct growth;	     /* growth/growth.c owns the type */
struct stacks;	     /* stacks/stacks.c owns the type */
struct entry_stacks; /* stacks/entry_stacks.c */

struct session {
	const struct session_options *options;
	/* dispatch_stop, for those below it that must wait for other stops. */
	struct error *(*deal_with_stop)(struct session *session, const struct stop *stop,
					const struct rusage *usage);
	struct target target;
	struct planner planner;
	struct placement placement;
	struct tsc_clock tsc;
	struct jump_store jumps;
	uint64_t stop_number; /* of the stops so far; see struct site_heat */
	pid_t looked_at; /* dispatch/arrivals.c's own: the thread of a trap that is not fetched; 0: none */
	bool has_rings; /* there may be records of pads to be taken */
	struct sums_state sums;
	struct charges charges;
	struct overhead_state overhead;
	struct lines_state lines;
	struct addr_map python_lines; /* of python/python_lines.c: by the probe. Owned */
	struct break_state breaks;
	struct status_line status_line;
	struct recorder *recorder;
	struct addr_map
		early_stops; /* tid -> stop of a thread that its parent has not announced yet */
	pid_t main_pid;
	int main_status; /* -1: still running */
	int main_signal; /* that has killed it; 0: none */
	enum session_end end;
	int64_t first_sample_ns; /* 0: there is none yet */
	bool is_started;	 /* the first exec has happened */
	bool is_waiting;	 /* options->waits_for_mpi, and it has returned in no process yet */
	bool is_orphaned;	 /* the front end has died */
	bool is_releasing;	 /* all threads are being detached */
	bool is_released; /* at the timeout: the main process runs on, and is ours to wait for */
	bool lets_go;	  /* a process waits for let_go_run */
	bool is_mapped;	  /* the libraries of the main process: what matches nothing may be told */
	bool start_was_told;   /* that has been done */
	bool start_was_marked; /* options->marks_start, and the program has begun */
	bool is_refused; /* --strict: the program was killed before its own code, or not touched */
	struct received_signal last_signals[_NSIG]; /* by number */
	struct calls_at_attach_state calls_at_attach;
	struct growth *growth; /* growth/growth.c's own; NULL: it is not asked for, or refused */
	/* Processes that are not traced may have new children: to be found now. */
	void (*find_children)(struct session *session);
	struct stacks *stacks;		   /* stacks/stacks.c's own; NULL: none was taken yet */
	struct entry_stacks *entry_stacks; /* likewise */
	size_t untraced_count;		   /* processes that are sampled only */
	struct session_counts counts;
	struct held_tally held; /* of what pads have recorded, the memory that was held */
	struct hold_times holds;
	struct trap_tally traps; /* of the hits of sites that the user asked for */
	struct sampler sampler;
	int64_t parts_next_ns; /* memory/parts.c's own: when the mappings of a process may be looked at again */
	bool stretch_was_told;		/* that samples cannot be taken at the interval */
	bool parts_unreadable_was_told; /* that what it is made of may not be read of some process */
	bool unreadable_was_told;	/* that the memory of some process may not be read */
};

#endif
