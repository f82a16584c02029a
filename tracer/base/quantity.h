/*
 * Amounts as people write them on a command line: a number and its unit (base layer). Pure.
 *
 *   memory   500M  1.5GiB  12K  3MB     K M G T and KiB … are powers of 1024, KB MB … of 1000; B
 *   time     2s  300ms  5min  1.5h      ns us ms s m min h d
 *   rate     1M/s  50MiB/h              memory over one unit of time
 *   count    10                         a whole number, without a unit
 *
 * 0 needs no unit. A sign may stand in front.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/error.h"

enum quantity {
	QUANTITY_MEMORY, /* in MiB */
	QUANTITY_TIME,	 /* in nanoseconds: exact up to 104 days */
	QUANTITY_RATE,	 /* in MiB a second */
	QUANTITY_COUNT,
};

/* Fails with ERR_USAGE; the message begins with @text. What is returned is finite. */
struct error *quantity_parse(enum quantity quantity, const char *text, double *ret) MUST_CHECK;

/* A finite number with nothing behind it but "%", as in "+5%". False: @text is none. */
bool quantity_parse_percent(const char *text, double *ret);

/* Digits and nothing else, as in "10". False: @text is no such number, or above 2^63 - 1. */
bool quantity_parse_whole(const char *text, uint64_t *ret);

enum { QUANTITY_TEXT_BYTES = 48 };

/*
 * The shortest way to write at least @value with four digits or more, which quantity_parse reads:
 * "347.2M", "93ms". It stands for no less, so that a limit written so is not broken by rounding.
 */
void quantity_write(enum quantity quantity, double value, char ret[static QUANTITY_TEXT_BYTES]);

#endif
