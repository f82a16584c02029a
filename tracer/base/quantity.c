/* Amounts of a command line; see quantity.h. Base layer. */
#include "tracer/base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
	const char *name;
	double factor;
};

/* In MiB. */
static const struct unit memory_units[] = {
	{ "B", 0x1p-20 },
	{ "K", 0x1p-10 },
	{ "KiB", 0x1p-10 },
	{ "M", 1 },
	{ "MiB", 1 },
	{ "G", 0x1p10 },
	{ "GiB", 0x1p10 },
	{ "T", 0x1p20 },
	{ "TiB", 0x1p20 },
	{ "kB", 1e3 * 0x1p-20 },
	{ "KB", 1e3 * 0x1p-20 },
	{ "MB", 1e6 * 0x1p-20 },
	{ "GB", 1e9 * 0x1p-20 },
	{ "TB", 1e12 * 0x1p-20 },
	{ NULL, 0 },
};

/* In nanoseconds. */
static const struct unit time_units[] = {
	{ "ns", 1 },   { "us", 1e3 },	{ "\xc2\xb5s", 1e3 }, { "ms", 1e6 },	{ "s", 1e9 },
	{ "m", 60e9 }, { "min", 60e9 }, { "h", 3600e9 },      { "d", 86400e9 }, { NULL, 0 },
};

static const char *const examples[] = {
	[QUANTITY_MEMORY] = "a size with its unit, such as 500M or 1.5GiB",
	[QUANTITY_TIME] = "a time with its unit, such as 2s or 300ms",
	[QUANTITY_RATE] = "memory over time, such as 1M/s or 50M/h",
	[QUANTITY_COUNT] = "a whole number",
};

/* Plain decimal digits, with one point at most: no "nan", no "0x10", no "1e9". NULL: none. */
static const char *skip_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	const char *at = text + digits;

	if (*at == '.') {
		size_t decimals = strspn(at + 1, "0123456789");
		at += 1 + decimals;
		digits += decimals;
	}
	return digits > 0 ? at : NULL;
}

/* The signed number that @text begins with; *@ret_rest is what stands behind it. */
static bool read_number(const char *text, double *ret, const char **ret_rest)
{
	bool is_signed = *text == '+' || *text == '-';

	*ret_rest = skip_number(text + is_signed);
	if (*ret_rest == NULL)
		return false;
	*ret = strtod(text, NULL);
	return isfinite(*ret);
}

/* Of @bytes of @name; 0: there is no such unit. */
static double unit_factor(const struct unit *units, const char *name, size_t bytes)
{
	for (; units->name != NULL; units++) {
		if (strlen(units->name) == bytes && memcmp(units->name, name, bytes) == 0)
			return units->factor;
	}
	return 0;
}

/* Of the unit @name in the unit that values have; 0: there is none. */
static double factor_of(enum quantity quantity, const char *name)
{
	const char *slash = strchr(name, '/');

	switch (quantity) {
	case QUANTITY_MEMORY:
		return unit_factor(memory_units, name, strlen(name));
	case QUANTITY_TIME:
		return unit_factor(time_units, name, strlen(name));
	case QUANTITY_COUNT:
		return *name == '\0';
	case QUANTITY_RATE:
		break;
	}
	if (slash == NULL)
		return 0;
	double time_ns = unit_factor(time_units, slash + 1, strlen(slash + 1));
	double mib = unit_factor(memory_units, name, (size_t)(slash - name));
	return time_ns > 0 ? mib * 1e9 / time_ns : 0;
}

struct error *quantity_parse(enum quantity quantity, const char *text, double *ret)
{
	const char *unit;
	double number = 0;
	bool is_number = read_number(text, &number, &unit);
	bool is_zero = is_number && number == 0 && *unit == '\0';
	double factor = is_number && !is_zero ? factor_of(quantity, unit) : 0;
	double value = number * factor;
	bool is_whole = quantity != QUANTITY_COUNT || value == floor(value);

	if (!is_zero && (factor <= 0 || !is_whole || !isfinite(value)))
		return error_new(ERR_USAGE, "%s: give %s", text, examples[quantity]);
	*ret = value;
	return NULL;
}

bool quantity_parse_percent(const char *text, double *ret)
{
	const char *rest;

	return read_number(text, ret, &rest) && strcmp(rest, "%") == 0;
}

bool quantity_parse_whole(const char *text, uint64_t *ret)
{
	uint64_t number = 0;

	for (const char *at = text; *at != '\0'; at++) {
		if (*at < '0' || *at > '9' || number > (INT64_MAX - 9) / 10)
			return false;
		number = number * 10 + (uint64_t)(*at - '0');
	}
	*ret = number;
	return text[0] != '\0';
}

/* Four digits or more of it, rounded up. */
static void write_rounded_up(double value, const char *unit, char ret[static QUANTITY_TEXT_BYTES])
{
	int decimals = fabs(value) >= 1000 ? 0 : fabs(value) >= 100 ? 1 : fabs(value) >= 10 ? 2 : 3;
	double scale = pow(10, decimals);

	/* What lies a billionth above a step is the step: the product is not exact. */
	snprintf(ret, QUANTITY_TEXT_BYTES, "%.*f", decimals,
		 ceil(value * scale - fabs(value * scale) * 1e-9) / scale);
	size_t end = strlen(ret);
	while (decimals > 0 && (ret[end - 1] == '0' || ret[end - 1] == '.')) {
		if (ret[--end] == '.')
			break;
	}
	snprintf(ret + end, QUANTITY_TEXT_BYTES - end, "%s", unit);
}

void quantity_write(enum quantity quantity, double value, char ret[static QUANTITY_TEXT_BYTES])
{
	static const struct {
		const char *name;
		double factor;
	} steps[][4] = {
		[QUANTITY_MEMORY] = { { "T", 0x1p20 },
				      { "G", 0x1p10 },
				      { "M", 1 },
				      { "K", 0x1p-10 } },
		[QUANTITY_TIME] = { { "s", 1e9 }, { "ms", 1e6 }, { "us", 1e3 }, { "ns", 1 } },
		[QUANTITY_RATE] = { { "M/s", 1 },
				    { "M/min", 1 / 60. },
				    { "M/h", 1 / 3600. },
				    { "K/h", 0x1p-10 / 3600 } },
		[QUANTITY_COUNT] = { { "", 1 }, { "", 1 }, { "", 1 }, { "", 1 } },
	};
	size_t i = 0;

	while (i < 3 && fabs(value) < steps[quantity][i].factor)
		i++;
	if (quantity == QUANTITY_COUNT)
		snprintf(ret, QUANTITY_TEXT_BYTES, "%.0f", ceil(value));
	else if (value == 0)
		strcpy(ret, "0");
	else
		write_rounded_up(value / steps[quantity][i].factor, steps[quantity][i].name, ret);
}
