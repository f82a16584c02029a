/*
 * Columns of whole numbers, packed for a page (plot layer).
 *
 * Each number is the difference from the one before it in its column, zigzag (0, -1, 1, -2, … are 0, 1,
 * 2, 3, …), in bytes of seven bits, lowest first, the eighth saying that more follow. All columns
 * stand behind each other; then deflate (RFC 1950) and base64 (RFC 4648). page/payload.js unpacks it.
 */
#ifndef PLOT_HTML_PACKER_H
#define PLOT_HTML_PACKER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tracer/base/error.h"

struct packer {
	unsigned char *bytes;
	size_t count, capacity;
	int64_t last;	   /* of the column that is being written */
	struct error *err; /* the first; the packer's until packer_write takes it */
};

void packer_deinit(struct packer *packer);

/* Begins a column: the next number is not a difference. */
void packer_begin(struct packer *packer);

/* A number from -2^52 to 2^52, where a double is exact; what is outside is brought to that. */
void packer_put(struct packer *packer, int64_t number);

/* A column of its own with one number. */
void packer_put_single(struct packer *packer, int64_t number);

/* Memory in KiB, which is exact for all that the kernel counts in pages. */
void packer_put_mib(struct packer *packer, double mib);

/* Writes all of it as base64, compressed. Fails without memory. */
struct error *packer_write(struct packer *packer, FILE *out) MUST_CHECK;

#endif
