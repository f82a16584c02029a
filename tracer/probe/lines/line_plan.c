/* Where lines begin in one file; see line_plan.h. Probe layer. */
#include "tracer/probe/lines/line_plan.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/probe/code/cfg.h"
#include "tracer/probe/lines/line_join.h"

/* A function that is asked for, and under which name. */
struct asked {
	const struct function *function;
	const char *label;
	size_t number; /* of its match: the first name asked for is the one shown */
};

static int asked_compare_function(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;

	if (a->function != b->function)
		return a->function->start.value < b->function->start.value ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

static int asked_compare_label(const void *left, const void *right)
{
	const struct asked *a = left, *b = right;
	const int order = strcmp(a->label, b->label);

	return order != 0 ? order : asked_compare_function(left, right);
}

/* Each function once; what is chosen when the program runs has no lines of its own. */
static size_t asked_gather(const struct symbol_match *matches, size_t count, struct asked *ret)
{
	size_t asked_count = 0, kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!matches[i].function->is_ifunc)
			ret[asked_count++] =
				(struct asked){ matches[i].function, matches[i].label, i };
	}
	qsort(ret, asked_count, sizeof(*ret), asked_compare_function);
	for (size_t i = 0; i < asked_count; i++) {
		if (kept == 0 || ret[kept - 1].function != ret[i].function)
			ret[kept++] = ret[i];
	}
	qsort(ret, kept, sizeof(*ret), asked_compare_label);
	return kept;
}

/* One function in the making. */
struct making {
	const struct symbol_file *file;
	const struct line_rows *rows;
	struct line_function *function;
	size_t place_capacity, line_capacity, address_capacity, function_capacity;
	size_t rows_before;    /* points of the functions that came before */
	struct addr_map known; /* source << 32 | line -> index of the place + 1 */
	struct cfg graph;
	size_t misplaced_count; /* rows at no instruction */
};

static struct error *find_place(struct making *making, const struct line_row *row, uint32_t *ret)
{
	struct line_function *function = making->function;
	const uint64_t key = (uint64_t)row->source << 32 | row->line;
	const size_t known = (size_t)(uintptr_t)addr_map_get(&making->known, key);

	*ret = (uint32_t)(known - 1);
	if (known != 0)
		return NULL;
	struct error *err = array_reserve(&function->places, &making->place_capacity,
					  function->place_count + 1, sizeof(*function->places));
	if (err != NULL)
		return err;
	*ret = (uint32_t)function->place_count;
	function->places[function->place_count++] = (struct line_place){
		.source = line_rows_source(making->rows, row->source),
		.line = row->line,
	};
	return addr_map_put(&making->known, key, (void *)(uintptr_t)function->place_count);
}

static bool begins_instruction(struct making *making, taddr_t address)
{
	if (!cfg_holds(&making->graph, address))
		error_free(cfg_add(&making->graph, making->file, address)); /* its cold part */
	return cfg_find(&making->graph, address) != CODE_NOWHERE;
}

static struct error *add_row(struct making *making, const struct line_row *row)
{
	struct line_function *function = making->function;
	uint32_t place;

	if (!begins_instruction(making, row->address)) {
		making->misplaced_count++;
		return NULL;
	}
	struct error *err = find_place(making, row, &place);
	if (err == NULL)
		err = array_reserve(&function->addresses, &making->address_capacity,
				    function->point_count + 1, sizeof(*function->addresses));
	if (err == NULL)
		err = array_reserve(&function->lines, &making->line_capacity,
				    function->point_count + 1, sizeof(*function->lines));
	if (err != NULL)
		return err;
	function->addresses[function->point_count] = row->address;
	function->lines[function->point_count++] = place;
	return NULL;
}

/* Its text is that of its parts, as far as they are in one file. */
static void add_text(struct making *making, const struct function_lines *lines)
{
	struct line_function *function = making->function;
	const char *source = line_rows_source(making->rows, lines->source);

	function->is_optimised |= lines->is_optimised != 0;
	if (lines->first_line == 0 || (function->first_line != 0 && source != function->source))
		return;
	function->source = source;
	if (function->text_count == 0) {
		function->texts = making->rows->lines + lines->first_line_text;
		function->text_count = lines->line_text_count;
		function->text = making->rows->text;
	}
	if (function->first_line == 0 || lines->first_line < function->first_line)
		function->first_line = lines->first_line;
	if (lines->last_line > function->last_line)
		function->last_line = lines->last_line;
}

static struct error *add_function(struct making *making, const struct asked *asked,
				  const struct function_lines *lines)
{
	struct line_function *to = making->function;
	const struct function *function = asked->function;

	struct error *err = array_reserve(&to->functions, &making->function_capacity,
					  to->function_count + 1, sizeof(void *));
	if (err != NULL || lines->row_count == 0)
		return err;
	to->functions[to->function_count++] = function;
	cfg_deinit(&making->graph);
	err = cfg_add_range(&making->graph, making->file, function->start,
			    taddr_add(function->start, function->size_bytes));
	for (uint64_t i = 0; err == NULL && i < lines->row_count; i++)
		err = add_row(making, &making->rows->rows[lines->first_row + i]);
	if (err == NULL)
		add_text(making, lines);
	return err;
}

/* A point to be sorted: of one address, those that came first stay first. */
struct point {
	taddr_t address;
	uint32_t line;
	size_t number;
};

static int point_compare(const void *left, const void *right)
{
	const struct point *a = left, *b = right;

	if (!taddr_equal(a->address, b->address))
		return a->address.value < b->address.value ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* By address, a line once at each: of two functions' rows for one piece of code only those of one. */
static struct error *sort_points(struct line_function *function)
{
	struct point *points = calloc(function->point_count + 1, sizeof(*points));
	size_t kept = 0;

	if (points == NULL)
		return error_no_memory();
	for (size_t i = 0; i < function->point_count; i++)
		points[i] = (struct point){ function->addresses[i], function->lines[i], i };
	qsort(points, function->point_count, sizeof(*points), point_compare);
	for (size_t i = 0, first = 0; i < function->point_count; i++) {
		bool is_known = false;
		if (i > 0 && !taddr_equal(points[i].address, points[i - 1].address))
			first = kept;
		for (size_t k = first; k < kept; k++)
			is_known |= function->lines[k] == points[i].line;
		if (is_known)
			continue;
		function->addresses[kept] = points[i].address;
		function->lines[kept++] = points[i].line;
	}
	function->point_count = kept;
	free(points);
	return NULL;
}

static struct error *join_points(const struct symbol_file *file, struct line_function *function)
{
	struct line_points points = { function->addresses, function->lines, function->point_count };

	struct error *err = line_points_join(file, &points);
	if (err == NULL && points.count < function->point_count)
		log_debug("%s: %zu of its %zu beginnings of lines are told by others",
			  function->label, function->point_count - points.count,
			  function->point_count);
	function->point_count = points.count;
	return err;
}

static void function_deinit(struct line_function *function)
{
	free(function->functions);
	free(function->places);
	free(function->addresses);
	free(function->lines);
}

/* The functions from @asked on that have one name; their rows are those from @lines on. */
static struct error *make_function(const struct symbol_file *file, struct line_plan *plan,
				   const struct asked *asked, const struct function_lines *lines,
				   size_t count)
{
	struct line_function *function = &plan->functions[plan->count];
	struct making making = { .file = file, .rows = &plan->rows, .function = function };
	struct error *err = NULL;

	*function = (struct line_function){ .label = asked->label };
	for (size_t i = 0; err == NULL && i < count; i++)
		err = add_function(&making, &asked[i], &lines[i]);
	cfg_deinit(&making.graph);
	addr_map_deinit(&making.known);
	if (err == NULL)
		err = sort_points(function);
	if (err == NULL)
		err = join_points(file, function);
	if (err == NULL && making.misplaced_count > 0)
		log_debug("%s: %zu rows of the line table are at no instruction", asked->label,
			  making.misplaced_count);
	if (err != NULL || function->point_count == 0 || function->first_line == 0) {
		function_deinit(function);
		plan->unknown = asked->label;
		plan->unknown_count++;
		return err;
	}
	plan->count++;
	return NULL;
}

static struct error *plan_fill(const struct symbol_file *file, const struct asked *asked,
			       size_t count, struct line_plan *plan)
{
	const struct function **functions = calloc(count, sizeof(void *));
	struct error *err = NULL;

	plan->functions = calloc(count, sizeof(*plan->functions));
	if (functions == NULL || plan->functions == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < count; i++)
		functions[i] = asked[i].function;
	if (err == NULL)
		err = symbol_file_line_rows(file, functions, count, &plan->rows);
	free(functions);
	for (size_t i = 0, end; err == NULL && i < count; i = end) {
		for (end = i + 1; end < count && strcmp(asked[end].label, asked[i].label) == 0;
		     end++)
			;
		err = make_function(file, plan, &asked[i], &plan->rows.functions[i], end - i);
	}
	return err;
}

struct error *line_plan_make(const struct symbol_file *file, const struct symbol_match *matches,
			     size_t count, struct line_plan *ret)
{
	struct asked *asked = calloc(count + 1, sizeof(*asked));

	*ret = (struct line_plan){ 0 };
	if (asked == NULL)
		return error_no_memory();
	const size_t asked_count = asked_gather(matches, count, asked);
	struct error *err = asked_count == 0 ? NULL : plan_fill(file, asked, asked_count, ret);
	free(asked);
	if (err != NULL)
		line_plan_deinit(ret);
	return err;
}

void line_plan_deinit(struct line_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		function_deinit(&plan->functions[i]);
	free(plan->functions);
	line_rows_deinit(&plan->rows);
	*plan = (struct line_plan){ 0 };
}

/* The first point at @address or behind it. */
static uint32_t lower_bound(const struct line_function *function, uint64_t address)
{
	size_t low = 0, high = function->point_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (function->addresses[middle].value < address)
			low = middle + 1;
		else
			high = middle;
	}
	return (uint32_t)low;
}

void line_function_at(const struct line_function *function, taddr_t address, uint32_t *ret_first,
		      uint32_t *ret_end)
{
	*ret_first = lower_bound(function, address.value);
	*ret_end = lower_bound(function, address.value + 1);
}

uint32_t line_function_before(const struct line_function *function, taddr_t address)
{
	const uint32_t behind = lower_bound(function, address.value + 1);

	return behind > 0 ? behind - 1 : 0;
}
