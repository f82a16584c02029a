/* Which rank a file is of, by its name; see rank_name.h. Plot layer. */
#include "plot/ranks/rank_name.h"

#include <string.h>

static const char SUFFIX[] = ".dat";

/* More digits are a date, or a number of something else. */
enum { DIGITS_MOST = 9 };

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int32_t rank_of_name(const char *path)
{
	const char *name = basename(path);
	size_t end = strlen(name), suffix = strlen(SUFFIX);
	int32_t number = 0;

	if (end < suffix || strcmp(name + end - suffix, SUFFIX) != 0)
		return -1;
	end -= suffix;
	size_t first = end;
	while (first > 0 && is_digit(name[first - 1]))
		first--;
	if (first == end || end - first > DIGITS_MOST)
		return -1;
	for (size_t i = first; i < end; i++)
		number = number * 10 + (name[i] - '0');
	return number;
}
