/*
 * How far words are from each other: for what the user may have meant (base layer).
 */
#ifndef BASE_EDIT_DISTANCE_H
#define BASE_EDIT_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

enum { EDIT_WORD_MAX_BYTES = 64 }; /* the bits of a word of the machine */

/* A word that others are compared with; case does not count. */
struct edit_word {
	size_t bytes;
	uint64_t positions[256]; /* of each byte, in either case */
};

/* Of a @word that is longer, the first EDIT_WORD_MAX_BYTES are compared. */
void edit_word_init(struct edit_word *ret, const char *word, size_t bytes);

/* The number of insertions, deletions, replacements and swaps of neighbours between @word and @text. */
unsigned edit_word_distance(const struct edit_word *word, const char *text, size_t bytes);

/* More differences than these make another word of a word with so many bytes, and no misspelt one. */
unsigned edit_distance_most(size_t bytes);

/* The one nearest to a mistyped word, of those that are offered. */
struct nearest_word {
	struct edit_word wanted;
	const char *word; /* borrowed from who offered it; NULL: none is near */
	unsigned distance;
};

void nearest_word_init(struct nearest_word *ret, const char *wanted, size_t bytes);
void nearest_word_offer(struct nearest_word *nearest, const char *word);

#endif
