/*
 * Numbers for other programs: CSV, JSON (plot layer). Pure.
 *
 * An export has millions of them, for which printf(3) would take most of its time: but for doubles of any
 * kind they are written by hand.
 */
#ifndef PLOT_TEXT_NUMBER_TEXT_H
#define PLOT_TEXT_NUMBER_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { NUMBER_TEXT_BYTES = 40 };

/* As few digits as give the same double again, with a point in every locale; it must be finite. */
void number_text_double(char buffer[static NUMBER_TEXT_BYTES], double value);

/*
 * @value / 10^@decimals, exactly and without zeros at the end: "12.5", "-0.25", "3". @decimals is 18 at most.
 * Returns the bytes before the '\0'.
 */
size_t number_text_decimal(char buffer[static NUMBER_TEXT_BYTES], int64_t value, unsigned decimals);

/* Nanoseconds in seconds, exactly: "1.5", "-0.000000001", "0". */
size_t number_text_seconds(char buffer[static NUMBER_TEXT_BYTES], int64_t ns);

/* Memory, with the six decimals at most that a profile has; finite. */
size_t number_text_mib(char buffer[static NUMBER_TEXT_BYTES], double mib);

#endif
