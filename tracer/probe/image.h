/*
 * The modules and sites of one address space (probe layer). Rebuilt at exec, cloned at fork.
 */
#ifndef PROBE_IMAGE_H
#define PROBE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/file/inlined.h"
#include "symbols/file/symbol_file.h"
#include "tracer/arch/arch.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/probe/code/cuts.h"
#include "tracer/probe/code/function_traits.h"
#include "tracer/probe/patch/code_reader.h"
#include "tracer/probe/patch/footprint.h"
#include "tracer/probe/patch/patch.h"
#include "tracer/probe/patch/semaphores.h"
#include "tracer/probe/patch/pad_area.h"
#include "tracer/probe/fallback/trap_fallback.h"
#include "tracer/probe/probe_set.h"
#include "tracer/tracee/address_space.h"
#include "tracer/proc/proc_maps.h"
#include "tracer/tracee/target.h"

/* Why a site stands where it stands; one may have several roles. */
enum site_role {
	SITE_ENTRY = 1 << 0,  /* a probed function's first instruction */
	SITE_RETURN = 1 << 1, /* a return address of calls of probed functions */
	SITE_RET_INSN =
		1 << 2,	      /* a return instruction of a probed function whose return address must
				   not be touched (signal trampoline, code made at run time) */
	SITE_LINKER = 1 << 3, /* where the dynamic linker reports a change of its list */
	SITE_SIGMASK = 1 << 4,	 /* libc's pthread_sigmask */
	SITE_SIGACTION = 1 << 5, /* libc's sigaction */
	SITE_SYSCALL = 1 << 6,	 /* libc's syscall */
	SITE_RESOLVER = 1 << 7,	 /* chooses the implementation of a probed function; see ifunc.h */
	SITE_GO_COPY = 1 << 8,	 /* runtime.copystack of Go */
	SITE_INTERNAL_RETURN = 1 << 9, /* where calls of the last two return */
	SITE_START = 1 << 10,	       /* the program's entry point; see linker_break.h */
	SITE_WAKEUP = 1 << 11,	    /* where a thread resumes that sleeps in calls not known yet */
	SITE_PYTHON_MAIN = 1 << 12, /* Py_RunMain: a Python interpreter is ready for its script */
	SITE_PYTHON_EVAL = 1 << 13, /* PyEval_EvalCode: a module or the like is about to run */
	SITE_PYTHON_MARK = 1 << 14, /* what python_helper.py calls to tell us something */
	SITE_PYTHON_ASK =
		1 << 28, /* where an interpreter that runs already is asked for a safe point … */
	SITE_PYTHON_SAFE = 1 << 29, /* … and what it calls then */
	SITE_PYTHON = SITE_PYTHON_MAIN | SITE_PYTHON_EVAL | SITE_PYTHON_MARK | SITE_PYTHON_ASK |
		      SITE_PYTHON_SAFE,
	SITE_USDT = 1 << 15,   /* a static probe */
	SITE_PTRACE = 1 << 19, /* libc's ptrace */
	SITE_INLINED =
		1 << 16,      /* where code of probed functions within others is entered or left */
	SITE_CLONE = 1 << 17, /* libc's clone */
	SITE_COPY = 1 << 18,  /* our trap in a copy of code that may not be written to */
	SITE_MLOCKALL = 1 << 20, /* libc's mlockall */
	SITE_EXEC = 1 << 21,	 /* libc's execve: the last stop before its memory is gone */
	SITE_PRCTL = 1 << 22,	 /* libc's prctl */
	SITE_EVICTED =
		1 << 23, /* its jump is what the one of the site in front needs; jump/eviction.h */
	SITE_LOADED = 1 << 24, /* the program's entry point: how much memory is there is told */
	SITE_MPI_INIT =
		1 << 26, /* MPI_Init, or what else does its work: at its return recording begins */
	SITE_LINE = 1 << 25, /* lines of a probed function begin here */
	/* libc's posix_spawn, where nothing is to be done by us; trap_fallback.h */
	SITE_SPAWN = 1 << 27,
	/* Those that tell what the program itself does with SIGTRAP. */
	SITE_TRAP_WATCH = SITE_SIGMASK | SITE_SIGACTION | SITE_SYSCALL,
	/* Those that calls are told by. */
	SITE_OF_CALLS = SITE_ENTRY | SITE_RETURN | SITE_RET_INSN | SITE_PYTHON_MARK | SITE_USDT |
			SITE_INLINED | SITE_LINE,
	/* Those at which a thread that a signal has led back to the site must not be taken twice. */
	SITE_ONCE = SITE_ENTRY | SITE_INLINED | SITE_USDT | SITE_PYTHON | SITE_LINE,
};

#define SITE_ANY (~0u) /* roles */

/* How often a site is hit, and what has become of that; promotion.h. */
struct site_heat {
	uint32_t hits;	   /* by stops */
	uint32_t next_try; /* at so many of them it is looked at again; 0: not yet set */
	uint64_t
		since; /* with a pad: the stop (image->stops) since which no thread enters the window */
	uint8_t waits;		       /* so often threads might have been in its window, … */
	bool is_pun_tried;	       /* … and that is not waited for any more */
	bool is_join_tried, is_joined; /* lines/joined_lines.h */
	const char *refusal; /* why it cannot become a jump; NULL: nothing is known against it */
	const char *why;     /* a literal: why its last hit was a stop; NULL: none was yet */
	uint64_t stops;	     /* so many of them in a row, for that reason */
};

struct site {
	taddr_t address;
	unsigned roles;
	struct patch patch; /* how a thread is stopped there */

	struct site_heat heat;
	uint16_t sum;	     /* with SITE_ENTRY: of its calls (jump/summing.h); 0: none */
	bool is_sum_refused; /* with SITE_RETURN: more than one function returns there, perhaps */

	uint8_t passers;   /* with SITE_WAKEUP: hits of threads that were not awaited */
	uint8_t strangers; /* with SITE_SYSCALL and SITE_CLONE: calls of others than we look for */

	/* With SITE_ENTRY: */
	struct probe *probe;	 /* borrowed */
	uint64_t function_bytes; /* extent, 0: unknown */
	unsigned variant;	 /* linkage_name_variant */
	bool is_scanned;	 /* @traits are known */
	bool has_ret_sites;	 /* its return instructions carry sites */
	struct function_traits traits;

	/*
	 * With SITE_RETURN and SITE_RET_INSN: whose calls have made it, borrowed; and whether calls of others are known to
	 * return there, too.
	 */
	struct probe *
		returns_of; /* NULL: of one that has been dropped; nobody else's since so many looks */
	bool is_shared;
	uint8_t unclaimed_looks;

	/* With SITE_USDT; each may be NULL. Borrowed. */
	struct probe *moment; /* a MARK record */
	struct probe *pair;   /* its calls begin or end here */
	bool is_pair_end;

	/* With SITE_INLINED: its points in the plan of its file, which is borrowed. */
	const struct inlined_plan *inlined;
	uint32_t inlined_first, inlined_end;
	struct cfa_rule inlined_cfa; /* of all of them; unknown: they differ */

	/* With SITE_LINE, and SITE_ENTRY of a function whose lines are looked at, else NULL: its plan, borrowed; which of its points are here. */
	const struct line_function *lines;
	uint32_t line_first, line_end;
	struct probe *line_of; /* with SITE_LINE: whose lines. Borrowed */
	uint32_t
		recorded_count; /* where lines are looked at: by its pad, or by its trap while there is none */
	taddr_t joined_to; /* with SITE_LINE: the site in front of it that tells of its lines, too; 0: none */

	struct probe *implements; /* with SITE_RESOLVER: what it resolves; borrowed */
};

/* A mapped ELF file's executable part. */
struct module {
	uint64_t start, end;
	uint64_t device, inode;
	uint64_t bias;			/* file address + bias = target address */
	bool is_opened;			/* @bias and @file are set */
	bool is_writable;		/* the program may change its code as it likes */
	bool is_vdso;			/* the kernel's; @file is NULL (jump_site.h reads it) */
	bool is_unread_libc;		/* damaged, or we had no memory: @file is NULL */
	const struct symbol_file *file; /* borrowed; NULL: not readable as ELF */
	/* So many stops at its sites since then (CLOCK_MONOTONIC); for loop/hit/heat.c. */
	uint32_t stops;
	int64_t stops_since_ns;
	bool is_warm;
};

struct inlined_plan;  /* inlined_plan.h */
struct line_function; /* lines/line_plan.h */

/* A Python interpreter with our helper in it; loop/python.h. Zeroed: none. */
struct python_image {
	taddr_t adopt; /* the helper's function for code that is about to run; 0: none is needed */
	taddr_t call;  /* PyObject_CallFunctionObjArgs */
	taddr_t none;  /* _Py_NoneStruct: what adopt returns when the code may stay as it is */
	taddr_t leave; /* the byte that tells the helper to take itself away; 0: there is none */
	struct python_ask {
		enum python_asking {
			PYTHON_NOT_ASKED, /* nothing is to be asked, or any more */
			PYTHON_IS_TO_BE_ASKED,
			PYTHON_IS_ASKED, /* the pending call is still to be made */
			PYTHON_HAS_ANSWERED,
		} state;
		bool was_told;	    /* that it is waited for */
		unsigned strangers; /* who came by where they may not ask */
		int64_t since_ns;   /* CLOCK_MONOTONIC */
		taddr_t safe;	    /* PyErr_CheckSignals */
		taddr_t eval;	    /* _PyEval_EvalFrameDefault, and its extent */
		uint64_t eval_bytes;
	} ask;
};

/* What an object says to the function that carries the marks of Python; loop/python/python_mark.h. */
struct python_mark {
	struct probe *probe; /* borrowed */
	/* 'E': a call begins; it ends: 'R', or 'U', by an exception; it is suspended: 'Y', resumed: 'S'; 'L': a line */
	char says;
	uint32_t line;			   /* with 'L': an index of @lines */
	const struct line_function *lines; /* borrowed; NULL: they are not looked at */
};

struct image {
	struct python_image python;
	/* Address of an object that stays as it is -> struct python_mark, owned. A clone's is empty. */
	struct addr_map python_marks;
	struct address_space *space; /* borrowed: the space owns the image */
	struct addr_map sites;	     /* address -> struct site, owned */
	struct module *modules;
	size_t module_count, module_capacity;
	struct injected injected; /* what we have mapped, … */
	struct trap_fallback trap_fallback;
	struct pad_area pads;
	/* Where signals have met threads, and handlers may still return to; see image_cut. */
	struct cuts cuts;
	struct site **
		numbered; /* sites by their pads' numbers; NULL: forgotten. Owned, not what it holds */
	size_t numbered_count, numbered_capacity;
	/* By the numbers of sums (jump/summing.h), from 1 on: whose calls they have; owned, not what it holds. */
	struct probe **sum_probes;
	size_t sum_count, sum_capacity;
	bool has_no_sums;	    /* calls are not summed up any more */
	struct footprint footprint; /* … and what our patches add to it */
	struct code_reader reader;
	struct semaphores semaphores;
	/* See copies.c: traps that are the program's own (by place and code), and places of ours. */
	struct addr_map own_traps, mended_traps;
	unsigned linker_hits;  /* how often the dynamic linker has reported */
	struct proc_maps maps; /* as last read for image_same_mapping */
	bool has_linker_site;  /* changes of the list of libraries will be noticed */
	bool defers_patches;   /* sites are only prepared, until image_arm (arming/arming.h) */
	taddr_t last_block;    /* the code block that was written last, … */
	taddr_t last_patched;  /* … and the site whose patch was; 0: none */
	bool watches_traps; /* those of SITE_TRAP_WATCH are patched, of what was there at attach */
	bool is_restored;   /* by image_restore: it has no patches any more */
	bool is_given_up;   /* by image_give_up */
	bool is_waiting;    /* nothing that the user asks for is inserted yet (planner_begin) */
	bool is_settled;    /* all libraries of the start have been mapped */
	bool is_attached;   /* the program ran already when it was attached to */
	bool is_go;	    /* frames are those of goroutines, which move */
};

/* Hangs an empty image on @space. */
struct error *image_create(struct address_space *space) MUST_CHECK;
void image_destroy(struct image *image); /* takes it off its space; restores nothing */

/* Hangs a copy of @parent on @space, whose memory is a copy of @parent's. */
struct error *image_clone(const struct image *parent, struct address_space *space) MUST_CHECK;

struct site *image_site(const struct image *image, taddr_t address); /* NULL: none */

/*
 * A thread has got a signal with its pc at @pc, where it will run on when a handler of the program's returns: no jump
 * may ever displace what is around it. (When that is, is not asked; the program may have left the handler
 * otherwise.)
 */
void image_cut(struct image *image, taddr_t pc);

/* Whether that may have been within the @bytes from @address on, but for the first. */
bool image_is_cut(const struct image *image, taddr_t address, size_t bytes);

/* Whether @pc is behind the first byte of what the jump of @site displaces, or is going to. */
bool site_window_holds(const struct site *site, taddr_t pc);

/*
 * The site whose jump, if it is written or going to be, displaces or needs the byte at @at, behind its own first one;
 * NULL: none.
 */
struct site *image_window_site(const struct image *image, taddr_t at);

/*
 * Makes room for a patch at @address: a punned jump, which needs the code that follows it, becomes a trap. Fails with
 * ERR_FORMAT where a jump displaces the code there.
 */
struct error *image_make_way(struct image *image, taddr_t address) MUST_CHECK;

/* A jump becomes a trap; before that the one in front that needs it does (SITE_EVICTED). */
struct error *image_demote(struct image *image, struct site *site) MUST_CHECK;

/* The site whose jump is at @at, or was or may be, behind a call mark; NULL: none. */
struct site *image_jump_site(const struct image *image, taddr_t at);

/* @patch has no pad any more; no thread may come to run through it again. */
void image_drop_pad(struct image *image, struct patch *patch);

/* The site whose pad has @number; NULL: none has any more. */
struct site *image_numbered(const struct image *image, uint32_t number);

/* The site whose block or pad holds @pc; NULL: none. */
struct site *image_block_site(const struct image *image, taddr_t pc);

/*
 * The site whose code block holds @pc, and the state of the original program there; NULL when @pc is
 * in no block.
 */
struct site *image_slot_site(const struct image *image, taddr_t pc,
			     const struct arch_slot_point **ret_point);

/* As address_space_read_some, with the program's own bytes where there are patches. */
size_t image_read_code(const struct image *image, taddr_t from, uint8_t *ret, size_t bytes);

/* Puts the program's own bytes where there are patches in @code, which was read from @from on. */
void image_hide_patches(const struct image *image, taddr_t from, uint8_t *code, size_t bytes);

/* Takes the patch of @site away, if it is still there; what needs it becomes a trap before. */
struct error *image_disarm(struct image *image, const struct site *site) MUST_CHECK;

/* Puts back the original bytes of all sites; for a space that is released. The sites stay known, so
 * that threads can still be led out of code blocks. */
struct error *image_restore(struct image *image) MUST_CHECK;

/* Likewise, but for the sites of SITE_TRAP_WATCH, which are last. */
struct error *image_restore_but_watches(struct image *image) MUST_CHECK;

/*
 * The same, and nothing is inserted any more (image_insert refuses with ERR_FORMAT): something of ours has
 * failed, and the process is recorded without probes.
 */
struct error *image_give_up(struct image *image) MUST_CHECK;

/* Takes the traps away from process @pid, whose memory is a copy of that of @image, and has no image. */
struct error *image_restore_copy(const struct image *image, pid_t pid) MUST_CHECK;

/* Whether something of ours is mapped in it. */
bool image_has_mappings(const struct image *image);

/*
 * Takes that away; @tracee as for remote_syscall. No thread may be in a code block, no patch be left.
 * Where it cannot be taken away, image_leave_mappings leaves it for the next mprof-trace that attaches.
 */
struct error *image_unmap(struct image *image, struct tracee *tracee) MUST_CHECK;
void image_leave_mappings(struct image *image);

/*
 * Takes over what another mprof-trace has left in process @pid, whose mappings are @maps, and takes
 * away its patches if it was killed: *@ret_healed says how many. No thread needs to be stopped.
 */
struct error *image_adopt(struct image *image, pid_t pid, const struct proc_maps *maps,
			  size_t *ret_healed) MUST_CHECK;

/* Forgets @site; writes nothing. */
void image_forget_site(struct image *image, struct site *site);

/*
 * Likewise for what another mapping has taken the place of: but when the program has copied its code
 * there, our patches are in the copy, and these sites stay. Whether there are any.
 */
bool image_forget_replaced(struct image *image, uint64_t start, uint64_t end);

/* Forgets the sites in [start, end), which is no longer mapped; writes nothing. */
void image_forget(struct image *image, uint64_t start, uint64_t end);

/*
 * Whether two addresses lie in one mapping of process @pid, and so perhaps on one stack. The mappings
 * are read again only when an address is in none of those known.
 */
bool image_same_mapping(struct image *image, pid_t pid, taddr_t a, taddr_t b);

/* Where the mapping that holds @address ends, as above; 0: it is in none. */
taddr_t image_mapping_end(struct image *image, pid_t pid, taddr_t address);

/*
 * Where the file mapped at @pc in process @pid has its ELF header (proc_maps_elf_header). The
 * mappings are read again only as above.
 */
bool image_find_elf(struct image *image, pid_t pid, taddr_t pc, taddr_t *ret_header);

/* Whether any probed function is in it. */
bool image_has_entries(const struct image *image);

/* The module that holds @address, NULL: none known. */
struct module *image_module_at(const struct image *image, taddr_t address);

#endif
