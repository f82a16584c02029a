/* Which parts are looked at; see part_view.h. Plot layer. */
#include "plot/parts/part_view.h"

#include <string.h>

const char *part_title(const struct profile_track *part)
{
	const struct part_traits *traits = part_traits(part->kind);
	const char *name = basename(part->name);

	/* Of other kinds a recording has no names, and a damaged one may not make more of them. */
	if (part->name[0] != '\0' && traits->rest != NULL)
		return name[0] != '\0' ? name : part->name;
	return traits->rest != NULL ? traits->rest : traits->title;
}

bool part_view_init(struct part_view *view, const struct profile *profile, size_t process)
{
	bool is_any = false;

	*view = (struct part_view){
		.profile = profile,
		.process = profile->is_tree && process == 0 ? PART_VIEW_ALL : (int32_t)process,
	};
	for (size_t i = 0; i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		if (view->process != PART_VIEW_ALL && part->process != view->process)
			continue;
		is_any = true;
		view->has_maps = view->has_maps || part->kind == PART_MAPS;
	}
	return is_any;
}

bool part_view_has(const struct part_view *view, const struct profile_track *part)
{
	const bool is_beside = part->kind == PART_SWAP || part->kind == PART_HUGETLB;

	if (part->kind == PART_MAPS || view->profile->processes[part->process].is_hidden ||
	    (view->process != PART_VIEW_ALL && part->process != view->process))
		return false;
	return is_beside || (part->kind >= PART_COUNTERS) == view->has_maps;
}

int64_t part_view_end_ns(const struct part_view *view, const struct profile_track *part)
{
	const int64_t end_ns = view->profile->processes[part->process].end_ns;

	return end_ns == PROFILE_TIME_UNKNOWN ? INT64_MAX : end_ns;
}

uint64_t part_view_key(const struct profile_track *part)
{
	const char *title = part_title(part);

	return addr_map_text_key(title, strlen(title)) ^
	       ((uint64_t)part->kind + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

int part_view_rank(enum part_kind kind)
{
	switch (kind) {
	case PART_OURS:
		return 2; /* 1 is what has no part of its own */
	case PART_HUGETLB:
		return 3;
	case PART_SWAP:
		return 4;
	default:
		return 0;
	}
}
