/* Ranges, units and round ticks; see axis.h. Plot layer. */
#include "plot/model/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "plot/text/text.h"

enum { DAY_S = 86400 };

/* The smallest of 1, 2, 5 times a power of ten that gives at most @wanted steps in @span. */
static double step_for(double span, size_t wanted)
{
	double rough = span / (double)(wanted < 1 ? 1 : wanted);
	double power = pow(10, floor(log10(rough)));
	double ratio = rough / power;

	return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
}

/* How many decimals tell multiples of @step apart; two and a half has one more than two has. */
static int decimals_of(double step)
{
	int decimals = 0;

	while (decimals < 15 && fabs(step - round(step)) > 1e-6 * step) {
		step *= 10;
		decimals++;
	}
	return decimals;
}

static void place_steps(struct axis *axis, double step)
{
	/* A tick at the very end counts though the division left it a hair outside. */
	static const double hair = 1e-6;

	axis->step = step;
	axis->decimals = decimals_of(step);
	double first = ceil((axis->min - axis->origin) / axis->step - hair);
	double last = floor((axis->max - axis->origin) / axis->step + hair);
	axis->first_tick = axis->origin + first * axis->step;
	axis->tick_count = last >= first ? (size_t)(last - first) + 1 : 0;
}

static void axis_place_ticks(struct axis *axis, size_t wanted)
{
	place_steps(axis, step_for(axis->max - axis->min, wanted));
}

void axis_set_steps(struct axis *axis, double max, double step)
{
	axis->max = max;
	place_steps(axis, step);
}

/* A run of 29.98 s has its tick at 30. */
static void axis_round_up(struct axis *axis)
{
	static const double most = 0.015; /* of the range */
	double next = axis_tick(axis, axis->tick_count);

	if (next - axis->max <= most * (axis->max - axis->min)) {
		axis->max = next;
		axis->tick_count++;
	}
}

void axis_init_time(struct axis *axis, double start_ns, double end_ns, size_t wanted_ticks,
		    bool round_up)
{
	static const struct {
		double ns, from; /* the unit is for spans of at least @from of it */
		const char *name;
	} units[] = {
		{ 86400e9, 2, "d" }, { 3600e9, 2, "h" }, { 60e9, 3, "min" },
		{ 1e9, 1, "s" },     { 1e6, 1, "ms" },	 { 1e3, 0, "\xc2\xb5s" },
	};
	/* Ticks of a narrow window long after the start stay readable numbers. */
	static const double greatest = 1e7;

	if (!(end_ns > start_ns))
		end_ns = start_ns + 1e6;
	size_t i = 0;
	while (end_ns - start_ns < units[i].from * units[i].ns &&
	       end_ns / units[i + 1].ns < greatest)
		i++;
	*axis = (struct axis){
		.min = start_ns / units[i].ns,
		.max = end_ns / units[i].ns,
		.per_unit = units[i].ns,
		.unit = units[i].name,
	};
	axis_place_ticks(axis, wanted_ticks);
	if (round_up)
		axis_round_up(axis);
}

void axis_set_origin(struct axis *axis, double origin_ns, size_t wanted_ticks)
{
	axis->origin = origin_ns / axis->per_unit;
	axis_place_ticks(axis, wanted_ticks);
}

/* The unit suits @typical_mib. */
static void init_memory(struct axis *axis, double low_mib, double high_mib, double typical_mib,
			size_t wanted_ticks)
{
	static const struct {
		double mib, from_mib;
		const char *name;
	} units[] = {
		{ 1048576, 4194304, "TiB" },
		{ 1024, 4096, "GiB" },
		{ 1, 1, "MiB" },
		{ 1.0 / 1024, 0, "KiB" },
	};

	size_t i = 0;
	while (typical_mib < units[i].from_mib)
		i++;
	*axis = (struct axis){
		.min = low_mib / units[i].mib,
		.max = high_mib / units[i].mib,
		.per_unit = units[i].mib,
		.unit = units[i].name,
	};
	axis_place_ticks(axis, wanted_ticks);
}

void axis_init_memory(struct axis *axis, double max_mib, size_t wanted_ticks)
{
	init_memory(axis, 0, max_mib > 0 ? max_mib * AXIS_HEADROOM : 1.0 / 1024, max_mib,
		    wanted_ticks);
}

void axis_init_memory_range(struct axis *axis, double low_mib, double high_mib, size_t wanted_ticks)
{
	init_memory(axis, low_mib, high_mib, high_mib, wanted_ticks);
}

/* Ticks at round times of the day, or at days. */
static double clock_step_s(double span_s, size_t wanted)
{
	static const double steps[] = {
		1,	   2,	      5,	 10,	     15,	 30,
		60,	   2 * 60,    5 * 60,	 10 * 60,    15 * 60,	 30 * 60,
		3600,	   2 * 3600,  3 * 3600,	 6 * 3600,   12 * 3600,	 DAY_S,
		2 * DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S, 28 * DAY_S,
	};
	static const size_t count = sizeof(steps) / sizeof(steps[0]);
	double rough = span_s / (double)(wanted < 1 ? 1 : wanted);
	size_t i = 0;

	if (rough <= steps[0] / 2)
		return step_for(span_s, wanted);
	while (i < count && steps[i] < rough)
		i++;
	return i < count ? steps[i] : ceil(rough / DAY_S) * DAY_S;
}

void axis_init_clock(struct axis *axis, double start_ns, double end_ns, int64_t epoch_ns,
		     size_t wanted_ticks)
{
	static const int64_t second_ns = 1000000000, day_ns = DAY_S * second_ns;
	static const double hair = 1e-6;
	time_t start_s = (time_t)((epoch_ns + (int64_t)start_ns) / second_ns);
	struct tm local = { .tm_gmtoff = 0 };

	if (!(end_ns > start_ns))
		end_ns = start_ns + 1e6;
	if (localtime_r(&start_s, &local) == NULL)
		local = (struct tm){ .tm_zone = "UTC" };
	int64_t local_ns = epoch_ns + local.tm_gmtoff * second_ns;
	int64_t in_day_ns = ((local_ns % day_ns) + day_ns) % day_ns;
	*axis = (struct axis){
		.min = start_ns / 1e9,
		.max = end_ns / 1e9,
		.per_unit = 1e9,
		.unit = "s",
		.is_clock = true,
		.day_ns = local_ns - in_day_ns,
		.zero_s = (double)in_day_ns / 1e9,
	};
	snprintf(axis->zone, sizeof(axis->zone), "%s", local.tm_zone);
	axis->step = clock_step_s(axis->max - axis->min, wanted_ticks);
	axis->decimals = axis->step < 1 ? (int)ceil(-log10(axis->step) - hair) : 0;
	double first = ceil((axis->min + axis->zero_s) / axis->step - hair);
	double last = floor((axis->max + axis->zero_s) / axis->step + hair);
	axis->first_tick = first * axis->step - axis->zero_s;
	axis->tick_count = last >= first ? (size_t)(last - first) + 1 : 0;
}

/* A time of its day, of seconds since the axis's day began. */
static void format_clock(double since_day_s, int decimals, char text[static AXIS_LABEL_BYTES])
{
	enum { MOST = 9 };
	decimals = decimals > MOST ? MOST : decimals;
	int64_t power = llround(pow(10, decimals));
	int64_t total = llround(since_day_s * (double)power), day = DAY_S * power;
	int64_t in_day = (total % day + day) % day;
	int second = (int)(in_day / power);
	char part[MOST + 4] = "";

	if (decimals > 0)
		snprintf(part, sizeof(part), "%.*f", decimals,
			 (double)(in_day % power) / (double)power);
	snprintf(text, AXIS_LABEL_BYTES, "%02d:%02d:%02d%s", second / 3600, second / 60 % 60,
		 second % 60, decimals > 0 ? part + 1 : "");
}

static void format_day(const struct axis *axis, double since_day_s, const char *format,
		       char text[static AXIS_LABEL_BYTES])
{
	time_t seconds = (time_t)(axis->day_ns / 1000000000) + (time_t)floor(since_day_s);
	struct tm day;

	text[0] = '\0';
	if (gmtime_r(&seconds, &day) != NULL)
		strftime(text, AXIS_LABEL_BYTES, format, &day);
}

/* Times are "15:41" or finer; where a day begins stands its date. */
static void clock_tick_label(const struct axis *axis, double value,
			     char label[static AXIS_LABEL_BYTES])
{
	double since_day_s = value + axis->zero_s;
	double in_day_s = since_day_s - floor(since_day_s / DAY_S + 1e-9) * DAY_S;

	if (axis->step >= DAY_S || (axis->step >= 60 && in_day_s < axis->step / 2)) {
		format_day(axis, since_day_s + axis->step / 1000, "%m-%d", label);
		return;
	}
	format_clock(since_day_s, axis->decimals, label);
	if (axis->step >= 60)
		label[5] = '\0';
}

void axis_format_time(const struct axis *axis, int64_t since_zero_ns,
		      char text[static AXIS_LABEL_BYTES])
{
	double span = axis->max - axis->min;
	double since_day_s = (double)since_zero_ns / 1e9 + axis->zero_s;

	if (axis->is_clock && span >= DAY_S)
		format_day(axis, since_day_s, "%m-%d %H:%M", text);
	else if (axis->is_clock)
		format_clock(since_day_s, span < 60 ? 1 : 0, text);
	else
		text_format_duration(text, since_zero_ns - llround(axis->origin * axis->per_unit));
}

void axis_format_moment(const struct axis *axis, int64_t since_zero_ns,
			char text[static AXIS_LABEL_BYTES])
{
	double seconds = ((double)since_zero_ns - axis->origin * axis->per_unit) / 1e9;

	if (axis->is_clock)
		format_clock((double)since_zero_ns / 1e9 + axis->zero_s, 3, text);
	else
		snprintf(text, AXIS_LABEL_BYTES, "%.6g s", seconds);
}

void axis_format_days(const struct axis *axis, char text[static AXIS_LABEL_BYTES])
{
	char last[AXIS_LABEL_BYTES];

	format_day(axis, axis->min + axis->zero_s, "%Y-%m-%d", text);
	format_day(axis, axis->max + axis->zero_s, "%Y-%m-%d", last);
	size_t length = strlen(text);
	if (strcmp(text, last) != 0)
		snprintf(text + length, AXIS_LABEL_BYTES - length, " to %.20s", last);
}

bool axis_has(const struct axis *axis, double value)
{
	return value >= axis->min && value <= axis->max;
}

double axis_tick(const struct axis *axis, size_t i)
{
	return axis->first_tick + (double)i * axis->step;
}

bool axis_tick_has_label(const struct axis *axis, size_t i, double share)
{
	static const long long strides[] = { 1, 2, 5, 10, 20, 50, 100 };
	double ticks = share * (axis->max - axis->min) / axis->step; /* that a label covers */
	size_t k = 0;

	while (k + 1 < sizeof(strides) / sizeof(strides[0]) && (double)strides[k] < ticks)
		k++;
	/* At round multiples, so that 0 has one. */
	double from_zero = axis_tick(axis, i) - axis->origin + axis->zero_s;
	return llround(from_zero / axis->step) % strides[k] == 0;
}

void axis_tick_label(const struct axis *axis, size_t i, char label[static AXIS_LABEL_BYTES])
{
	double value = axis_tick(axis, i) - axis->origin;

	if (axis->is_clock) {
		clock_tick_label(axis, value, label);
		return;
	}
	/* No "-0". */
	if (fabs(value) < axis->step / 2)
		value = 0;
	snprintf(label, AXIS_LABEL_BYTES, "%.*f", axis->decimals, value);
}
