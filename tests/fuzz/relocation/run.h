/*
 * Runs code from a state of all registers, vectors and some memory, and says in which state it ends, by whatever
 * signal. rt_sigreturn(2) enters it and a signal's frame keeps what it leaves, so that the kernel itself moves all there is.
 */
#ifndef TESTS_FUZZ_RELOCATION_RUN_H
#define TESTS_FUZZ_RELOCATION_RUN_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

enum {
	DATA_BYTES = 8192,	/* that instructions may read and write; nothing is mapped around */
	CODE_BYTES = 64 * 1024, /* full of int3, in its middle what is run */
	COPY_BYTES = 4096,
	VECTOR_BYTES_MOST = 8192, /* of an XSAVE area */
};

/* Where code, data and the relocated copy of the code are; the data is mapped at @low, too. */
struct run_layout {
	uint8_t *code, *data, *copy, *low;
	uint8_t *code_to_write, *copy_to_write; /* the same memory; no instruction finds it */
};

struct run_state {
	greg_t gregs[NGREG];
	uint64_t fs, gs; /* bases */
	uint8_t vectors[VECTOR_BYTES_MOST];
	uint8_t data[DATA_BYTES];
	/* Of results: */
	int signal, code;
	uint64_t address;
	size_t vector_bytes;
};

/* Two layouts: all below 2 GiB, and code and data where programs are nowadays. The first call maps them. */
enum { LAYOUTS = 2 };
const struct run_layout *run_layouts(void);

/* In the process that runs code: takes its signals, and its one CPU. Ends the process where that fails. */
void run_init(void);

/* What vectors are before anything is set; the bytes of the XSAVE area that are in use. */
size_t run_vectors(uint8_t ret[VECTOR_BYTES_MOST]);

/* Its data is put where @layout says. @ret->signal SIGALRM: it did not end. */
void run_code(const struct run_state *state, const struct run_layout *layout,
	      struct run_state *ret);

#endif
