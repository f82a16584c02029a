/* How the program ended, and its peaks; see summary_peaks.h. Loop layer. */
#include "tracer/loop/summary_peaks.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/job/output_name.h"

static const double MIB = 1 << 20;

void summary_put_duration(char ret[DURATION_TEXT_BYTES], int64_t duration_ns)
{
	enum { MINUTE_S = 60, HOUR_S = 3600 };
	const double ns = (double)duration_ns, us = 1e3, ms = 1e6, s = 1e9;
	const int64_t whole_s = duration_ns / NS_PER_S;

	if (duration_ns < (int64_t)ms)
		snprintf(ret, DURATION_TEXT_BYTES, "%.3g us", ns / us);
	else if (whole_s < 1)
		snprintf(ret, DURATION_TEXT_BYTES, "%.3g ms", ns / ms);
	else if (whole_s < MINUTE_S)
		snprintf(ret, DURATION_TEXT_BYTES, "%.2f s", ns / s);
	else if (whole_s < HOUR_S)
		snprintf(ret, DURATION_TEXT_BYTES, "%" PRId64 " min %02" PRId64 " s",
			 whole_s / MINUTE_S, whole_s % MINUTE_S);
	else
		snprintf(ret, DURATION_TEXT_BYTES, "%" PRId64 " h %02" PRId64 " min",
			 whole_s / HOUR_S, whole_s % HOUR_S / MINUTE_S);
}

/* "SIGSEGV"; those for real time have no names of their own. */
static void put_signal(char *ret, size_t ret_bytes, int signal)
{
	const char *name = sigabbrev_np(signal);

	if (name != NULL)
		snprintf(ret, ret_bytes, "SIG%s", name);
	else
		snprintf(ret, ret_bytes, "signal %d", signal);
}

void summary_tell_outcome(const struct session *session)
{
	char signal[32];

	if (session->end == SESSION_TIMED_OUT) {
		log_info("timeout: %s", session->options->kills_on_timeout
						? "it was killed"
						: "it goes on, unrecorded");
	} else if (session->end == SESSION_INTERRUPTED) {
		log_info("interrupted: it goes on, unrecorded");
	} else if (session->main_signal == SIGINT) {
		log_info("interrupted");
	} else if (session->main_signal > 0) {
		put_signal(signal, sizeof(signal), session->main_signal);
		log_info("killed by %s", signal);
	} else if (session->main_status > 0) {
		log_info("exited with status %d", session->main_status);
	}
}

/* " of swap" where it is not the resident set. */
static const char *of_metric(const struct session *session, const char **ret_title)
{
	enum metric metric = session->options->metric;

	*ret_title = metric == METRIC_RSS ? "" : metric_traits(metric)->title;
	return metric == METRIC_RSS ? "" : " of ";
}

/* The kernel's peak of one process may lie between two samples. */
static void put_together(const struct session *session, const char *before, char *ret,
			 size_t ret_bytes)
{
	const struct session_counts *counts = &session->counts;
	const uint64_t highest_bytes = counts->main_peak.bytes > counts->child_peak.bytes
					       ? counts->main_peak.bytes
					       : counts->child_peak.bytes;
	char when[DURATION_TEXT_BYTES];

	if (counts->tree_peak_bytes > highest_bytes) {
		summary_put_duration(when, counts->tree_peak_ns - session->first_sample_ns);
		snprintf(ret, ret_bytes, "%sall together %.1f MiB (sampled, at %s)", before,
			 (double)counts->tree_peak_bytes / MIB, when);
	} else if (highest_bytes > 0) {
		snprintf(ret, ret_bytes, "%sall together at least %.1f MiB", before,
			 (double)highest_bytes / MIB);
	}
}

/* "3 processes: the highest child 30.7 MiB (cc1plus, 4712), all together 92.0 MiB (sampled, at 3.2 s)" */
static void tell_processes(const struct session *session)
{
	const struct session_counts *counts = &session->counts;
	const bool sums_tree = session->options->sums_tree;
	char text[256];
	size_t used = 0;

	text[0] = '\0';
	if (sums_tree && counts->main_peak.bytes > 0)
		used += (size_t)snprintf(text, sizeof(text), "the main one %.1f MiB (%s)",
					 (double)counts->main_peak.bytes / MIB,
					 counts->main_peak.name);
	if (counts->child_peak.bytes > 0)
		used += (size_t)snprintf(
			text + used, sizeof(text) - used, "%sthe highest child %.1f MiB (%s, %d)",
			used > 0 ? ", " : "", (double)counts->child_peak.bytes / MIB,
			counts->child_peak.name, counts->child_peak.pid);
	if (!sums_tree)
		put_together(session, used > 0 ? ", " : "", text + used, sizeof(text) - used);
	log_info("%" PRIu64 " processes%s%s", counts->processes, text[0] == '\0' ? "" : ": ", text);
}

/* Where the profiles of all ranks are, whether they have ended by now or not. */
static void tell_job(const struct session *session)
{
	const struct session_options *options = session->options;
	const struct output_writer writer = { .pid = session->main_pid, .rank = options->rank };
	char *folder, size[32] = "";

	if (options->attached_count > 0 || options->rank == NULL ||
	    !job_rank_has_others(options->rank) || options->rank->rank > 0)
		return;
	struct error *err = output_name_folder(options->output, &writer, &folder);
	if (err != NULL) {
		error_free(err);
		return;
	}
	if (options->rank->size > 0)
		snprintf(size, sizeof(size), " %" PRIu64, options->rank->size);
	log_info("all%s ranks together: mprof-trace report %s", size, folder);
	free(folder);
}

void summary_tell_peaks(const struct session *session)
{
	const struct session_counts *counts = &session->counts;
	const char *path = recorder_path(session->recorder), *title;
	const char *of = of_metric(session, &title);
	char when[DURATION_TEXT_BYTES];

	if (counts->processes > 1)
		tell_processes(session);
	if (session->options->sums_tree) {
		summary_put_duration(when, counts->tree_peak_ns - session->first_sample_ns);
		log_info("peak %.1f MiB%s%s (sampled sum of all processes, at %s), profile %s",
			 (double)counts->tree_peak_bytes / MIB, of, title, when, path);
	} else {
		log_info("peak %.1f MiB%s%s%s%s%s, profile %s",
			 (double)counts->main_peak.bytes / MIB, of, title,
			 counts->main_peak.name[0] == '\0' ? "" : " (", counts->main_peak.name,
			 counts->main_peak.name[0] == '\0' ? "" : ")", path);
	}
	tell_job(session);
}
