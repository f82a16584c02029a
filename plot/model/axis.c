/* Ranges, units and round ticks; see axis.h. Plot layer. */
#include "plot/model/axis.h"

#include <math.h>
#include <stdio.h>

/* The smallest of 1, 2, 5 times a power of ten that gives at most @wanted steps in @span. */
static double step_for(double span, size_t wanted)
{
	double rough = span / (double)(wanted < 1 ? 1 : wanted);
	double power = pow(10, floor(log10(rough)));
	double ratio = rough / power;

	return power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
}

static void axis_place_ticks(struct axis *axis, size_t wanted)
{
	/* A tick at the very end counts though the division left it a hair outside. */
	static const double hair = 1e-6;

	axis->step = step_for(axis->max - axis->min, wanted);
	axis->decimals = axis->step < 1 ? (int)ceil(-log10(axis->step) - hair) : 0;
	double first = ceil(axis->min / axis->step - hair);
	double last = floor(axis->max / axis->step + hair);
	axis->first_tick = first * axis->step;
	axis->tick_count = last >= first ? (size_t)(last - first) + 1 : 0;
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
	/* So that a bracket at the peak, and the peak's line, have room. */
	static const double headroom = 1.08;

	init_memory(axis, 0, max_mib > 0 ? max_mib * headroom : 1.0 / 1024, max_mib, wanted_ticks);
}

void axis_init_memory_range(struct axis *axis, double low_mib, double high_mib, size_t wanted_ticks)
{
	init_memory(axis, low_mib, high_mib, high_mib, wanted_ticks);
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
	return llround(axis_tick(axis, i) / axis->step) % strides[k] == 0;
}

void axis_tick_label(const struct axis *axis, size_t i, char label[static AXIS_LABEL_BYTES])
{
	double value = axis_tick(axis, i);

	/* No "-0". */
	if (fabs(value) < axis->step / 2)
		value = 0;
	snprintf(label, AXIS_LABEL_BYTES, "%.*f", axis->decimals, value);
}
