/* Patterns that match nothing; see missing.h. Loop layer. */
#include "tracer/loop/state/missing.h"

bool pattern_is_pythons(const struct session *session, size_t pattern)
{
	return session->options->wants_python &&
	       pattern_set_is_dotted(session->options->patterns, pattern);
}

bool pattern_is_missing(const struct session *session, size_t pattern)
{
	const struct probe_set *probes = &session->planner.probes;

	return !pattern_set_excludes(session->options->patterns, pattern) &&
	       !pattern_is_pythons(session, pattern) &&
	       !probe_set_sums(probes, pattern)->is_matched &&
	       probe_set_tally(probes, pattern).functions == 0;
}

bool start_is_refused(const struct session *session)
{
	const size_t count = pattern_set_count(session->options->patterns);

	for (size_t i = 0; i < count && session->options->is_strict; i++) {
		if (pattern_is_missing(session, i))
			return true;
	}
	return false;
}
