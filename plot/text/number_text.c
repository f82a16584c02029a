/* Numbers for other programs; see number_text.h. Plot layer. */
#include "plot/text/number_text.h"

#include <math.h>
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

size_t number_text_decimal(char buffer[static NUMBER_TEXT_BYTES], int64_t value, unsigned decimals)
{
	char digits[NUMBER_TEXT_BYTES], *const end = digits + sizeof(digits), *at = end;
	/* INT64_MIN has no positive counterpart. */
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	/* From the last digit to the first. Zeros that end the fraction are passed over. */
	for (unsigned i = 0; i < decimals; i++) {
		unsigned digit = (unsigned)(left % 10);
		left /= 10;
		if (digit != 0 || at != end)
			*--at = (char)('0' + digit);
	}
	if (at != end)
		*--at = '.';
	do
		*--at = (char)('0' + left % 10);
	while ((left /= 10) != 0);
	if (value < 0)
		*--at = '-';
	size_t bytes = (size_t)(end - at);
	memcpy(buffer, at, bytes);
	buffer[bytes] = '\0';
	return bytes;
}

size_t number_text_seconds(char buffer[static NUMBER_TEXT_BYTES], int64_t ns)
{
	return number_text_decimal(buffer, ns, 9);
}

size_t number_text_mib(char buffer[static NUMBER_TEXT_BYTES], double mib)
{
	static const double most = 9e12; /* times 10^6 it is still an int64_t */

	if (!(fabs(mib) < most))
		return (size_t)snprintf(buffer, NUMBER_TEXT_BYTES, "%.0f", mib);
	return number_text_decimal(buffer, llround(mib * 1e6), 6);
}
