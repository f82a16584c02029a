/*
 * The chain of calls that a thread is in, by the call frame information (.eh_frame) of the code
 * it runs (symbols layer; the only user of libunwind).
 *
 * Knows no ptrace and no /proc: memory and registers come from the caller. It may know all registers
 * of a stopped thread, or no more than the pc and sp of a thread asleep in a system call (proc(5),
 * /proc/PID/syscall). Nothing is guessed: each frame follows from the call frame information of the
 * frame inside it. Where there is none, or where it needs a register that is not known, unwinding
 * ends and says so.
 *
 * The target may be damaged or hostile, and may run meanwhile: that costs frames, at worst wrong
 * ones, never our own memory or an endless loop.
 */
#ifndef SYMBOLS_UNWIND_UNWINDER_H
#define SYMBOLS_UNWIND_UNWINDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/unwind/cfi_reader.h"
#include "symbols/unwind/unwind_memory.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct unwind_registers {
	uint64_t values[UNWIND_REGISTERS];
	uint64_t
		known; /* UNWIND_REGISTER_BIT: its value is known; UNWIND_SP and UNWIND_PC have to be */
};

struct unwind_frame {
	taddr_t pc;
	taddr_t sp; /* the stack pointer in this frame; the next outer frame's is this one's CFA */
	uint64_t frame_pointer; /* the register of that name, with ... */
	bool has_frame_pointer; /* ... this */
	bool is_exact; /* @pc is the next instruction to run (innermost, or interrupted by a
			* signal), and no return address: that may lie just behind its function */
};

enum unwind_end {
	UNWIND_COMPLETE,	/* the outermost frame was reached */
	UNWIND_NEEDS_REGISTERS, /* a register that is not known decides how to go on */
	UNWIND_LOST, /* no unwind information, or none that makes sense, or no capacity */
};

/*
 * Finds the frames of a thread that has @registers, innermost first, up to @capacity of them in
 * @ret. *@ret_count are the frames found, *@ret_end says why there are no more; frames found before
 * an end other than UNWIND_COMPLETE are as good as any. In all frames but those that a signal
 * interrupted, sp is greater than in the next inner one; where calls write nothing to the stack
 * (MACHINE_CALL_WRITES_STACK) it may be the innermost one's.
 *
 * Fails with ERR_MEMORY only, and then stores nothing. Keeps nothing between calls; may be called
 * by several threads at once.
 */
struct error *unwind_frames(const struct unwind_memory *memory,
			    const struct unwind_registers *registers, struct unwind_frame *ret,
			    size_t capacity, size_t *ret_count,
			    enum unwind_end *ret_end) MUST_CHECK;

#endif
