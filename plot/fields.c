/* The fields of one line; see fields.h. Plot layer. */
#include "plot/fields.h"

#include <math.h>
#include <string.h>

/* A decimal number: (negative ? -1 : 1) * digits * 10^exponent. */
struct decimal {
	uint64_t digits;
	int exponent;
	bool negative;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static void fields_skip_spaces(struct fields *fields)
{
	while (fields->at < fields->end && is_space(*fields->at))
		fields->at++;
}

bool fields_at_end(struct fields *fields)
{
	fields_skip_spaces(fields);
	return fields->at == fields->end;
}

bool fields_read_word(struct fields *fields, const char **ret, size_t *ret_bytes)
{
	if (fields_at_end(fields))
		return false;
	*ret = fields->at;
	const char *space = memchr(fields->at, ' ', (size_t)(fields->end - fields->at));
	fields->at = space == NULL ? fields->end : space;
	*ret_bytes = (size_t)(fields->at - *ret);
	return true;
}

void fields_read_rest(struct fields *fields, const char **ret, size_t *ret_bytes)
{
	fields_skip_spaces(fields);
	*ret = fields->at;
	*ret_bytes = (size_t)(fields->end - fields->at);
	fields->at = fields->end;
}

/* What follows 'e'. A shape such as 1e99999 must not wrap around into a small number. */
static bool read_exponent(const char **at, const char *end, int *exponent)
{
	bool negative = false;
	int value = 0;

	if (*at < end && (**at == '-' || **at == '+'))
		negative = *(*at)++ == '-';
	if (*at == end || (unsigned)(**at - '0') > 9)
		return false;
	for (unsigned digit; *at < end && (digit = (unsigned)(**at - '0')) <= 9; (*at)++)
		value = value < 10000 ? value * 10 + (int)digit : value;
	*exponent += negative ? -value : value;
	return true;
}

/*
 * The number that the first @count (1 to 8) of eight characters are, all eight read as one
 * little-endian word with '0' taken off each byte: neighbours are joined to pairs, pairs to
 * fours, fours to the number.
 */
static uint64_t join_digits(uint64_t bytes, unsigned count)
{
	bytes <<= 8 * (8 - count); /* leading zeros; what follows the digits falls out */
	bytes = (bytes & 0x000f000f000f000f) * 10 + ((bytes >> 8) & 0x000f000f000f000f);
	bytes = (bytes & 0x000000ff000000ff) * 100 + ((bytes >> 16) & 0x000000ff000000ff);
	return (bytes & 0xffff) * 10000 + (bytes >> 32);
}

/* Up to eight digits at once. Returns how many; 0 also where fewer than eight bytes are left. */
static unsigned read_digit_group(const char *at, const char *end, uint64_t *digits, int room)
{
	static const uint64_t powers[] = { 1,	   10,	    100,      1000,	10000,
					   100000, 1000000, 10000000, 100000000 };
	uint64_t bytes;

	if (end - at < (ptrdiff_t)sizeof(bytes))
		return 0;
	memcpy(&bytes, at, sizeof(bytes));
	bytes ^= 0x3030303030303030;
	/* The high bit of each byte above 9; a carry spoils later bytes only. */
	uint64_t others = (bytes | (bytes + 0x7676767676767676)) & 0x8080808080808080;
	unsigned count = others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
	if (count == 0 || (int)count > room)
		return 0;
	*digits = *digits * powers[count] + join_digits(bytes, count);
	return count;
}

/*
 * Takes digits while @room lasts; those beyond it are below any precision that we keep, and are
 * only counted. Returns how many were skipped.
 */
static int read_digits(const char **at, const char *end, uint64_t *digits, int *room)
{
	const char *c = *at;

	for (unsigned taken = 8; taken == 8; c += taken, *room -= (int)taken)
		taken = read_digit_group(c, end, digits, *room);
	for (; c<end && * room> 0 && (unsigned)(*c - '0') <= 9; c++, --*room)
		*digits = *digits * 10 + (unsigned)(*c - '0');
	const char *skipped = c;
	while (c < end && (unsigned)(*c - '0') <= 9)
		c++;
	*at = c;
	return (int)(c - skipped);
}

static bool fields_read_decimal(struct fields *fields, struct decimal *ret)
{
	int room = 19; /* any 19 digits fit in 64 bits */

	fields_skip_spaces(fields);
	const char *at = fields->at, *end = fields->end;
	uint64_t digits = 0;

	ret->negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	const char *start = at;
	while (at < end && *at == '0')
		at++;
	int exponent = read_digits(&at, end, &digits, &room);
	ptrdiff_t seen = at - start;
	if (at < end && *at == '.') {
		start = ++at;
		int skipped = read_digits(&at, end, &digits, &room);
		exponent -= (int)(at - start) - skipped;
		seen += at - start;
	}
	if (seen == 0)
		return false;
	if (at < end && (*at == 'e' || *at == 'E')) {
		at++;
		if (!read_exponent(&at, end, &exponent))
			return false;
	}
	if (at < end && !is_space(*at))
		return false;
	fields->at = at;
	ret->digits = digits;
	ret->exponent = exponent;
	return true;
}

/* @exponent10 moves the decimal point: 9 for nanoseconds from seconds. */
static bool decimal_to_int64(const struct decimal *decimal, int exponent10, int64_t *ret)
{
	uint64_t value = decimal->digits;
	int exponent = decimal->exponent + exponent10;

	for (; exponent > 0 && value != 0; exponent--) {
		if (value > INT64_MAX / 10)
			return false;
		value *= 10;
	}
	for (; exponent < 0 && value != 0; exponent++)
		value = exponent == -1 ? (value + 5) / 10 : value / 10;
	if (value > INT64_MAX)
		return false;
	*ret = decimal->negative ? -(int64_t)value : (int64_t)value;
	return true;
}

bool fields_read_seconds(struct fields *fields, int64_t *ret_ns)
{
	struct decimal decimal;

	return fields_read_decimal(fields, &decimal) && decimal_to_int64(&decimal, 9, ret_ns);
}

bool fields_read_double(struct fields *fields, double *ret)
{
	/* These powers are exact in a double, so usual figures are rounded once. */
	static const double powers[] = { 1e0,  1e1,  1e2,  1e3,	 1e4,  1e5,  1e6,  1e7,
					 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	static const int powers_end = sizeof(powers) / sizeof(powers[0]);
	struct decimal decimal;

	if (!fields_read_decimal(fields, &decimal))
		return false;
	double value = (double)decimal.digits;
	int exponent = decimal.exponent;
	if (exponent <= 0 && -exponent < powers_end)
		value /= powers[-exponent];
	else
		value *= pow(10, exponent);
	*ret = decimal.negative ? -value : value;
	return isfinite(value);
}

bool fields_read_time(struct fields *fields, int64_t *ret_ns)
{
	static const int64_t most_ns = INT64_C(1) << 62;

	return fields_read_seconds(fields, ret_ns) && *ret_ns > -most_ns && *ret_ns < most_ns;
}

bool fields_read_mib(struct fields *fields, double *ret)
{
	static const double most_mib = 17592186044416; /* 2^44 */

	return fields_read_double(fields, ret) && fabs(*ret) <= most_mib;
}

bool fields_read_int(struct fields *fields, int32_t *ret)
{
	struct decimal decimal;
	int64_t value;

	if (!fields_read_decimal(fields, &decimal) || !decimal_to_int64(&decimal, 0, &value) ||
	    value < INT32_MIN || value > INT32_MAX)
		return false;
	*ret = (int32_t)value;
	return true;
}

bool fields_read_count(struct fields *fields, uint64_t *ret)
{
	struct decimal decimal;
	int64_t value;

	if (!fields_read_decimal(fields, &decimal) || decimal.negative ||
	    !decimal_to_int64(&decimal, 0, &value))
		return false;
	*ret = (uint64_t)value;
	return true;
}
