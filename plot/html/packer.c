/* Columns of numbers for a page; see packer.h (plot layer). */
#include "plot/html/packer.h"

#include <math.h>
#include <stdlib.h>
#include <zlib.h>

#include "tracer/base/array.h"

static const int64_t NUMBER_MOST = INT64_C(1) << 52;

void packer_deinit(struct packer *packer)
{
	free(packer->bytes);
	error_free(packer->err);
	*packer = (struct packer){ 0 };
}

void packer_begin(struct packer *packer)
{
	packer->last = 0;
}

void packer_put(struct packer *packer, int64_t number)
{
	enum { BYTES_MOST = 10 };

	if (packer->err != NULL)
		return;
	packer->err =
		array_reserve(&packer->bytes, &packer->capacity, packer->count + BYTES_MOST, 1);
	if (packer->err != NULL)
		return;
	number = number > NUMBER_MOST ? NUMBER_MOST : number < -NUMBER_MOST ? -NUMBER_MOST : number;
	int64_t difference = number - packer->last;
	packer->last = number;
	uint64_t rest = difference < 0 ? ~((uint64_t)difference << 1) : (uint64_t)difference << 1;
	while (rest >= 0x80) {
		packer->bytes[packer->count++] = (unsigned char)(rest | 0x80);
		rest >>= 7;
	}
	packer->bytes[packer->count++] = (unsigned char)rest;
}

void packer_put_single(struct packer *packer, int64_t number)
{
	packer_begin(packer);
	packer_put(packer, number);
}

void packer_put_mib(struct packer *packer, double mib)
{
	double kib = fmin(fmax(mib * 1024, (double)-NUMBER_MOST), (double)NUMBER_MOST);

	packer_put(packer, llround(kib));
}

static void write_base64(const unsigned char *bytes, size_t count, FILE *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < count; i += 3) {
		size_t left = count - i;
		uint32_t three = (uint32_t)bytes[i] << 16 |
				 (left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
				 (left > 2 ? (uint32_t)bytes[i + 2] : 0);
		char four[4] = {
			digits[three >> 18],
			digits[three >> 12 & 63],
			left > 1 ? digits[three >> 6 & 63] : '=',
			left > 2 ? digits[three & 63] : '=',
		};
		fwrite(four, 1, sizeof(four), out);
	}
}

struct error *packer_write(struct packer *packer, FILE *out)
{
	struct error *err = packer->err;

	packer->err = NULL;
	if (err != NULL)
		return err;
	uLongf bytes = compressBound((uLong)packer->count);
	unsigned char *small = malloc(bytes);
	if (small == NULL || compress2(small, &bytes, packer->bytes, (uLong)packer->count,
				       Z_BEST_COMPRESSION) != Z_OK) {
		free(small);
		return error_no_memory();
	}
	write_base64(small, bytes, out);
	free(small);
	return NULL;
}
