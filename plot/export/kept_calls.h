/*
 * Which calls stay when there is no room for all: the longest; and the sums of the others (plot layer). Pure.
 */
#ifndef PLOT_EXPORT_KEPT_CALLS_H
#define PLOT_EXPORT_KEPT_CALLS_H

#include "plot/profile/profile.h"

/* A part of many things that are alike, evenly spread among them. */
struct kept_share {
	uint64_t of_2_32; /* 0: none of them; 2^32: all */
};

static const uint64_t KEPT_SHARE_ALL = (uint64_t)1 << 32;

/* Of so many bytes as many as fit. */
struct kept_share kept_share_of(uint64_t bytes, uint64_t fitting);
/* Whether the thing with that number, below 2^31, is one of those. */
bool kept_share_has(struct kept_share share, size_t number);

/* Durations that are about the same are one class: there are sixteen from each power of two to the next. */
enum { KEPT_CLASSES = 64 * 16 };

struct kept_calls {
	unsigned class;		 /* calls of a higher one are kept; 0 with a whole share: all are */
	struct kept_share share; /* of those of this one */
};

/* @class_bytes: how much all calls of each class take; @most_bytes: how much they may. */
struct kept_calls kept_calls_choose(const uint64_t class_bytes[static KEPT_CLASSES],
				    uint64_t most_bytes);

unsigned kept_calls_class(const struct profile_call *call);

/* @number: the call's index in its function. */
bool kept_calls_has(const struct kept_calls *kept, const struct profile_call *call, size_t number);

/* Longer than any call that is not kept. */
int64_t kept_calls_limit_ns(const struct kept_calls *kept);

/*
 * The calls of a function that are not kept, condensed to one window a process; but for those that are the
 * parent's (CALL_FORKED). *@ret is owned by the caller; NULL without any.
 */
struct error *kept_calls_sum_others(const struct kept_calls *kept,
				    const struct profile_function *function,
				    struct condensed_calls **ret, size_t *ret_count) MUST_CHECK;

#endif
