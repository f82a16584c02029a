/* The events of counters besides memory; see chrome_counters.h. Plot layer. */
#include "plot/export/chrome_counters.h"

#include "plot/export/chrome_events.h"
#include "plot/export/row_text.h"
#include "tracer/base/memory/companion.h"

static void put_counter(struct export_job *job, int32_t process, int64_t time_ns, const char *name,
			const char *key, double value)
{
	chrome_begin_event(job, "C", process);
	chrome_put_time(job, time_ns);
	row_put(job->out, ",\"name\":");
	row_put(job->out, name);
	row_put(job->out, ",\"args\":{\"");
	row_put(job->out, key);
	row_put(job->out, "\":");
	row_put_mib(job->out, value);
	row_put(job->out, "}}");
}

void chrome_made_of(struct export_job *job, size_t part, int64_t time_ns, double mib)
{
	const struct chrome *own = job->own;

	put_counter(job, job->profile->parts.tracks[part].process, time_ns,
		    own->tracks.parts[part].text, "MiB", mib);
}

/* Of a sum how fast it has grown, from its point before on: a counter keeps its value until the next. */
void chrome_beside(struct export_job *job, size_t companion, int64_t time_ns, double value)
{
	const struct chrome *own = job->own;
	const struct profile_track *track = &job->profile->companions.tracks[companion];
	const struct companion_traits *traits = companion_traits(track->kind);
	struct chrome_track *state = &own->tracks.companions[companion];
	const char *key = traits->unit[0] != '\0' ? traits->unit : "count";
	const double span_s = (double)(time_ns - state->last_ns) * 1e-9;

	if (!traits->is_sum)
		put_counter(job, track->process, time_ns, state->text, key, value);
	else if (state->has_last && span_s > 0)
		put_counter(job, track->process, state->last_ns, state->text, key,
			    value > state->last_value
				    ? (value - state->last_value) / span_s * traits->rate_scale
				    : 0);
	state->has_last = true;
	state->last_ns = time_ns;
	state->last_value = value;
}
