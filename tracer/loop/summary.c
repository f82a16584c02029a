/* What a run tells its user; see summary.h. Loop layer. */
#include "tracer/loop/summary.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/loop/break_actions/breaks.h"
#include "tracer/loop/overhead/overhead.h"
#include "tracer/loop/state/missing.h"
#include "tracer/loop/summary_peaks.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* A file called python3.11, or so: its functions are not those that its user means. */
static bool runs_python(const struct session *session)
{
	static const char name[] = "python";
	const struct symbol_file *file;
	size_t cursor = 0;

	while ((file = planner_next_file(&session->planner, &cursor)) != NULL) {
		const char *base = basename(symbol_file_name(file));
		if (strncmp(base, name, sizeof(name) - 1) == 0 &&
		    base[strspn(base + sizeof(name) - 1, "0123456789.") + sizeof(name) - 1] == '\0')
			return true;
	}
	return false;
}

/* ": it is inlined …; the nearest names are a, b, c", or less of it. */
static void why_missing(const struct session *session, size_t pattern, char *ret, size_t ret_bytes)
{
	struct near_names names;
	size_t used = 0;
	char *why;

	ret[0] = '\0';
	if (pattern_set_left_out(session->options->patterns, pattern)) {
		snprintf(ret, ret_bytes, ": all that it matches is left out by '!' patterns");
		return;
	}
	if (pattern_set_is_mark(session->options->patterns, pattern)) {
		snprintf(ret, ret_bytes,
			 ": no mark has this name; mprof-trace funcs -f 'mark:*' lists those of a "
			 "program");
		return;
	}
	if (pattern_set_is_usdt(session->options->patterns, pattern)) {
		snprintf(ret, ret_bytes,
			 ": no static probe has this name; mprof-trace funcs "
			 "-f 'usdt:*:*' lists those of a program");
		return;
	}
	if (pattern_set_is_dotted(session->options->patterns, pattern) && runs_python(session))
		used = (size_t)snprintf(ret, ret_bytes,
					": if it is a function of a Python script, %s",
					session->options->attached_count > 0
						? "only 'mprof-trace run --python' records it"
						: "--python records it");
	struct error *err = planner_explain(&session->planner, pattern, &why);
	if (err == NULL && why != NULL)
		used += (size_t)snprintf(ret + used, ret_bytes - used, "%s%s",
					 used > 0 ? "; " : ": ", why);
	if (err == NULL)
		free(why);
	if (err == NULL)
		err = planner_near_names(&session->planner, pattern, &names);
	if (err != NULL) {
		error_free(err);
		return;
	}
	for (size_t i = 0; i < names.count && used < ret_bytes; i++)
		used += (size_t)snprintf(ret + used, ret_bytes - used, "%s%s",
					 i == 0 ? "; the nearest names are " : ", ",
					 names.best[i].name);
	near_names_deinit(&names);
}

void summary_tell_start(struct session *session)
{
	char why[768];
	const struct pattern_set *patterns = session->options->patterns;

	session->start_was_told = true;
	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (!pattern_is_missing(session, i))
			continue;
		why_missing(session, i, why, sizeof(why));
		log_warning("no function matches '%s' in the program and its libraries%s%s",
			    pattern_set_text(patterns, i), why,
			    session->is_refused ? ""
						: " (it stays pending for libraries and programs "
						  "that are loaded later)");
	}
}

struct error *summary_refusal(const struct session *session)
{
	const struct pattern_set *patterns = session->options->patterns;
	size_t missing = 0, first = 0;

	for (size_t i = pattern_set_count(patterns); i-- > 0;) {
		if (!pattern_is_missing(session, i))
			continue;
		missing++;
		first = i;
	}
	return error_new(ERR_FAILED, "--strict: no function matches '%s'%s: %s",
			 pattern_set_text(patterns, first), missing > 1 ? " and others" : "",
			 session->options->attached_count > 0
				 ? "nothing was attached to"
				 : "the program was ended before any code of its own");
}

bool summary_all_missed(const struct session *session)
{
	size_t count = pattern_set_count(session->options->patterns);

	for (size_t i = 0; i < count; i++) {
		if (probe_set_tally(&session->planner.probes, i).functions > 0)
			return false;
	}
	return count > 0;
}

/* ", 3.93 s, +160.1 MiB (12 more inherited by forks)", or less of it: static probes take no time. */
static void describe_sums(const struct pattern_sums *sums, char *ret, size_t ret_bytes)
{
	const double mib = 1 << 20;
	char time[DURATION_TEXT_BYTES];
	size_t used = 0;

	ret[0] = '\0';
	if (sums->ended > 0) {
		double gained = (double)sums->gained_bytes / mib;
		summary_put_duration(time, sums->total_ns);
		used = (size_t)snprintf(ret, ret_bytes, ", %s, %+.1f MiB", time,
					gained > -0.05 && gained < 0 ? 0 : gained);
	}
	if (sums->inherited > 0)
		snprintf(ret + used, ret_bytes - used, " (%" PRIu64 " more inherited by forks)",
			 sums->inherited);
}

static void summary_tell_calls(const char *text, const struct pattern_tally *tally)
{
	char sums[128];

	describe_sums(&tally->sums, sums, sizeof(sums));
	if (tally->functions == 1)
		log_info("'%s': %" PRIu64 " call%s%s", text, tally->calls, plural(tally->calls),
			 sums);
	else
		log_info("'%s': %" PRIu64 " call%s of %zu function%s (%zu matched)%s", text,
			 tally->calls, plural(tally->calls), tally->hit, plural(tally->hit),
			 tally->functions, sums);
}

/* What is probed without a pattern: Python's decorator and its blocks, and marks. */
static void summary_tell_unasked(const struct session *session)
{
	const char *text = session->options->wants_python ? "@profile" : "mark:*";
	struct pattern_tally tally = probe_set_tally(&session->planner.probes, PROBE_NO_PATTERN);

	if (tally.hit > 0)
		summary_tell_calls(text, &tally);
	else if (tally.functions > 0)
		log_info("'%s': %zu function%s, never called", text, tally.functions,
			 plural(tally.functions));
}

static void summary_tell_pattern(struct session *session, size_t pattern)
{
	char why[768];
	const char *text = pattern_set_text(session->options->patterns, pattern);
	struct pattern_tally tally = probe_set_tally(&session->planner.probes, pattern);

	if (session->is_waiting) {
		recorder_miss(session->recorder, text, PROFILE_NEVER_CALLED);
	} else if (tally.functions == 0 && pattern_is_pythons(session, pattern)) {
		log_warning("'%s': no Python function of this name was %s", text,
			    session->options->attached_count > 0 ? "called" : "defined");
		recorder_miss(session->recorder, text, "not found");
	} else if (tally.functions == 0) {
		why_missing(session, pattern, why, sizeof(why));
		log_warning("'%s': not found%s", text, why);
		recorder_miss(session->recorder, text, "not found");
	} else if (tally.hit == 0) {
		char *inlined;
		error_free(planner_inlined(&session->planner, pattern, &inlined));
		log_info("'%s': %zu function%s matched, never called%s%s", text, tally.functions,
			 plural(tally.functions), inlined ? ", but " : "", inlined ? inlined : "");
		free(inlined);
		recorder_miss(session->recorder, text, PROFILE_NEVER_CALLED);
	} else {
		summary_tell_calls(text, &tally);
	}
}

/* A '!' pattern that did nothing is misspelt, or superfluous; where nothing was found at all, neither. */
static void summary_tell_exclusion(const struct session *session, size_t pattern)
{
	const struct pattern_set *patterns = session->options->patterns;

	if (!pattern_set_left_out(patterns, pattern) && !summary_all_missed(session))
		log_warning("'%s': leaves nothing out: no function that the other patterns found "
			    "matches it",
			    pattern_set_text(patterns, pattern));
}

/* Also where there was none: the record says that the recording has come to its end. */
static void summary_tell_ticks(struct session *session)
{
	const struct tick_grid *grid = &session->sampler.grid;
	const double us = 1e3;
	const struct recorder_ticks ticks = {
		.taken = grid->taken,
		.missed = grid->missed,
		.skipped = grid->skipped,
		.late_mean_ns = grid->late_total_ns / (int64_t)(grid->taken + (grid->taken == 0)),
		.late_longest_ns = grid->late_longest_ns,
	};
	recorder_ticks(session->recorder, &ticks);
	log_debug("%" PRIu64 " ticks taken, %" PRIu64 " missed, %" PRIu64 " left out; "
		  "late by %.0f us on average, %.0f us at most",
		  ticks.taken, ticks.missed, ticks.skipped, (double)ticks.late_mean_ns / us,
		  (double)ticks.late_longest_ns / us);
}

/* By which kind of patch the hits came, and what the stops among them were for. */
static void summary_tell_kinds(struct session *session)
{
	const struct session_counts *counts = &session->counts;
	struct trap_tally *traps = &session->traps;

	log_debug("%" PRIu64 " probe hits, no instruction single-stepped", counts->hits);
	if (session->options->probe_mode == PROBE_BREAKPOINT)
		return;
	log_debug("%" PRIu64 " of them recorded by %" PRIu64 " jumps (%" PRIu64
		  " are punned), %" PRIu64 " by stops; %" PRIu64
		  " sites that are hit often stay traps",
		  counts->recorded_hits, counts->jumps, counts->punned_jumps,
		  trap_tally_hits(traps), counts->refused_jumps);
	trap_tally_sort(traps);
	for (size_t i = 0; i < traps->row_count; i++) {
		const struct trap_row *row = &traps->rows[i];
		log_debug("%" PRIu64 " stops at %" PRIu64 " sites: %s (most, %" PRIu64 ": %s%s)",
			  row->hits, row->sites, row->why, row->worst_hits,
			  row->is_worst_return ? "returns to " : "", trap_row_worst(row));
	}
}

/* What of the calls' memory is not as young as the user has it. */
static void summary_tell_held(struct session *session)
{
	const bool is_in_statm = metric_traits(session->options->metric)->column > 0;
	char reasons[512];

	if (session->held.total == 0)
		return;
	held_tally_reasons(&session->held, reasons, sizeof(reasons));
	log_info("memory at %" PRIu64 " of %" PRIu64 " entries and returns that jumps recorded is "
		 "held, the last that was known: %s; --probe breakpoint reads it at each%s",
		 session->held.total, session->counts.recorded_hits, reasons,
		 is_in_statm ? "" : ", --backend rss is read by jumps");
}

static void summary_tell_holds(const struct session *session)
{
	static const double SHARE = 0.99;
	const double us = 1e3;

	if (session->holds.count > 0)
		log_debug("%" PRIu64 " stops: threads were held for %.0f us at the 99th "
			  "percentile, %.0f us at most",
			  session->holds.count,
			  (double)hold_times_quantile_ns(&session->holds, SHARE) / us,
			  (double)session->holds.longest_ns / us);
}

/* Whether an earlier one has the same text: of -f and --break-in, perhaps. */
static bool is_repeated(const struct pattern_set *patterns, size_t pattern)
{
	const char *text = pattern_set_text(patterns, pattern);

	for (size_t i = 0; i < pattern; i++) {
		if (strcmp(pattern_set_text(patterns, i), text) == 0)
			return true;
	}
	return false;
}

void summary_tell_end(struct session *session)
{
	const struct session_counts *counts = &session->counts;
	const double mib = 1 << 20;

	summary_tell_outcome(session);
	if (session->is_waiting)
		log_warning(
			"--mpi: no process has come back from MPI_Init, so nothing was recorded");
	for (size_t i = 0; i < pattern_set_count(session->options->patterns); i++) {
		if (is_repeated(session->options->patterns, i))
			continue;
		if (pattern_set_excludes(session->options->patterns, i))
			summary_tell_exclusion(session, i);
		else
			summary_tell_pattern(session, i);
	}
	summary_tell_unasked(session);
	if (counts->lost_returns > 0)
		log_info("%" PRIu64
			 " call%s whose return could not be watched end%s with later evidence; "
			 "-v says which",
			 counts->lost_returns, plural(counts->lost_returns),
			 counts->lost_returns == 1 ? "s" : "");
	if (counts->failed_hits > 0)
		log_info("%" PRIu64 " probe hit%s could not be recorded", counts->failed_hits,
			 plural(counts->failed_hits));
	if (counts->copied_traps > 0)
		log_info("%" PRIu64 " call%s of copies of probed code could not be recorded",
			 counts->copied_traps, plural(counts->copied_traps));
	if (session->planner.refused_count > 0)
		log_info("%zu function%s that matched could not be probed; -v says which, and why",
			 session->planner.refused_count, plural(session->planner.refused_count));
	overhead_tell(session);
	breaks_tell(session);
	summary_tell_held(session);
	summary_tell_kinds(session);
	summary_tell_holds(session);
	summary_tell_ticks(session);
	if (counts->left_out_bytes > 0)
		log_info(
			"%.1f MiB of huge pages (hugetlbfs) in one process are in no figure of %s: "
			"--backend %s counts them",
			(double)counts->left_out_bytes / mib,
			metric_traits(session->options->metric)->name,
			metric_traits(METRIC_RSS_HUGE)->name);
	summary_tell_peaks(session);
}
