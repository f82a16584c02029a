/*
 * Where the interpreter of a Python program keeps what it runs (loop layer).
 *
 * CPython 3.13 says it itself, in a table for debuggers at the beginning of _PyRuntime; of 3.11 and 3.12 the structures are known,
 * which do not change within a version. Others are not understood, and that is said with -v.
 */
#ifndef LOOP_STACKS_PYTHON_LAYOUT_H
#define LOOP_STACKS_PYTHON_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "symbols/unwind/memory_view.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* Offsets in bytes, each in the structure that its name begins with. */
struct python_layout {
	uint32_t runtime_interpreters;
	uint32_t interpreter_next, interpreter_threads;
	uint32_t thread_next, thread_tid;
	/* Either the thread's frame, or, with has_cframes, what each run of the evaluator has of them on its own stack. */
	bool has_cframes;
	uint32_t thread_frame;
	uint32_t cframe_frame, cframe_previous;
	uint32_t frame_code, frame_previous;
	/* A byte that has this value in the frame that the evaluator was entered with; is_entry_shim: that one is no function's. */
	uint32_t frame_entry;
	uint8_t entry_value;
	bool is_entry_shim;
	uint32_t object_type;
	uint32_t code_file, code_name;
	uint32_t text_length, text_state, text_ascii, text_compact;
};

/* What is known of the interpreter in one process; zeroed: nothing yet. */
struct python_process {
	struct addr_map looked_at; /* ELF headers of files that have none -> not NULL */
	struct addr_map threads;   /* key of a thread -> what an interpreter has of it, not NULL */
	uint64_t interpreters;	   /* the first of them when the threads were read, ... */
	bool is_single;		   /* ... and whether it was the only one */
	bool is_found, is_given_up, was_told;
	bool is_in_namespace; /* it knows its threads by other numbers than we do */
	struct python_layout layout;
	taddr_t runtime, code_type, text_type;
};

void python_process_deinit(struct python_process *python);

/*
 * Looks for it in the file whose ELF header is at @header, unless that has been done. A file that has been found is the only
 * one.
 */
struct error *python_process_look(struct python_process *python, struct memory_view *view,
				  taddr_t header) MUST_CHECK;

/* Says once, with -v, why functions of Python are missing. */
void python_process_tell(struct python_process *python, const char *why);

#endif
