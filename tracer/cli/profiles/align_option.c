/* --align FUNC; see align_option.h. Cli layer. */
#include "tracer/cli/profiles/align_option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/call_summary.h"
#include "plot/text/text.h"

struct error *align_option_parse(struct align_option *align, const char *text)
{
	align_option_deinit(align);
	align->text = text;
	if (strcmp(text, "start") == 0)
		return NULL;
	char *name = text_clean(text, strlen(text));
	if (name == NULL || asprintf(&align->label, "the first call of %s", name) < 0)
		align->label = NULL;
	free(name);
	if (align->label == NULL)
		return error_no_memory();
	struct error *err = pattern_set_create(&align->functions);
	if (err == NULL)
		err = pattern_set_add(align->functions, text);
	if (err == NULL)
		err = pattern_set_check_labels(align->functions);
	return error_context(err, "--align %s", text);
}

void align_option_deinit(struct align_option *align)
{
	pattern_set_destroy(align->functions);
	free(align->label);
	*align = (struct align_option){ 0 };
}

/* What run --mpi has recorded has no call of MPI_Init, but a mark where it returned. */
static int64_t mark_first_ns(const char *text, const struct profile *profile)
{
	static const char MARK[] = "mark:";
	int64_t least_ns = INT64_MAX;

	for (size_t i = 0; i < profile->marker_count; i++) {
		const struct marker *marker = &profile->markers[i];
		const bool is_mark = strncmp(marker->name, MARK, sizeof(MARK) - 1) == 0;
		if (!is_mark || (strcmp(marker->name, text) != 0 &&
				 strcmp(marker->name + sizeof(MARK) - 1, text) != 0))
			continue;
		for (size_t k = 0; k < marker->count; k++) {
			if (marker->moments[k].at_ns < least_ns)
				least_ns = marker->moments[k].at_ns;
		}
	}
	return least_ns;
}

int64_t align_option_first_ns(const struct align_option *align, const struct profile *profile)
{
	int64_t least_ns = INT64_MAX;

	for (size_t i = 0; i < profile->function_count; i++) {
		const int64_t first_ns = calls_first_entry_ns(&profile->functions[i]);
		if (first_ns < least_ns &&
		    pattern_set_wants_label(align->functions, profile->functions[i].name))
			least_ns = first_ns;
	}
	return least_ns != INT64_MAX ? least_ns : mark_first_ns(align->text, profile);
}
