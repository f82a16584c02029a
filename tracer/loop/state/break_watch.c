/* What has been read of a process, held against conditions; see break_watch.h. Loop layer. */
#include "tracer/loop/state/break_watch.h"

static void window_clear(struct break_window *window)
{
	for (size_t i = 0; i < BREAK_SLOTS; i++)
		window->lowest[i] = UINT64_MAX;
}

/* Adds a reading; returns by how much it lies above the lowest of the window. */
static uint64_t window_grow(struct break_window *window, int64_t within_ns, int64_t now_ns,
			    uint64_t bytes)
{
	uint64_t lowest = bytes;

	if (window->slot_ns == 0) {
		/* All slots but the one that is being filled are as long as the time together. */
		window->slot_ns = within_ns / (BREAK_SLOTS - 1) + 1;
		window->last = now_ns / window->slot_ns;
		window_clear(window);
	}
	const int64_t slot = now_ns / window->slot_ns;
	if (slot - window->last >= BREAK_SLOTS)
		window_clear(window);
	else
		for (int64_t i = window->last + 1; i <= slot; i++)
			window->lowest[i % BREAK_SLOTS] = UINT64_MAX;
	if (slot > window->last)
		window->last = slot;
	uint64_t *own = &window->lowest[window->last % BREAK_SLOTS];
	if (bytes < *own)
		*own = bytes;
	for (size_t i = 0; i < BREAK_SLOTS; i++) {
		if (window->lowest[i] < lowest)
			lowest = window->lowest[i];
	}
	return bytes - lowest;
}

unsigned break_watch_read(struct break_watch *watch, const struct break_condition *conditions,
			  size_t count, bool every, int64_t now_ns, uint64_t bytes,
			  struct break_highest *highest)
{
	watch->holding = 0;
	for (size_t i = 0; i < count; i++) {
		bool holds = conditions[i].term_count > 0;
		for (size_t j = 0; j < conditions[i].term_count; j++) {
			const struct break_term *term = &conditions[i].terms[j];
			uint64_t figure = term->figure == BREAK_MEMORY
						  ? bytes
						  : window_grow(&watch->windows[i][j],
								term->within_ns, now_ns, bytes);
			holds = break_term_holds(term, figure) && holds;
			if (figure > highest->bytes[i][j])
				highest->bytes[i][j] = figure;
		}
		if (holds)
			watch->holding |= 1U << i;
	}
	if (every)
		watch->done &= watch->holding;
	return watch->holding & ~watch->done;
}
