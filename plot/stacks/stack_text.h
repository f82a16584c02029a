/*
 * Stacks in words (plot layer).
 */
#ifndef PLOT_STACKS_STACK_TEXT_H
#define PLOT_STACKS_STACK_TEXT_H

#include <stdio.h>

#include "plot/profile/profile.h"

/* "got 98.5 MiB", "asleep in futex", "stopped at a probe", "running": what the thread did. */
enum { STACK_STATE_BYTES = 160 };
void stack_state_text(const struct profile *profile, const struct met_stack *met,
		      char ret[static STACK_STATE_BYTES]);

/*
 * The functions of the stack that begins at @frame, the innermost first, a line each behind @indent: with their files, and cut
 * to @width columns; 0: not cut.
 */
struct error *stack_write(const struct profile *profile, int32_t frame, const char *indent,
			  size_t width, FILE *out) MUST_CHECK;

/*
 * The names of at most @lines of them, a line each, no wider than @columns, for a tooltip; the last line says how many more
 * there are. *@ret is owned.
 */
struct error *stack_brief(const struct profile *profile, int32_t frame, size_t lines,
			  size_t columns, char **ret) MUST_CHECK;

#endif
