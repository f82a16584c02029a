/*
 * Files that one child reads before they are asked for (symbols layer; only for symbol_store.c).
 *
 * A child costs milliseconds under some hypervisors, and a program maps a dozen libraries. When the child
 * dies of one of the files nothing is had of the others either: then they are read one by one.
 */
#ifndef SYMBOLS_FILE_SYMBOL_AHEAD_H
#define SYMBOLS_FILE_SYMBOL_AHEAD_H

#include "symbols/file/symbol_file_private.h"

enum { SYMBOL_AHEAD_MAX = 64 };

/* Zeroed it is empty. */
struct symbol_ahead {
	struct symbol_request requests[SYMBOL_AHEAD_MAX]; /* descriptors and texts are owned */
	size_t count;
	uint64_t bytes;		  /* of all these files */
	struct isolated *batches; /* what the files lie in that were read */
	size_t batch_count, batch_capacity;
};

/* Whether @request has to wait until those before it have been read. */
bool symbol_ahead_is_full(const struct symbol_ahead *ahead, const struct symbol_request *request);

/* Takes the descriptor of @request, also on failure; copies its texts. */
struct error *symbol_ahead_add(struct symbol_ahead *ahead,
			       const struct symbol_request *request) MUST_CHECK;

/*
 * Reads what was added, and forgets it. Gives the files that could be read to @ret, which has room for all
 * of them; they are the caller's, and valid until symbol_ahead_deinit. Returns how many there are.
 */
size_t symbol_ahead_read(struct symbol_ahead *ahead, struct symbol_file **ret);

void symbol_ahead_deinit(struct symbol_ahead *ahead);

#endif
