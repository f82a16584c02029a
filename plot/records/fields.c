/* The fields of one line; see fields.h. Plot layer. */
#include "plot/records/fields.h"

#include <math.h>
#include <string.h>

#include "tracer/base/clock.h"

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

/*
 * Digits met so far. Handed around by value and inlined, so that it stays in registers: ten million
 * lines have some hundred million digits.
 */
struct digits {
	const char *at;
	uint64_t value;
	int room; /* for more: any 19 digits fit in 64 bits */
};

#define HOT static inline __attribute__((always_inline))

/* Takes up to eight digits at once. Returns how many; 0 also where less than eight bytes are left. */
HOT unsigned read_digit_group(struct digits *digits, const char *end)
{
	static const uint64_t powers[] = { 1,	   10,	    100,      1000,	10000,
					   100000, 1000000, 10000000, 100000000 };
	uint64_t bytes;

	if (end - digits->at < (ptrdiff_t)sizeof(bytes))
		return 0;
	memcpy(&bytes, digits->at, sizeof(bytes));
	bytes ^= 0x3030303030303030;
	/* The high bit of each byte above 9; a carry spoils later bytes only. */
	uint64_t others = (bytes | (bytes + 0x7676767676767676)) & 0x8080808080808080;
	unsigned count = others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
	if (count == 0 || (int)count > digits->room)
		return 0;
	digits->value = digits->value * powers[count] + join_digits(bytes, count);
	digits->at += count;
	digits->room -= (int)count;
	return count;
}

/*
 * Takes digits while there is room; those beyond it are below any precision that we keep, and are
 * only counted. Returns how many were skipped.
 */
HOT int read_digits(struct digits *digits, const char *end)
{
	unsigned count;

	while ((count = read_digit_group(digits, end)) == 8)
		;
	if (count > 0)
		return 0; /* what ended the group is no digit */
	const char *c = digits->at;
	for (; c < end && digits->room > 0 && (unsigned)(*c - '0') <= 9; c++, digits->room--)
		digits->value = digits->value * 10 + (unsigned)(*c - '0');
	const char *skipped = c;
	while (c < end && (unsigned)(*c - '0') <= 9)
		c++;
	digits->at = c;
	return (int)(c - skipped);
}

HOT bool fields_read_decimal(struct fields *fields, struct decimal *ret)
{
	fields_skip_spaces(fields);
	const char *at = fields->at, *end = fields->end;

	ret->negative = at < end && *at == '-';
	if (at < end && (*at == '-' || *at == '+'))
		at++;
	const char *start = at;
	while (at < end && *at == '0')
		at++;
	struct digits digits = { .at = at, .room = 19 };
	int exponent = read_digits(&digits, end);
	ptrdiff_t seen = digits.at - start;
	if (digits.at < end && *digits.at == '.') {
		start = ++digits.at;
		int skipped = read_digits(&digits, end);
		exponent -= (int)(digits.at - start) - skipped;
		seen += digits.at - start;
	}
	at = digits.at;
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
	ret->digits = digits.value;
	ret->exponent = exponent;
	return true;
}

/* @exponent10 moves the decimal point: 9 for nanoseconds from seconds. */
HOT bool decimal_to_int64(const struct decimal *decimal, int exponent10, int64_t *ret)
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
	bool is_usual = exponent <= 0 && -exponent < powers_end;
	if (is_usual)
		value /= powers[-exponent];
	else
		value *= pow(10, exponent);
	*ret = decimal.negative ? -value : value;
	return is_usual || isfinite(value);
}

/* The difference of any two times fits in 64 bits. */
static const int64_t MOST_NS = INT64_C(1) << 62;

bool fields_read_time(struct fields *fields, int64_t *ret_ns)
{
	return fields_read_seconds(fields, ret_ns) && *ret_ns > -MOST_NS && *ret_ns < MOST_NS;
}

/* What follows the second's '.': up to nine digits and nothing else. False leaves all to others. */
static bool read_fraction(struct fields *fields, const char *at, uint32_t *ret_ns)
{
	static const uint32_t powers[] = { 1000000000, 100000000, 10000000, 1000000, 100000,
					   10000,      1000,	  100,	    10,	     1 };
	struct digits digits = { .at = at, .room = 9 };
	int skipped = read_digits(&digits, fields->end);

	if (skipped > 0 || digits.room == 9 || (digits.at < fields->end && !is_space(*digits.at)))
		return false;
	*ret_ns = (uint32_t)digits.value * powers[9 - digits.room];
	fields->at = digits.at;
	return true;
}

/* As two words that overlap: memcmp of 11 bytes is a call. */
HOT bool is_same_second(const char *text, const char *other)
{
	enum { REST = FIELDS_SECOND_BYTES - sizeof(uint64_t) };
	uint64_t a, b, a_rest, b_rest;

	memcpy(&a, text, sizeof(a));
	memcpy(&b, other, sizeof(b));
	memcpy(&a_rest, text + REST, sizeof(a_rest));
	memcpy(&b_rest, other + REST, sizeof(b_rest));
	return a == b && a_rest == b_rest;
}

bool fields_read_next_time(struct fields *fields, struct fields_second *second, int64_t *ret_ns)
{
	uint32_t fraction_ns;

	fields_skip_spaces(fields);
	const char *at = fields->at;
	bool has_room = fields->end - at > FIELDS_SECOND_BYTES;
	if (has_room && second->text[0] != '\0' && is_same_second(at, second->text) &&
	    read_fraction(fields, at + FIELDS_SECOND_BYTES, &fraction_ns)) {
		*ret_ns = second->ns + fraction_ns;
		return true;
	}
	if (!fields_read_time(fields, ret_ns))
		return false;
	/* Ten digits and a point, all of them of this number: any second from 2001 to 2286. */
	if (fields->at - at > FIELDS_SECOND_BYTES && at[0] >= '1' && at[0] <= '9' &&
	    at[FIELDS_SECOND_BYTES - 1] == '.') {
		struct fields whole = { at, at + FIELDS_SECOND_BYTES - 1 };
		int64_t whole_ns;
		/* Its end too must be a time. */
		if (fields_read_time(&whole, &whole_ns) && whole_ns < MOST_NS - NS_PER_S) {
			second->ns = whole_ns;
			memcpy(second->text, at, FIELDS_SECOND_BYTES);
		}
	}
	return true;
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

/* Which of @words it is; 0, which needs no word, when it is none of them. */
static unsigned find_word(const char *const *words, unsigned count, const char *word, size_t bytes)
{
	for (unsigned i = 0; i < count; i++) {
		const char *known = words[i];
		if (known != NULL && strlen(known) == bytes && memcmp(known, word, bytes) == 0)
			return i;
	}
	return 0;
}

/* A word that stands for something else, or for itself. */
static bool read_option(struct fields *fields, const struct profile_field *field,
			union field_value *ret)
{
	const char *word;
	size_t bytes;

	if (!fields_read_word(fields, &word, &bytes))
		return false;
	if (field->type == FIELD_HOW)
		ret->how = (enum call_end)find_word(profile_how_words, CALL_ENDS, word, bytes);
	else if (field->type == FIELD_HELD)
		ret->held = (enum call_held)find_word(profile_held_words, CALL_HELDS, word, bytes);
	else
		ret->is_set = strlen(field->name) == bytes && memcmp(field->name, word, bytes) == 0;
	return true;
}

static bool read_value(struct fields *fields, const struct profile_field *field,
		       struct fields_second *second, union field_value *ret)
{
	switch (field->type) {
	case FIELD_MIB:
	case FIELD_VALUE:
		return fields_read_mib(fields, &ret->mib);
	case FIELD_TIME:
		return fields_read_next_time(fields, second, &ret->ns);
	case FIELD_SECONDS:
		return fields_read_time(fields, &ret->ns);
	case FIELD_PID:
		return fields_read_int(fields, &ret->number) && ret->number > 0;
	case FIELD_INT:
		return fields_read_int(fields, &ret->number);
	case FIELD_COUNT:
		return fields_read_count(fields, &ret->count);
	case FIELD_NAME:
	case FIELD_TEXT:
		return fields_read_word(fields, &ret->text.at, &ret->text.bytes);
	case FIELD_REST:
	case FIELD_COMMAND:
		fields_read_rest(fields, &ret->text.at, &ret->text.bytes);
		return true;
	case FIELD_FLAG:
	case FIELD_HOW:
	case FIELD_HELD:
		return read_option(fields, field, ret);
	case FIELD_NONE:
		break;
	}
	return false;
}

/* Whether the line has a further field; an empty rest is one. */
static bool has_field(struct fields *fields, const struct profile_field *field)
{
	return field->type == FIELD_REST || field->type == FIELD_COMMAND || !fields_at_end(fields);
}

bool fields_read_record(struct fields *fields, const struct profile_record *record, size_t wanted,
			struct fields_second *second, struct field_values *ret)
{
	const struct profile_field *field = record->fields;
	size_t i = 0;

	for (; i < wanted; i++, field++) {
		if (i >= record->needed && !has_field(fields, field))
			break;
		if (!read_value(fields, field, second, &ret->of[i]))
			return false;
	}
	ret->count = i;
	return true;
}
