/*
 * isolate_run for fuzzers that wrap it: the reading is done in this process, where the sanitizers see it and a
 * crash is a finding.
 */
#include "symbols/elf/isolate.h"

#include <stdlib.h>

struct error *__wrap_isolate_run(isolate_read_fn read_file, void *context,
				 const struct isolate_limits *limits, struct isolated *ret);

struct error *__wrap_isolate_run(isolate_read_fn read_file, void *context,
				 const struct isolate_limits *limits, struct isolated *ret)
{
	(void)limits;
	*ret = (struct isolated){ 0 };
	FILE *out = open_memstream(&ret->data, &ret->bytes);
	if (out == NULL)
		return error_no_memory();
	struct error *err = read_file(context, out);
	if (fclose(out) != 0)
		abort();
	if (err != NULL)
		isolated_deinit(ret);
	return err;
}
