/* Numbers for other programs; see number_text.h. Plot layer. */
#include "plot/text/number_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Only LC_CTYPE is set (main.c): strtod and printf know the point alone. */
void number_text_double(char buffer[static NUMBER_TEXT_BYTES], double value)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buffer, NUMBER_TEXT_BYTES, "%.*g", digits, value);
		if (strtod(buffer, NULL) == value)
			return;
	}
}

void number_text_seconds(char buffer[static NUMBER_TEXT_BYTES], int64_t ns)
{
	/* INT64_MIN has no positive counterpart. */
	uint64_t size_ns = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	uint64_t part_ns = size_ns % 1000000000;

	int bytes = snprintf(buffer, NUMBER_TEXT_BYTES, "%s%" PRIu64, ns < 0 ? "-" : "",
			     size_ns / 1000000000);
	if (part_ns == 0)
		return;
	bytes +=
		snprintf(buffer + bytes, NUMBER_TEXT_BYTES - (size_t)bytes, ".%09" PRIu64, part_ns);
	while (buffer[bytes - 1] == '0')
		buffer[--bytes] = '\0';
}
