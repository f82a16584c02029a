/* What the unit tests of plots share: a profile from text, a model from that. */
#ifndef TESTS_PLOT_FIXTURE_H
#define TESTS_PLOT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/model/plot_build.h"
#include "plot/records/profile_reader.h"

/* By way of a file, as a user's would come. */
static inline void read_profile_text(struct profile *profile, const char *text)
{
	char path[] = "/tmp/mprof_trace_test.XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	FILE *file = fdopen(fd, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	struct error *err = profile_read(profile, path);
	unlink(path);
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

static inline void make_model(struct plot_model *model, const struct profile *profile,
			      const struct plot_options *options)
{
	struct error *err = plot_build(model, profile, 1, options);
	if (err != NULL)
		fail_msg("%s", error_message(err));
}

#endif
