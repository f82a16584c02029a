/* What the lines of one function have gained; see line_account.h. Loop layer. */
#include "tracer/loop/lines/line_account.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 64 };

struct line_activation {
	struct line_account *account; /* borrowed */
	uint64_t runner;
	/* Of the same function, on the same thread; NULL: none. Only while @is_linked. */
	struct line_activation *outer, *inner;
	bool is_linked;
	bool is_suspended;
	struct line_reading since;  /* its line has not been charged from here on, … */
	struct line_reading shared; /* … and @outer has not been spared from here on */
	taddr_t last;		    /* where control came to that line */
	uint32_t line;
	uint64_t seen[]; /* a bit a line: it ran since control went back last */
};

struct error *line_account_init(struct line_account *account, size_t line_count, bool is_optimised)
{
	assert(line_count > 0);
	*account = (struct line_account){ .line_count = line_count, .is_optimised = is_optimised };
	account->tallies = calloc(line_count, sizeof(*account->tallies));
	return account->tallies == NULL ? error_no_memory() : NULL;
}

void line_account_deinit(struct line_account *account)
{
	assert(account->innermost.count == 0);
	addr_map_deinit(&account->innermost);
	free(account->tallies);
	*account = (struct line_account){ 0 };
}

struct line_account *line_activation_account(const struct line_activation *activation)
{
	return activation->account;
}

static size_t seen_words(const struct line_account *account)
{
	return (account->line_count + BITS - 1) / BITS;
}

/* The difference belongs to the line that has run until now. */
static void charge(struct line_activation *activation, const struct line_reading *now)
{
	struct line_account *account = activation->account;
	struct line_tally *tally = &account->tallies[activation->line];
	const int64_t gained_bytes = (int64_t)(now->bytes - activation->since.bytes);

	tally->increment_bytes += gained_bytes;
	tally->held_count += now->is_held || activation->since.is_held;
	tally->last_bytes = now->bytes;
	account->gained_bytes += gained_bytes;
	account->is_changed = true;
	activation->since = *now;
}

/* @inner has charged its own lines with all that came since the last time: its caller's line is spared that. */
static void spare_outer(struct line_activation *inner, const struct line_reading *now)
{
	struct line_activation *outer = inner->outer;

	if (outer != NULL) {
		outer->since.bytes += now->bytes - inner->shared.bytes;
		outer->since.is_held |= now->is_held || inner->shared.is_held;
	}
	inner->shared = *now;
}

/* Which of the lines at @at what comes is charged to: the last one; of those that were joined, the one that gained most. */
static uint32_t charged_line(const struct line_account *account, const struct line_stop *at)
{
	uint32_t found = at->lines[at->count - 1];

	for (size_t i = 0; at->is_joined && i < at->count; i++) {
		if (account->tallies[at->lines[i]].increment_bytes >
		    account->tallies[found].increment_bytes)
			found = at->lines[i];
	}
	return found;
}

/*
 * Lines without code of their own have run at once, and what was read there is behind them. So it is said of one that
 * runs for the first time, as long as it does.
 */
static void count(struct line_activation *activation, const struct line_stop *at,
		  const struct line_reading *now)
{
	struct line_account *account = activation->account;

	for (size_t i = 0; i < at->count; i++) {
		const uint32_t line = at->lines[i];
		uint64_t *seen = &activation->seen[line / BITS];
		const uint64_t bit = UINT64_C(1) << line % BITS;
		account->tallies[line].count += (*seen & bit) == 0;
		account->tallies[line].held_count += at->is_joined;
		if (i + 1 < at->count || account->tallies[line].last_bytes == 0)
			account->tallies[line].last_bytes = now->bytes;
		*seen |= bit;
	}
	activation->line = charged_line(account, at);
	activation->last = at->address;
}

/* It is the innermost one of its runner from @now on. */
static struct error *link_activation(struct line_activation *activation,
				     const struct line_reading *now)
{
	struct line_account *account = activation->account;

	activation->shared = *now;
	activation->outer = addr_map_get(&account->innermost, activation->runner);
	struct error *err = addr_map_put(&account->innermost, activation->runner, activation);
	if (err != NULL) {
		activation->outer = NULL;
		return err;
	}
	activation->is_linked = true;
	if (activation->outer != NULL)
		activation->outer->inner = activation;
	return NULL;
}

static struct error *activation_create(struct line_account *account, uint64_t runner,
				       const struct line_reading *now, struct line_activation **ret)
{
	struct line_activation *made =
		calloc(1, sizeof(*made) + seen_words(account) * sizeof(made->seen[0]));

	*ret = NULL;
	if (made == NULL)
		return error_no_memory();
	made->account = account;
	made->runner = runner;
	made->since = *now;
	struct error *err = link_activation(made, now);
	if (err != NULL) {
		free(made);
		return err;
	}
	if (account->calls++ == 0)
		account->first_bytes = now->bytes;
	account->is_changed = true;
	*ret = made;
	return NULL;
}

struct error *line_activation_begin(struct line_account *account, uint64_t runner,
				    const struct line_stop *at, bool is_counted,
				    const struct line_reading *now, struct line_activation **ret)
{
	struct error *err = activation_create(account, runner, now, ret);

	if (err != NULL)
		return err;
	if (is_counted)
		count(*ret, at, now);
	(*ret)->line = at->lines[at->count - 1];
	(*ret)->last = at->address;
	return NULL;
}

struct error *line_activation_copy(const struct line_activation *of_parent,
				   struct line_account *account, uint64_t runner,
				   const struct line_reading *now, struct line_activation **ret)
{
	struct error *err = activation_create(account, runner, now, ret);

	if (err != NULL)
		return err;
	(*ret)->line = of_parent->line;
	(*ret)->last = of_parent->last;
	memcpy((*ret)->seen, of_parent->seen, seen_words(account) * sizeof((*ret)->seen[0]));
	if (of_parent->is_suspended)
		line_activation_suspend(*ret, now);
	return NULL;
}

static bool begins_anew(const struct line_activation *activation, const struct line_stop *at)
{
	return at->address.value <= activation->last.value ||
	       (!activation->account->is_optimised && at->lines[0] != activation->line);
}

void line_activation_reach(struct line_activation *activation, const struct line_stop *at,
			   const struct line_reading *now)
{
	/* One that is inner by the order of calls, and has not ended: a fiber's. */
	if (activation->is_linked && activation->inner != NULL)
		spare_outer(activation->inner, now);
	charge(activation, now);
	if (begins_anew(activation, at))
		memset(activation->seen, 0,
		       seen_words(activation->account) * sizeof(activation->seen[0]));
	count(activation, at, now);
}

static void unlink_activation(struct line_activation *activation)
{
	struct line_account *account = activation->account;
	struct line_activation *outer = activation->outer, *inner = activation->inner;

	if (outer != NULL)
		outer->inner = inner;
	if (inner != NULL)
		inner->outer = outer;
	else if (outer != NULL)
		error_free(addr_map_put(&account->innermost, activation->runner, outer));
	else
		addr_map_remove(&account->innermost, activation->runner);
	activation->outer = activation->inner = NULL;
	activation->is_linked = false;
}

/* Charges it up to @now, and takes it out of its thread's. */
static void leave(struct line_activation *activation, const struct line_reading *now)
{
	if (activation->is_suspended)
		return;
	if (!activation->is_linked) { /* it was passed, and has run on after all, or not at all */
		charge(activation, now);
		return;
	}
	if (activation->inner != NULL)
		spare_outer(activation->inner, now);
	charge(activation, now);
	spare_outer(activation, now);
	unlink_activation(activation);
}

void line_activation_pass(struct line_activation *activation, const struct line_reading *now)
{
	if (activation->is_linked)
		leave(activation, now);
}

void line_activation_suspend(struct line_activation *activation, const struct line_reading *now)
{
	leave(activation, now);
	activation->is_suspended = true;
}

void line_activation_resume(struct line_activation *activation, uint64_t runner,
			    const struct line_reading *now)
{
	if (!activation->is_suspended)
		return;
	activation->is_suspended = false;
	activation->since = *now;
	activation->runner = runner;
	/* Out of memory, it is on its own. */
	error_free(link_activation(activation, now));
}

struct line_activation *line_account_running(const struct line_account *account, uint64_t runner)
{
	return addr_map_get(&account->innermost, runner);
}

void line_activation_end(struct line_activation *activation, const struct line_reading *now)
{
	if (activation == NULL)
		return;
	leave(activation, now);
	free(activation);
}
