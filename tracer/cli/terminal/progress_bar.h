/*
 * How far a file has been read, on a terminal, when it takes a while (cli layer).
 */
#ifndef CLI_TERMINAL_PROGRESS_BAR_H
#define CLI_TERMINAL_PROGRESS_BAR_H

#include <stdbool.h>
#include <stdint.h>

struct progress_bar {
	const char *name; /* borrowed */
	int64_t start_ns, drawn_ns;
	bool is_terminal; /* stderr is one */
	bool is_drawn;
};

void progress_bar_init(struct progress_bar *bar, const char *name);

/* A profile_progress, never giving up; @data is the bar. Draws nothing in the first half second. */
bool progress_bar_step(void *data, uint64_t done, uint64_t total);

/* Wipes it out. */
void progress_bar_end(struct progress_bar *bar);

#endif
