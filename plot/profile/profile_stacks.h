/*
 * Stacks of a profile (plot layer): what FRAME and STACK records say.
 *
 * A frame is a function as called by its outer frame; so a stack is its innermost frame, by index.
 */
#ifndef PLOT_PROFILE_PROFILE_STACKS_H
#define PLOT_PROFILE_PROFILE_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/profile_format.h"

struct profile_frame {
	uint64_t id;	 /* in the file; they rise */
	int32_t outer;	 /* index of its caller's, which is lower; -1: it is outermost */
	int32_t name;	 /* index into names: "f(int)", with spaces where the file has U+00A0 */
	int32_t module;	 /* likewise: of its file, "-": none */
	uint16_t depth;	 /* frames outside of it */
	bool is_inlined; /* into its caller */
};

/* Where a stack was met. */
struct met_stack {
	int64_t at_ns;
	double mib;	 /* of its process then */
	int32_t process; /* index into profile.processes */
	int32_t tid;
	int32_t frame;	  /* the innermost; -1: not known */
	int32_t detail;	  /* index into names: what it slept in, what was entered; -1: none */
	double grown_mib; /* with STACK_GREW: by that stack, since the peak before */
	enum stack_why why : 8;
	enum stack_state state : 8;
};

/* What a stack has grown in a window of time. */
struct grown_stack {
	int64_t from_ns, to_ns;
	double mib;
	uint64_t faults;
	int32_t process; /* index into profile.processes */
	int32_t frame;	 /* the innermost; -1: not known */
};

struct profile_stacks {
	char **names; /* each once, owned */
	size_t name_count, name_capacity;
	struct addr_map name_of_key;  /* -> index + 1; of several with one key, the last */
	struct profile_frame *frames; /* by id */
	size_t frame_count, frame_capacity;
	struct met_stack *met; /* in the file's order */
	size_t met_count, met_capacity;
	struct addr_map met_of_call; /* process, thread and time of entries -> index + 1 */
	struct grown_stack *grown;   /* likewise */
	size_t grown_count, grown_capacity;
};

/* Zeroed it is empty. */
void profile_stacks_deinit(struct profile_stacks *stacks);

/* Makes @ret, which holds nothing, hold the same. It is to be released on failure, too. */
struct error *profile_stacks_copy(const struct profile_stacks *stacks,
				  struct profile_stacks *ret) MUST_CHECK;

/* The index of a text; finds or adds. */
struct error *profile_stacks_name(struct profile_stacks *stacks, const char *text, size_t bytes,
				  int32_t *ret) MUST_CHECK;

/* The index of the frame with that id; -1: there is none. */
int32_t profile_stacks_find(const struct profile_stacks *stacks, uint64_t id);

struct error *profile_stacks_add_frame(struct profile_stacks *stacks,
				       const struct profile_frame *frame) MUST_CHECK;
struct error *profile_stacks_add_grown(struct profile_stacks *stacks,
				       const struct grown_stack *grown) MUST_CHECK;
struct error *profile_stacks_add_met(struct profile_stacks *stacks,
				     const struct met_stack *met) MUST_CHECK;

/* Drops the stacks of processes that are not @wanted, which is by their index. */
void profile_stacks_keep(struct profile_stacks *stacks, const bool *wanted);

/* The stack of the call that thread @tid of a process began at @in_ns; NULL: it was not recorded. Valid until one is added. */
const struct met_stack *profile_stacks_entry(const struct profile_stacks *stacks, int32_t process,
					     int32_t tid, int64_t in_ns);

#endif
