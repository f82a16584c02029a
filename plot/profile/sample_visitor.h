/*
 * Who wants to see each sample as it is read, however many there are (plot layer).
 */
#ifndef PLOT_PROFILE_SAMPLE_VISITOR_H
#define PLOT_PROFILE_SAMPLE_VISITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

/*
 * visit: called once for each sample that is no damaged line, whatever is kept of it; of one process in order of
 * time. @process is an index into the profile's processes: two readings of one file number them alike.
 * visit_mark: likewise for each of the kernel's high-water marks, as the file has them, with the time at which
 * it was read; negative: from then on the process runs another program, whose marks are its own.
 * visit_track: likewise for each point of the profile's parts, or of its companions.
 * Each may be NULL. An error ends the reading.
 */
struct sample_visitor {
	struct error *(*visit)(void *data, int32_t process, int64_t time_ns, double mib);
	void *data;
	struct error *(*visit_mark)(void *data, int32_t process, int64_t time_ns, double mib);
	struct error *(*visit_track)(void *data, bool is_companion, size_t index, int64_t time_ns,
				     double value);
};

#endif
