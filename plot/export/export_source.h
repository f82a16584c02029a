/*
 * The profile that is exported, and its samples one by one (plot layer).
 *
 * A file is read twice, so that its samples need not be held: first all that is to be known of it, then its
 * samples. What a pipe has given it does not give again, and is held.
 */
#ifndef PLOT_EXPORT_EXPORT_SOURCE_H
#define PLOT_EXPORT_EXPORT_SOURCE_H

#include "plot/profile/profile.h"
#include "plot/profile/sample_visitor.h"

struct export_source {
	struct profile profile; /* of a file, with few of its samples */
	bool holds_samples;	/* all are in the profile */
};

/* As profile_read fails. */
struct error *export_source_open(struct export_source *source, const char *path) MUST_CHECK;
void export_source_close(struct export_source *source);

/*
 * Hands on all samples, or all points of its tracks, as @visitor asks for the one or the other: those of one process in order of time. Those that a file which still grows has got
 * since it was opened are among them, those of processes that are new are not.
 */
struct error *export_source_visit(const struct export_source *source,
				  const struct sample_visitor *visitor) MUST_CHECK;

#endif
