/* Inlined functions of whole units; see dwarf_frames.h. Symbols layer. */
#include "symbols/dwarf/dwarf_frames.h"

#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/dwarf/dwarf_walk.h"
#include "symbols/names/demangle.h"
#include "tracer/base/array.h"

enum {
	INSTANCES_MAX = 1 << 21, /* more than the largest units of browsers have */
	TEXT_BYTES_MAX = 64 << 20,
};

struct frames_search {
	struct frame_units *units;
	uint64_t bias; /* DWARF's address less the file's */
};

static struct error *add_label(struct frame_units *units, const char *linkage_name, uint64_t *ret)
{
	char *label = NULL;

	struct error *err = demangle(linkage_name, &label);
	size_t bytes = err == NULL ? strlen(label) + 1 : 0;
	if (err == NULL && units->text_bytes + bytes > TEXT_BYTES_MAX)
		err = error_new(ERR_FORMAT, "the names of its inlined functions are too many");
	if (err == NULL)
		err = array_reserve(&units->text, &units->text_capacity, units->text_bytes + bytes,
				    1);
	if (err == NULL) {
		memcpy(units->text + units->text_bytes, label, bytes);
		*ret = units->text_bytes;
		units->text_bytes += bytes;
	}
	free(label);
	return err;
}

/* Where the label of the function of @call begins, plus 1; 0: DWARF names none. */
static struct error *label_of_call(struct frame_units *units, Dwarf_Die *call, uintptr_t *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;
	uint64_t label = 0;

	*ret = 0;
	if (dwarf_attr(call, DW_AT_abstract_origin, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &origin) == NULL)
		return NULL;
	const uint64_t key = (uintptr_t)origin.addr;
	*ret = (uintptr_t)addr_map_get(&units->label_of_origin, key);
	const char *name = *ret == 0 ? dwarf_linkage_name_of(&origin) : NULL;
	if (name == NULL)
		return NULL;
	struct error *err = add_label(units, name, &label);
	if (err == NULL)
		err = addr_map_put(&units->label_of_origin, key, (void *)(uintptr_t)(label + 1));
	if (err == NULL)
		*ret = label + 1;
	return err;
}

static struct error *add_instances(struct frames_search *search, Dwarf_Die *call, uint64_t label)
{
	struct frame_units *units = search->units;
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	struct error *err = NULL;

	while (err == NULL && (at = dwarf_ranges(call, at, &base, &start, &end)) > 0) {
		if (start >= end)
			continue;
		if (units->instance_count >= INSTANCES_MAX)
			return error_new(ERR_FORMAT, "its inlined calls are too many");
		err = array_reserve(&units->instances, &units->instance_capacity,
				    units->instance_count + 1, sizeof(*units->instances));
		if (err == NULL)
			units->instances[units->instance_count++] = (struct frame_instance){
				{ taddr(start - search->bias), taddr(end - search->bias) },
				label,
			};
	}
	return err;
}

static struct error *visit_function(void *context, Dwarf_Die *die, int tag)
{
	struct frames_search *search = context;
	uintptr_t label;

	if (tag != DW_TAG_inlined_subroutine)
		return NULL;
	struct error *err = label_of_call(search->units, die, &label);
	return err != NULL || label == 0 ? err : add_instances(search, die, label - 1);
}

static bool is_known(const struct frame_units *units, taddr_t address)
{
	for (size_t i = 0; i < units->unit_count; i++) {
		const struct inlined_range *code = &units->units[i].code;
		if (address.value >= code->start.value && address.value < code->end.value)
			return true;
	}
	return false;
}

/* All ranges of the unit that @range is one of have the same instances. */
static struct error *add_unit(struct line_reader *reader, const struct unit_range *range,
			      struct frame_units *units)
{
	struct frames_search search = { units, reader->bias };
	Dwarf_Die functions = range->functions;
	const size_t first = units->instance_count;

	struct error *err = dwarf_walk_functions(&functions, visit_function, &search);
	for (size_t i = 0; err == NULL && i < reader->count; i++) {
		const struct unit_range *each = &reader->ranges[i];
		if (each->unit.addr != range->unit.addr || each->start >= each->end)
			continue;
		err = array_reserve(&units->units, &units->unit_capacity, units->unit_count + 1,
				    sizeof(*units->units));
		if (err == NULL)
			units->units[units->unit_count++] = (struct frame_unit){
				{ taddr(each->start - reader->bias),
				  taddr(each->end - reader->bias) },
				first,
				units->instance_count - first,
			};
	}
	return err;
}

struct error *line_reader_add_frame_units(struct line_reader *reader, const taddr_t *addresses,
					  size_t count, struct frame_units *units)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		const struct unit_range *range =
			is_known(units, addresses[i])
				? NULL
				: line_reader_range(reader, addresses[i].value + reader->bias);
		if (range != NULL)
			err = add_unit(reader, range, units);
	}
	return err;
}

void frame_units_deinit(struct frame_units *units)
{
	free(units->units);
	free(units->instances);
	free(units->text);
	addr_map_deinit(&units->label_of_origin);
	*units = (struct frame_units){ 0 };
}
