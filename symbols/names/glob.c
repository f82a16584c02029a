/* Shell-like globs; see glob.h. Symbols layer. */
#include "symbols/names/glob.h"

#include <string.h>

/* @set points behind the [; *@ret_after is set behind the ]. */
static bool glob_set_has(const char *set, char byte, const char **ret_after)
{
	const unsigned char *at = (const unsigned char *)set;
	unsigned char wanted = (unsigned char)byte;
	bool negated = *at == '!' || *at == '^';
	bool found = false;

	at += negated;
	while (*at != ']') {
		unsigned char low = *at++, high = low;
		if (at[0] == '-' && at[1] != ']') {
			high = at[1];
			at += 2;
		}
		found |= wanted >= low && wanted <= high;
	}
	*ret_after = (const char *)at + 1;
	return found != negated;
}

/* A set has a ] behind its first byte; what follows is then read without looking for the end. */
static bool glob_is_set(const char *glob)
{
	return glob[0] == '[' && glob[1] != '\0' && strchr(glob + 1, ']') != NULL;
}

/* Matches the one item at *@glob (not a star) at @text; moves *@glob on; the bytes taken, 0: none.
 */
static size_t glob_match_one(const char **glob, const char *text, const char *end)
{
	const char *item = *glob;

	if (text == end || *item == '\0')
		return 0;
	if (*item == '?') {
		*glob = item + 1;
		size_t bytes = 1;
		/* The continuation bytes of UTF-8 go with their first. */
		while (text + bytes < end && ((unsigned char)text[bytes] & 0xC0) == 0x80)
			bytes++;
		return bytes;
	}
	if (glob_is_set(item))
		return glob_set_has(item + 1, *text, glob) ? 1 : 0;
	if (*item == '\\' && item[1] != '\0')
		item++;
	*glob = item + 1;
	return *item == *text ? 1 : 0;
}

bool glob_match(const char *glob, const char *text, size_t text_bytes)
{
	const char *end = text + text_bytes;
	const char *star = NULL, *star_text = NULL;

	for (;;) {
		if (*glob == '*') {
			star = ++glob;
			star_text = text;
			continue;
		}
		if (*glob == '\0' && text == end)
			return true;
		size_t taken = glob_match_one(&glob, text, end);
		if (taken > 0) {
			text += taken;
			continue;
		}
		/* Only the last star needs to be tried again: an earlier one has its shortest
		 * match. */
		if (star == NULL || star_text == end)
			return false;
		text = ++star_text;
		glob = star;
	}
}
