/* The calls of a profile, packed; see payload_calls.h (plot layer). */
#include "plot/html/payload_calls.h"

#include <stdlib.h>

#include "plot/html/payload_series.h"
#include "plot/profile/call_summary.h"

/* Calls that have no room are summed in so many windows of a function's time. */
enum { WINDOWS = 512 };

/* A call that a page gets. */
struct packed_call {
	const struct profile_call *call;
	size_t function; /* index into the profile's */
};

struct packed_calls {
	struct packed_call *single; /* of all functions, in order of their starts */
	size_t single_count;
	struct condensed_calls *
		*windows; /* of each function WINDOWS; NULL: all its calls are single */
};

static void packed_calls_deinit(struct packed_calls *calls, const struct profile *profile)
{
	for (size_t i = 0; calls->windows != NULL && i < profile->function_count; i++)
		free(calls->windows[i]);
	free(calls->windows);
	free(calls->single);
}

static int compare_starts(const void *a, const void *b)
{
	const struct packed_call *first = a, *second = b;

	if (first->call->in_ns != second->call->in_ns)
		return first->call->in_ns < second->call->in_ns ? -1 : 1;
	if (first->call->level != second->call->level)
		return first->call->level < second->call->level ? -1 : 1;
	return first->function < second->function ? -1 : first->function > second->function;
}

/* As an integer: a double since the epoch is good to 240 ns only. Damaged files claim any time. */
static int64_t duration_of(const struct profile_call *call)
{
	int64_t duration_ns;

	return __builtin_sub_overflow(call->out_ns, call->in_ns, &duration_ns) ? INT64_MAX
									       : duration_ns;
}

/* A window of several processes is of none, -1. */
static void condense(struct condensed_calls *window, const struct profile_call *call)
{
	const struct condensed_calls one = condensed_calls_of(call, true);

	if (window->count == 0) {
		*window = one;
		return;
	}
	condensed_calls_add(window, &one);
	if (window->process != call->process)
		window->process = -1;
}

/* Which window a call belongs to: that of its start. */
static size_t window_of(const struct profile *profile, const struct profile_call *call)
{
	double whole = (double)profile->last_ns - (double)profile->first_ns;
	double since = (double)call->in_ns - (double)profile->first_ns;
	double at = whole > 0 ? since / whole * WINDOWS : 0;

	return at >= WINDOWS ? WINDOWS - 1 : at > 0 ? (size_t)at : 0;
}

/* Keeps the longest @most, and condenses the others. */
static struct error *split_calls(struct packed_calls *calls, const struct profile *profile,
				 size_t f, size_t most)
{
	const struct profile_function *function = &profile->functions[f];
	size_t *longest, longest_count;
	struct error *err =
		calls_pick_longest(function, INT64_MIN, INT64_MAX, most, &longest, &longest_count);
	if (err != NULL)
		return err;
	bool *is_kept = calloc(function->call_count, sizeof(*is_kept));
	struct condensed_calls *windows = calloc(WINDOWS, sizeof(*windows));
	calls->windows[f] = windows;
	if (is_kept == NULL || windows == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < longest_count; i++)
		is_kept[longest[i]] = true;
	for (size_t i = 0; err == NULL && i < function->call_count; i++) {
		const struct profile_call *call = &function->calls[i];
		if (is_kept[i])
			calls->single[calls->single_count++] = (struct packed_call){ call, f };
		else
			condense(&windows[window_of(profile, call)], call);
	}
	free(is_kept);
	free(longest);
	return err;
}

static struct error *packed_calls_init(struct packed_calls *calls, const struct profile *profile,
				       const size_t *most)
{
	struct error *err = NULL;

	*calls = (struct packed_calls){ 0 };
	calls->single = calloc(PAYLOAD_CALLS_MOST + 1, sizeof(*calls->single));
	calls->windows = calloc(profile->function_count + 1, sizeof(struct condensed_calls *));
	if (calls->single == NULL || calls->windows == NULL)
		err = error_no_memory();
	for (size_t f = 0; err == NULL && f < profile->function_count; f++) {
		const struct profile_function *function = &profile->functions[f];
		if (function->is_hidden)
			continue;
		if (function->call_count > most[f]) {
			err = split_calls(calls, profile, f, most[f]);
			continue;
		}
		for (size_t i = 0; i < function->call_count; i++)
			calls->single[calls->single_count++] =
				(struct packed_call){ &function->calls[i], f };
	}
	if (err == NULL)
		qsort(calls->single, calls->single_count, sizeof(*calls->single), compare_starts);
	return err;
}

/* What a page is told of a call: a column each. */
enum call_column {
	COLUMN_START_US,
	COLUMN_DURATION_NS,
	COLUMN_KIB_IN,
	COLUMN_KIB_OUT,
	COLUMN_FUNCTION,
	COLUMN_PROCESS,
	COLUMN_TID,
	COLUMN_LEVEL,
	COLUMN_FLAGS, /* how it ended, and what of its memory was held */
	COLUMNS
};

static void pack_cell(struct packer *packer, const struct profile *profile,
		      const struct packed_call *packed, enum call_column column)
{
	const struct profile_call *call = packed->call;

	switch (column) {
	case COLUMN_START_US:
		packer_put(packer, payload_elapsed_us(profile, call->in_ns));
		break;
	case COLUMN_DURATION_NS:
		packer_put(packer, duration_of(call));
		break;
	case COLUMN_KIB_IN:
		packer_put_mib(packer, call->mib_in);
		break;
	case COLUMN_KIB_OUT:
		packer_put_mib(packer, call->mib_out);
		break;
	case COLUMN_FUNCTION:
		packer_put(packer, (int64_t)packed->function);
		break;
	case COLUMN_PROCESS:
		packer_put(packer, call->process);
		break;
	case COLUMN_TID:
		packer_put(packer, call->tid);
		break;
	case COLUMN_LEVEL:
		packer_put(packer, call->level);
		break;
	case COLUMN_FLAGS:
	case COLUMNS:
		packer_put(packer, (int64_t)call->how * 4 + (int64_t)call->held);
		break;
	}
}

static void pack_single(struct packer *packer, const struct profile *profile,
			const struct packed_calls *calls)
{
	packer_put_single(packer, (int64_t)calls->single_count);
	for (size_t column = 0; column < COLUMNS; column++) {
		packer_begin(packer);
		for (size_t i = 0; i < calls->single_count; i++)
			pack_cell(packer, profile, &calls->single[i], (enum call_column)column);
	}
}

static void pack_window(struct packer *packer, const struct profile *profile,
			const struct condensed_calls *window)
{
	packer_begin(packer);
	packer_put(packer, payload_elapsed_us(profile, window->from_ns));
	packer_put(packer, payload_elapsed_us(profile, window->to_ns));
	packer_put_single(packer, (int64_t)window->count);
	packer_put_single(packer, window->total_ns);
	packer_put_single(packer, window->longest_ns);
	packer_begin(packer);
	packer_put_mib(packer, window->mib_gained);
	packer_begin(packer);
	packer_put_mib(packer, window->mib_max);
	packer_put_single(packer, window->process);
}

/* Of one function: what the file has condensed, and what the page has. */
static void pack_condensed(struct packer *packer, const struct profile *profile,
			   const struct profile_function *function,
			   const struct condensed_calls *windows)
{
	size_t count = function->condensed_count;

	for (size_t i = 0; windows != NULL && i < WINDOWS; i++)
		count += windows[i].count > 0;
	packer_put_single(packer, (int64_t)count);
	for (size_t i = 0; i < function->condensed_count; i++)
		pack_window(packer, profile, &function->condensed[i]);
	for (size_t i = 0; windows != NULL && i < WINDOWS; i++) {
		if (windows[i].count > 0)
			pack_window(packer, profile, &windows[i]);
	}
}

static int compare_counts(const void *a, const void *b)
{
	const struct profile_function *first = *(const struct profile_function *const *)a;
	const struct profile_function *second = *(const struct profile_function *const *)b;

	return first->call_count < second->call_count ? -1 : first->call_count > second->call_count;
}

/* How many calls each function may keep: those with few leave their room to the others. */
static struct error *share_room(const struct profile *profile, size_t *most, bool *ret_reduced)
{
	const struct profile_function **functions =
		calloc(profile->function_count + 1, sizeof(const struct profile_function *));
	size_t room = PAYLOAD_CALLS_MOST;

	if (functions == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->function_count; i++)
		functions[i] = &profile->functions[i];
	qsort(functions, profile->function_count, sizeof(const struct profile_function *),
	      compare_counts);
	*ret_reduced = false;
	for (size_t i = 0; i < profile->function_count; i++) {
		size_t share = room / (profile->function_count - i);
		size_t count = functions[i]->is_hidden ? 0 : functions[i]->call_count;
		*ret_reduced |= count > share;
		most[functions[i] - profile->functions] = share;
		room -= count < share ? count : share;
	}
	free(functions);
	return NULL;
}

struct error *payload_pack_calls(struct packer *packer, const struct profile *profile,
				 bool *ret_reduced)
{
	struct packed_calls calls = { 0 };
	size_t *most = calloc(profile->function_count + 1, sizeof(*most));
	struct error *err =
		most == NULL ? error_no_memory() : share_room(profile, most, ret_reduced);

	if (err == NULL)
		err = packed_calls_init(&calls, profile, most);
	if (err == NULL) {
		pack_single(packer, profile, &calls);
		for (size_t f = 0; f < profile->function_count; f++) {
			const struct profile_function *function = &profile->functions[f];
			if (!function->is_hidden)
				pack_condensed(packer, profile, function, calls.windows[f]);
		}
	}
	packed_calls_deinit(&calls, profile);
	free(most);
	return err;
}
