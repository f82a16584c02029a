/* Where calls of inlined functions begin and end in a file; see inlined_plan.h. Probe layer. */
#include "tracer/probe/inlined/inlined_plan.h"

#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/base/log.h"

/* Instructions that are looked at for one file: some seconds. */
static const uint64_t STEPS_MAX = UINT64_C(2000000000);

/* A plan in the making. */
struct plan_making {
	const struct symbol_file *file;
	struct inlined_plan *plan;
	size_t capacity;
	struct cfg graph;    /* of the function that was looked at last */
	uint64_t first_home; /* what tells it from others */
	uint64_t steps_left; /* of inlined_flow_find */
	struct flow_point points[FLOW_POINTS_MAX];
};

/* Instances of one function follow each other: its code is decoded once for them. */
static struct error *making_graph(struct plan_making *making,
				  const struct inlined_instance *instance)
{
	const struct inlined_range *ranges = making->plan->list.ranges;
	struct cfg *graph = &making->graph;
	struct error *err = NULL;

	if (graph->count > 0 && making->first_home == instance->first_home &&
	    instance->home_count > 0)
		return NULL;
	cfg_deinit(graph);
	making->first_home = instance->first_home;
	for (size_t r = 0; err == NULL && r < instance->home_count; r++)
		err = cfg_add(graph, making->file, ranges[instance->first_home + r].start);
	if (err == NULL)
		err = cfg_link(graph, making->file, ranges + instance->first_home,
			       instance->home_count);
	/* Decoding one is worth about so many looks at it. */
	enum { DECODE_STEPS = 16 };
	uint64_t steps = DECODE_STEPS * (uint64_t)graph->count;
	making->steps_left -= steps < making->steps_left ? steps : making->steps_left;
	return err;
}

static struct error *making_add_points(struct plan_making *making, size_t instance, size_t count)
{
	struct inlined_plan *plan = making->plan;
	struct error *err = array_reserve(&plan->points, &making->capacity,
					  plan->point_count + count, sizeof(*plan->points));

	for (size_t i = 0; err == NULL && i < count; i++)
		plan->points[plan->point_count++] = (struct inlined_point){
			.address = making->points[i].address,
			.entry = making->points[0].address, /* the first is where it begins */
			.kind = making->points[i].kind,
			.may_come_back = making->points[i].may_come_back,
			.name = (uint32_t)plan->list.instances[instance].name,
			.instance = (uint32_t)instance,
		};
	return err;
}

static struct error *making_add(struct plan_making *making, size_t number)
{
	const struct inlined_instance *instance = &making->plan->list.instances[number];
	size_t count = 0;

	if (making->steps_left == 0)
		return NULL;
	struct error *err = making_graph(making, instance);
	if (err == NULL)
		err = inlined_flow_find(&making->graph, instance->entry,
					making->plan->list.ranges + instance->first_range,
					instance->range_count, &making->steps_left, making->points,
					&count);
	if (err == NULL && count == 0)
		log_debug(
			"%s inlined at %#lx is not probed: its debugging information does not fit "
			"its code, or nothing says which function it is in",
			making->plan->list.text + making->plan->list.names[instance->name].label,
			(unsigned long)instance->entry.value);
	return err != NULL ? err : making_add_points(making, number, count);
}

/* Leaves out the points whose frame is not known, and calls whose beginning is one. */
static void plan_drop_frameless(struct inlined_plan *plan)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->point_count;) {
		const uint32_t instance = plan->points[i].instance;
		bool has_entries = true;
		size_t end = i;
		for (; end < plan->point_count && plan->points[end].instance == instance; end++) {
			if (plan->points[end].kind == FLOW_ENTER && !plan->points[end].cfa.is_known)
				has_entries = false;
		}
		plan->probed_count += has_entries;
		for (; i < end; i++) {
			if (has_entries && plan->points[i].cfa.is_known)
				plan->points[kept++] = plan->points[i];
		}
	}
	plan->point_count = kept;
}

static struct error *plan_find_frames(struct inlined_plan *plan, const struct symbol_file *file)
{
	taddr_t *addresses = calloc(plan->point_count + 1, sizeof(*addresses));
	struct cfa_rule *rules = calloc(plan->point_count + 1, sizeof(*rules));
	struct error *err = addresses && rules ? NULL : error_no_memory();

	for (size_t i = 0; err == NULL && i < plan->point_count; i++)
		addresses[i] = plan->points[i].address;
	if (err == NULL)
		err = symbol_file_cfa_rules(file, addresses, plan->point_count, rules);
	for (size_t i = 0; err == NULL && i < plan->point_count; i++) {
		plan->points[i].cfa = rules[i];
		if (rules[i].dwarf_register >= ARCH_DWARF_REGISTERS)
			plan->points[i].cfa.is_known = false;
	}
	free(addresses);
	free(rules);
	return err;
}

/* Inner calls are left before outer ones, and entered behind them. */
static int point_compare(const void *left, const void *right)
{
	const struct inlined_point *a = left, *b = right;

	if (!taddr_equal(a->address, b->address))
		return a->address.value < b->address.value ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	int order = (a->instance > b->instance) - (a->instance < b->instance);
	return a->kind == FLOW_ENTER ? order : -order;
}

struct error *inlined_plan_make(const struct symbol_file *file, const struct pattern_set *patterns,
				struct inlined_plan *ret)
{
	struct plan_making making = { .file = file, .plan = ret, .steps_left = STEPS_MAX };

	*ret = (struct inlined_plan){ 0 };
	struct error *err = symbol_file_find_inlined(file, patterns, &ret->list);
	if (err == NULL && ret->list.instance_count == 0)
		return NULL;
	if (err == NULL)
		ret->probes = calloc(ret->list.name_count, sizeof(struct probe *));
	if (err == NULL && ret->probes == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < ret->list.instance_count; i++)
		err = making_add(&making, i);
	cfg_deinit(&making.graph);
	if (err == NULL)
		err = plan_find_frames(ret, file);
	if (err != NULL) {
		inlined_plan_deinit(ret);
		return err;
	}
	if (making.steps_left == 0)
		log_warning(
			"not all inlined calls in %s are probed: there are too many in too large "
			"functions",
			symbol_file_name(file));
	plan_drop_frameless(ret);
	if (ret->point_count > 1)
		qsort(ret->points, ret->point_count, sizeof(*ret->points), point_compare);
	log_debug("%zu of %zu inlined calls in %s are probed", ret->probed_count,
		  ret->list.instance_count, symbol_file_name(file));
	return NULL;
}

void inlined_plan_deinit(struct inlined_plan *plan)
{
	inlined_list_deinit(&plan->list);
	free(plan->probes);
	free(plan->points);
	*plan = (struct inlined_plan){ 0 };
}
