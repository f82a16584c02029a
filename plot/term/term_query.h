/*
 * What the terminal says it can show (plot layer). Knows no plot.
 */
#ifndef PLOT_TERM_TERM_QUERY_H
#define PLOT_TERM_TERM_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term_answer {
	bool is_complete;		  /* it has said what it is; nothing comes after that */
	bool has_kitty, has_sixel;	  /* ways to show pixels */
	unsigned cell_width, cell_height; /* of a character, in dots; 0: not said */
};

/* Reads what has come of an answer so far: any bytes. */
void term_answer_read(struct term_answer *ret, const char *text, size_t bytes);

/* Reads an answer from @fd: what is there, and what comes within @patience_ns, up to its end. */
void term_answer_wait(struct term_answer *ret, int fd, int64_t patience_ns);

/*
 * Asks the terminal of @fd, and waits for its answer, but not long. False when it says nothing, or
 * must not be asked: @fd is no terminal, another job has it, or it is a dumb one. What its user
 * types just then is lost.
 */
bool term_query(int fd, struct term_answer *ret);

#endif
