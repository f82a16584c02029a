/* A radix sort; see address_sort.h. Symbols layer. */
#include "symbols/elf/address_sort.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

static size_t digit_of(const struct address_key *key, unsigned shift)
{
	return (key->address >> shift) & (DIGITS - 1);
}

/* One pass of it: from @keys to @to, by the digit at @shift. */
static void sort_by_digit(const struct address_key *keys, struct address_key *to, size_t count,
			  unsigned shift)
{
	size_t starts[DIGITS] = { 0 }, sum = 0;

	for (size_t i = 0; i < count; i++)
		starts[digit_of(&keys[i], shift)]++;
	for (size_t digit = 0; digit < DIGITS; digit++) {
		size_t here = starts[digit];
		starts[digit] = sum;
		sum += here;
	}
	for (size_t i = 0; i < count; i++)
		to[starts[digit_of(&keys[i], shift)]++] = keys[i];
}

struct error *address_sort(struct address_key *keys, size_t count)
{
	uint64_t differing = 0;

	for (size_t i = 1; i < count; i++)
		differing |= keys[i].address ^ keys[0].address;
	if (differing == 0)
		return NULL;
	struct address_key *other = malloc(count * sizeof(*other));
	if (other == NULL)
		return error_no_memory();
	struct address_key *from = keys, *to = other;
	for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
		if (((differing >> shift) & (DIGITS - 1)) == 0)
			continue;
		sort_by_digit(from, to, count, shift);
		struct address_key *swap = from;
		from = to;
		to = swap;
	}
	if (from != keys)
		memcpy(keys, from, count * sizeof(*keys));
	free(other);
	return NULL;
}
