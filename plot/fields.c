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
	if (*at == end)
		return false;
	for (unsigned digit; *at < end && (digit = (unsigned)(**at - '0')) <= 9; (*at)++)
		value = value < 10000 ? value * 10 + (int)digit : value;
	*exponent += negative ? -value : value;
	return true;
}

static bool fields_read_decimal(struct fields *fields, struct decimal *ret)
{
	/* Below this one more digit fits; those beyond it are below any precision that we keep. */
	static const uint64_t room = (UINT64_MAX - 9) / 10;

	fields_skip_spaces(fields);
	const char *at = fields->at, *end = fields->end;
	uint64_t digits = 0;
	int exponent = 0;
	unsigned digit;

	ret->negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	const char *start = at;
	for (; at < end && (digit = (unsigned)(*at - '0')) <= 9; at++) {
		if (digits <= room)
			digits = digits * 10 + digit;
		else
			exponent++;
	}
	size_t seen = (size_t)(at - start);
	if (at < end && *at == '.') {
		start = ++at;
		for (; at < end && (digit = (unsigned)(*at - '0')) <= 9; at++) {
			if (digits <= room) {
				digits = digits * 10 + digit;
				exponent--;
			}
		}
		seen += (size_t)(at - start);
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
	static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
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
