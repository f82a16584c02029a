/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One record of a FILE.dat, written as the table in base/profile_format.h has it (record layer).
 */
#ifndef RECORD_RECORD_LINE_H
#define RECORD_RECORD_LINE_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/clock.h"
#include "tracer/base/profile_format.h"
#include "tracer/record/line_writer.h"

/* What a field holds. */
union record_value {
	int64_t number; /* bytes, CLOCK_MONOTONIC ns, a count, an enum call_end or call_held, a flag */
	const char *text;   /* of a name, a rest */
	char *const *words; /* of a command line; NULL ends them */
};

/* @values: one for each field of the record, @count of them. */
void record_line_write(struct line_writer *out, const struct clock_base *clock,
		       enum profile_record_kind kind, const union record_value *values,
		       size_t count);

#endif
