/*
 * The profiles that mprof-trace plot draws: read, damage reported, filtered (cli layer).
 */
#ifndef CLI_PLOT_PLOT_PROFILES_H
#define CLI_PLOT_PLOT_PROFILES_H

#include "plot/records/profile_reader.h"
#include "tracer/cli/plot/plot_settings.h"

/*
 * Reads the settings' files, with all detail where the settings have a window. Says what is damaged
 * and shows a bar when it takes long. *@ret: as many as there are files, the caller's to release.
 * *@ret_options: the settings', by the times that the profiles are counted from.
 */
struct error *plot_profiles_read(const struct plot_settings *settings,
				 struct plot_options *ret_options, struct profile **ret) MUST_CHECK;

/* The same over all of their time, whatever window the settings have. */
struct error *plot_profiles_read_whole(const struct plot_settings *settings,
				       struct plot_options *ret_options,
				       struct profile **ret) MUST_CHECK;

/*
 * The same with all detail between two times since the profiles' zero_ns, silently; @whole is what
 * plot_profiles_read_whole has read. @progress: as in struct profile_reading.
 */
struct error *plot_profiles_read_part(const struct plot_settings *settings,
				      const struct profile *whole, int64_t from_ns, int64_t to_ns,
				      profile_progress *progress, void *data,
				      struct profile **ret) MUST_CHECK;

/* What -C sums, and --children leaves over. */
struct error *plot_profiles_sum(const struct plot_settings *settings,
				struct profile *profile) MUST_CHECK;

void plot_profiles_free(struct profile *profiles, size_t count);

#endif
