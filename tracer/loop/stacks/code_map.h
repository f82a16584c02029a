/*
 * What code is where in one process (loop layer): for unwinding its stacks and naming their functions, whether
 * anything of it is probed or not.
 *
 * It is read from /proc/PID/maps when it is asked for an address that was not mapped, and when it is old: a hundredth of the time goes
 * to it, so that code which has just been made is found, but once a second it is read in any case.
 */
#ifndef LOOP_STACKS_CODE_MAP_H
#define LOOP_STACKS_CODE_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "symbols/file/symbol_file.h"
#include "tracer/loop/stacks/frame_names.h"
#include "tracer/loop/stacks/jit_names.h"
#include "tracer/loop/stacks/python_layout.h"
#include "tracer/proc/proc_maps.h"
#include "tracer/tracee/target.h"

/* Code of a file. */
struct mapped_code {
	uint64_t start, offset_bytes, device, inode;
	uint64_t bias;		  /* file address + bias = address in the process */
	struct file_names *names; /* borrowed; NULL: its file cannot be read */
	bool is_met;		  /* in the last reading */
};

/* Where files' symbols come from; borrowed. */
struct code_sources {
	struct symbol_store *store;
	struct symbol_store *vdsos; /* of those in no file */
	struct frame_names *names;
};

struct code_map {
	struct code_sources sources;
	struct proc_maps maps;
	int64_t read_ns;	/* 0: never */
	int64_t reading_ns;	/* so long it took */
	struct addr_map mapped; /* by start -> struct mapped_code, owned */
	struct jit_names jit;	/* of code in no file */
	struct python_process python;
};

/* Zeroed but for its sources it is empty. */
void code_map_deinit(struct code_map *map);

/*
 * Makes @map that of @process, whose files in /proc are those of thread @tid, unless it is young. What cannot be read leaves it as
 * it is.
 */
void code_map_update(struct code_map *map, pid_t tid);

/* The mapping at @pc; NULL: nothing is there. Valid until the next update. */
const struct mapping *code_map_find(struct code_map *map, pid_t tid, taddr_t pc);

/* Where the file mapped at @pc has its ELF header (proc_maps_elf_header). */
bool code_map_find_elf(struct code_map *map, pid_t tid, taddr_t pc, taddr_t *ret_header);

/*
 * The file that has code mapped at @m of @process; *@ret is valid until the next update, NULL: none, or it cannot be read.
 */
struct error *code_map_open(struct code_map *map, const struct process *process, pid_t tid,
			    const struct mapping *m, struct mapped_code **ret) MUST_CHECK;

#endif
