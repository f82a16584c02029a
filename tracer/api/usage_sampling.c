/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a process on its grid of times; see usage_sampling.h. Api layer. */
#include "tracer/api/usage_sampling.h"

#include <unistd.h>

#include "tracer/base/clock.h"

struct error *usage_sampling_init(struct usage_sampling *sampling, const struct usage_plan *plan,
				  pid_t pid)
{
	const struct mprof_options *options = &plan->options;

	*sampling = (struct usage_sampling){
		.plan = plan,
		.pid = pid,
		.readings = { .keeps_none = options->stream != NULL,
			      .keeps_highest = options->max_usage != 0,
			      .keeps_times = options->timestamps != 0 },
	};
	clock_base_init(&sampling->readings.clock);
	return options->stream == NULL ? NULL : profile_stream_open(plan, pid, &sampling->stream);
}

static void tell_child(void *context, struct tree_process *child)
{
	profile_stream_write_process(context, child);
}

struct error *usage_sampling_open(struct usage_sampling *sampling)
{
	const struct mprof_options *options = &sampling->plan->options;
	const enum metric metric = sampling->plan->metric;
	/* A control group has its processes' memory already. */
	const bool has_children = (options->include_children || options->multiprocess) &&
				  !metric_traits(metric)->is_cgroup;

	struct error *err = process_tree_open(&sampling->tree, sampling->pid, metric, has_children);
	if (err != NULL && access("/proc/self", F_OK) != 0) {
		error_free(err);
		err = error_new(ERR_FAILED,
				"/proc, which says what memory a process has, is not there");
	}
	if (err != NULL)
		return err;
	sampling->is_open = true;
	if (sampling->stream != NULL)
		profile_stream_write_main(sampling->stream, &sampling->tree.main);
	if (sampling->stream != NULL && options->multiprocess) {
		sampling->tree.tell = tell_child;
		sampling->tree.context = sampling->stream;
	}
	sampler_start(&sampling->tree.sampler, clock_now_ns(), sampling->plan->interval_ns);
	return NULL;
}

static struct error *keep(struct usage_sampling *sampling, int64_t time_ns, uint64_t bytes)
{
	const struct process_tree *tree = &sampling->tree;

	struct error *err = readings_add(&sampling->readings, time_ns, bytes);
	for (size_t i = 0; sampling->plan->options.multiprocess && i < tree->count && err == NULL;
	     i++) {
		if (tree->children[i]->is_read)
			err = readings_add_child(&sampling->readings,
						 tree->children[i]->sampled.pid, time_ns,
						 tree->children[i]->sampled.last_bytes);
	}
	return err;
}

struct error *usage_sampling_take(struct usage_sampling *sampling)
{
	uint64_t sum_bytes;

	struct error *err = process_tree_read(&sampling->tree, &sum_bytes);
	if (err != NULL)
		return err;
	const int64_t now_ns = clock_now_ns();
	const uint64_t bytes = sampling->plan->options.include_children
				       ? sum_bytes
				       : sampling->tree.main.sampled.last_bytes;
	err = keep(sampling, now_ns, bytes);
	if (sampling->stream != NULL)
		profile_stream_write(sampling->stream, &sampling->tree, sampling->plan, now_ns,
				     bytes);
	return err;
}

int64_t usage_sampling_next_ns(const struct usage_sampling *sampling)
{
	const struct tick_grid *grid = &sampling->tree.sampler.grid;

	return grid->start_ns + (int64_t)(grid->passed + grid->to_skip + 1) * grid->interval_ns;
}

struct error *usage_sampling_tick(struct usage_sampling *sampling)
{
	struct tick_grid *grid = &sampling->tree.sampler.grid;
	const int64_t now_ns = clock_now_ns();
	const int64_t points = (now_ns - grid->start_ns) / grid->interval_ns;

	if (points <= (int64_t)grid->passed ||
	    !tick_grid_pass(grid, (uint64_t)points - grid->passed, now_ns))
		return NULL;
	struct error *err = usage_sampling_take(sampling);
	tick_grid_spend(grid, clock_now_ns() - now_ns);
	return err;
}

void usage_sampling_close(struct usage_sampling *sampling)
{
	if (sampling->is_open)
		process_tree_close(&sampling->tree);
	sampling->is_open = false;
}

void usage_sampling_restart(struct usage_sampling *sampling)
{
	sampling->readings.count = sampling->readings.child_count = 0;
	sampling->readings.measurements = 0;
	sampling->readings.max_mib = 0;
}

struct error *usage_sampling_finish(struct usage_sampling *sampling, int status,
				    struct mprof_result *ret)
{
	struct error *err = profile_stream_close(sampling->stream, &sampling->tree.sampler.grid,
						 sampling->pid, status);

	sampling->stream = NULL;
	readings_give(&sampling->readings, ret);
	return err;
}

void usage_sampling_deinit(struct usage_sampling *sampling)
{
	usage_sampling_close(sampling);
	error_free(profile_stream_close(sampling->stream, &sampling->tree.sampler.grid,
					sampling->pid, -1));
	sampling->stream = NULL;
	readings_deinit(&sampling->readings);
}
