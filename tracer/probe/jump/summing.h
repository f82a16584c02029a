/*
 * Which calls pads sum up, instead of recording each (probe layer). arch/pad.h says how they do.
 *
 * A call may leave no record if its end can be told from the ring alone: nothing was recorded since it began, and no
 * other call has its frame. The latter is so when the call instruction in front of where it returns goes to this very
 * function, and nowhere else, and when the function cannot end by a tail call, nor branch to its own first instruction.
 */
#ifndef PROBE_JUMP_SUMMING_H
#define PROBE_JUMP_SUMMING_H

#include "tracer/probe/image.h"

/* Whether the calls that begin at @entry, whose code has been scanned, may be summed up, as far as that tells. */
bool image_may_sum(const struct image *image, const struct site *entry);

/*
 * Calls of @entry, for which image_may_sum, are kept back from now on (see arch_pad_sum), with a sum's number of their
 * own, @entry->sum. It stays 0 where there is none left.
 */
struct error *image_sum_calls(struct image *image, struct site *entry) MUST_CHECK;

/*
 * Calls of @entry, which has a sum, have been seen to return to @behind: they are summed up there from now on, if that
 * is all that can return there. *@ret_is_new: they were not before.
 */
struct error *image_sum_returns(const struct image *image, const struct site *entry,
				struct site *behind, bool *ret_is_new) MUST_CHECK;

/* Nothing is summed up any more: calls have been seen to go from thread to thread. */
struct error *image_end_sums(struct image *image) MUST_CHECK;

/* The probe whose calls sum @number has; NULL: none. */
struct probe *image_sum_probe(const struct image *image, uint32_t number);

#endif
