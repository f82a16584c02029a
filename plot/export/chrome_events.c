/* Single events of a trace; see chrome_events.h. Plot layer. */
#include "plot/export/chrome_events.h"

#include <stdlib.h>

#include "plot/export/row_text.h"
#include "plot/parts/part_view.h"
#include "plot/profile/metric_label.h"
#include "tracer/base/memory/companion.h"

/* Above all pids: of processes whose pid is not known, or had been another one's before. */
static const uint32_t PIDS_OF_OURS = (uint32_t)1 << 31;

static struct error *make_pids(const struct profile *profile, uint32_t *pids)
{
	struct addr_map seen = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		int32_t pid = profile->processes[i].pid;
		bool is_free = pid > 0 && addr_map_get(&seen, (uint64_t)pid) == NULL;
		pids[i] = is_free ? (uint32_t)pid : PIDS_OF_OURS + (uint32_t)i;
		if (is_free)
			err = addr_map_put(&seen, (uint64_t)pid, pids);
	}
	addr_map_deinit(&seen);
	return err;
}

static struct error *quote_tracks(const struct profile_tracks *tracks, bool is_companions,
				  struct chrome_track **ret)
{
	struct error *err = NULL;

	*ret = calloc(tracks->count + 1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 0; err == NULL && i < tracks->count; i++) {
		const struct profile_track *track = &tracks->tracks[i];
		err = export_quote(&export_chrome,
				   is_companions ? companion_traits(track->kind)->title
						 : part_title(track),
				   &(*ret)[i].text);
	}
	return err;
}

static struct error *tracks_init(struct chrome_tracks *tracks, const struct profile *profile)
{
	struct error *err = quote_tracks(&profile->parts, false, &tracks->parts);

	return err != NULL ? err : quote_tracks(&profile->companions, true, &tracks->companions);
}

static void tracks_deinit(struct chrome_tracks *tracks, const struct profile *profile)
{
	for (size_t i = 0; tracks->parts != NULL && i < profile->parts.count; i++)
		free(tracks->parts[i].text);
	for (size_t i = 0; tracks->companions != NULL && i < profile->companions.count; i++)
		free(tracks->companions[i].text);
	free(tracks->parts);
	free(tracks->companions);
}

struct error *chrome_prepare(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct chrome *own = calloc(1, sizeof(*own));
	char label[METRIC_LABEL_BYTES];

	job->own = own;
	if (own == NULL)
		return error_no_memory();
	own->pids = calloc(profile->process_count, sizeof(*own->pids));
	own->is_pair = calloc(job->nesting->count + 1, sizeof(*own->is_pair));
	if (own->pids == NULL || own->is_pair == NULL)
		return error_no_memory();
	struct error *err = make_pids(profile, own->pids);
	if (err == NULL)
		err = tracks_init(&own->tracks, profile);
	metric_label(profile, label);
	if (err == NULL)
		err = export_quote(&export_chrome, label[0] != '\0' ? label : "memory",
				   &own->main_counter);
	metric_label_single(profile, label);
	if (err == NULL)
		err = export_quote(&export_chrome, label[0] != '\0' ? label : "memory",
				   &own->counter);
	return err;
}

static uint32_t pid_of(const struct export_job *job, int32_t process)
{
	const struct chrome *own = job->own;

	return own->pids[process];
}

/*
 * Nanoseconds as microseconds. Perfetto multiplies by 1000 and cuts off, where a double may be a little too
 * small and a nanosecond be lost, and with it the nesting: a fifth of one is added there.
 */
void chrome_put_us(FILE *out, int64_t ns)
{
	char text[NUMBER_TEXT_BYTES];
	double us = (double)ns / 1000.0;
	bool is_cut = (int64_t)(us * 1000.0) != ns && ns > 0 && ns < INT64_MAX / 16;
	size_t bytes = is_cut ? number_text_decimal(text, ns * 10 + 2, 4)
			      : number_text_decimal(text, ns, 3);

	fwrite_unlocked(text, 1, bytes, out);
}

void chrome_begin_event(struct export_job *job, const char *phase, int32_t process)
{
	json_begin_row(&job->json);
	row_put(job->out, "{\"ph\":\"");
	row_put(job->out, phase);
	row_put(job->out, "\",\"pid\":");
	row_put_integer(job->out, pid_of(job, process));
}

void chrome_put_tid(struct export_job *job, int32_t process, int32_t tid)
{
	row_put(job->out, ",\"tid\":");
	row_put_integer(job->out, tid > 0 ? (uint32_t)tid : pid_of(job, process));
}

void chrome_put_time(struct export_job *job, int64_t time_ns)
{
	row_put(job->out, ",\"ts\":");
	chrome_put_us(job->out, time_ns - job->zero_ns);
}

void chrome_release(struct export_job *job)
{
	struct chrome *own = job->own;

	if (own == NULL)
		return;
	tracks_deinit(&own->tracks, job->profile);
	free(own->pids);
	free(own->is_pair);
	free(own->main_counter);
	free(own->counter);
	free(own);
	job->own = NULL;
}
