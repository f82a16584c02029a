/*
 * Numbers for other programs: CSV, JSON (plot layer). Pure.
 */
#ifndef PLOT_TEXT_NUMBER_TEXT_H
#define PLOT_TEXT_NUMBER_TEXT_H

#include <stdint.h>

enum { NUMBER_TEXT_BYTES = 40 };

/* As few digits as give the same double again, with a point in every locale; it must be finite. */
void number_text_double(char buffer[static NUMBER_TEXT_BYTES], double value);

/* Nanoseconds in seconds, exactly: "1.5", "-0.000000001", "0". */
void number_text_seconds(char buffer[static NUMBER_TEXT_BYTES], int64_t ns);

#endif
