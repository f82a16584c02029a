/* How far words are from each other; see edit_distance.h. Base layer. */
#include "tracer/base/edit_distance.h"

#include <stdbool.h>
#include <string.h>

void edit_word_init(struct edit_word *ret, const char *word, size_t bytes)
{
	*ret = (struct edit_word){
		.bytes = bytes < EDIT_WORD_MAX_BYTES ? bytes : EDIT_WORD_MAX_BYTES,
	};
	for (size_t i = 0; i < ret->bytes; i++) {
		unsigned char byte = (unsigned char)word[i];
		/* What is no letter of ASCII stays as it is, whatever the locale is. */
		bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
		ret->positions[byte] |= UINT64_C(1) << i;
		if (is_letter)
			ret->positions[byte ^ 0x20] |= UINT64_C(1) << i;
	}
}

/*
 * A column of the usual table at a time, as the bits of one word. H. Hyyrö, "A Bit-Vector Algorithm for
 * Computing Levenshtein and Damerau Edit Distances" (2003).
 */
unsigned edit_word_distance(const struct edit_word *word, const char *text, size_t bytes)
{
	uint64_t rises = ~UINT64_C(0), falls = 0; /* down the column */
	uint64_t same = 0, equal_before = 0;
	uint64_t last = UINT64_C(1) << ((word->bytes - 1) % EDIT_WORD_MAX_BYTES);
	unsigned distance = (unsigned)word->bytes;

	if (word->bytes == 0)
		return (unsigned)bytes;
	for (size_t i = 0; i < bytes; i++) {
		uint64_t equal = word->positions[(unsigned char)text[i]];
		uint64_t swapped = ((~same & equal) << 1) & equal_before;
		same = (((equal & rises) + rises) ^ rises) | equal | falls | swapped;
		uint64_t right_rises = falls | ~(same | rises);
		uint64_t right_falls = same & rises;
		distance += (right_rises & last) != 0;
		distance -= (right_falls & last) != 0;
		right_rises = right_rises << 1 | 1;
		right_falls <<= 1;
		rises = right_falls | ~(same | right_rises);
		falls = right_rises & same;
		equal_before = equal;
	}
	return distance;
}

unsigned edit_distance_most(size_t bytes)
{
	enum { MOST = 4, SHORT = 3, MIDDLING = 6, BYTES_AN_EDIT = 3 };

	if (bytes < SHORT)
		return 0;
	if (bytes < MIDDLING)
		return 1;
	return bytes / BYTES_AN_EDIT > MOST ? MOST : (unsigned)(bytes / BYTES_AN_EDIT);
}

void nearest_word_init(struct nearest_word *ret, const char *wanted, size_t bytes)
{
	*ret = (struct nearest_word){ .distance = edit_distance_most(bytes) + 1 };
	edit_word_init(&ret->wanted, wanted, bytes);
}

void nearest_word_offer(struct nearest_word *nearest, const char *word)
{
	unsigned distance = edit_word_distance(&nearest->wanted, word, strlen(word));

	if (distance >= nearest->distance)
		return;
	nearest->word = word;
	nearest->distance = distance;
}
