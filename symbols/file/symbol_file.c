/* Questions to a file that was read; see symbol_file.h. Symbols layer. */
#include "symbols/file/symbol_file.h"

#include <string.h>

#include "symbols/file/symbol_file_private.h"

const char *symbol_file_name(const struct symbol_file *file)
{
	return file->name;
}

bool symbol_file_has_symtab(const struct symbol_file *file)
{
	return file->origin.kind > SYMBOLS_EXPORTED;
}

const struct symbol_origin *symbol_file_origin(const struct symbol_file *file)
{
	return &file->origin;
}

size_t symbol_file_function_count(const struct symbol_file *file)
{
	return file->symtab.function_count;
}

const char *symbol_file_interpreter(const struct symbol_file *file)
{
	return file->interpreter;
}

const struct symbol_segment *symbol_file_segments(const struct symbol_file *file, size_t *ret_count)
{
	*ret_count = file->segment_count;
	return file->segments;
}

const struct usdt_table *symbol_file_usdt(const struct symbol_file *file)
{
	return &file->usdt;
}

const struct function *symbol_file_functions(const struct symbol_file *file, size_t *ret_count)
{
	*ret_count = file->symtab.function_count;
	return file->symtab.functions;
}

bool symbol_file_is_code(const struct symbol_file *file, taddr_t address)
{
	for (size_t i = 0; i < file->segment_count; i++) {
		const struct symbol_segment *segment = &file->segments[i];
		if (segment->executable && address.value >= segment->start.value &&
		    address.value - segment->start.value < segment->memory_bytes)
			return true;
	}
	return false;
}

/* How well a segment explains a mapping; 0: not at all. */
static int segment_fit(const struct symbol_segment *segment, uint64_t map_offset_bytes,
		       uint64_t map_bytes)
{
	uint64_t first = segment->offset_bytes & ~((uint64_t)ELF_PAGE_BYTES - 1);
	uint64_t in_page = segment->offset_bytes - first;

	if (segment->file_bytes == 0 || map_offset_bytes < first ||
	    map_offset_bytes - first >= in_page + segment->file_bytes)
		return 0;
	/* Two segments may share a page of the file: the one that begins with it is mapped from
	 * there. */
	uint64_t left = in_page + segment->file_bytes - (map_offset_bytes - first);
	bool holds_it = map_bytes <= left || map_bytes - left < (uint64_t)ELF_PAGE_BYTES;
	return 1 + (map_offset_bytes == first ? 4 : 0) + (holds_it ? 2 : 0) + segment->executable;
}

bool symbol_file_bias(const struct symbol_file *file, uint64_t map_start, uint64_t map_offset_bytes,
		      uint64_t map_bytes, uint64_t *ret_bias)
{
	const struct symbol_segment *best = NULL;
	int best_fit = 0;

	for (size_t i = 0; i < file->segment_count; i++) {
		int fit = segment_fit(&file->segments[i], map_offset_bytes, map_bytes);
		if (fit > best_fit) {
			best = &file->segments[i];
			best_fit = fit;
		}
	}
	if (best == NULL)
		return false;
	/* Address and offset agree modulo the page (ELF, "Program Header"). */
	*ret_bias = map_start - (best->start.value + (map_offset_bytes - best->offset_bytes));
	return true;
}

bool symbol_file_find(const struct symbol_file *file, const char *linkage_name, taddr_t *ret_start)
{
	const struct symtab *table = &file->symtab;

	for (size_t f = 0; f < table->function_count; f++) {
		for (size_t n = table->first_names[f]; n < table->first_names[f + 1]; n++) {
			if (strcmp(symtab_name(table, n), linkage_name) == 0) {
				*ret_start = table->functions[f].start;
				return true;
			}
		}
	}
	return false;
}

const char *symbol_file_why_excluded(const struct symbol_file *file, taddr_t first, taddr_t end)
{
	static const char *const texts[CODE_EXCLUSIONS] = {
		[CODE_OF_RSEQ] = "it is part of a restartable sequence (rseq)",
		[CODE_OF_CANCELLATION] = "libc looks whether a thread is cancelled there",
		[CODE_OF_SIGNAL_FRAME] = "signal handlers return there",
		[CODE_OF_LINKED_STUBS] = "its runtime reads that stub's code when it links a call",
	};
	const struct excluded_range *const cancellation = &file->cancellation;

	for (size_t i = 0; i < file->excluded_count; i++) {
		const struct excluded_range *range = &file->excluded[i];
		if (range->start < end.value && first.value < range->end &&
		    range->why < CODE_EXCLUSIONS)
			return texts[range->why];
	}
	return cancellation->start < end.value && first.value < cancellation->end
		       ? texts[CODE_OF_CANCELLATION]
		       : NULL;
}

bool symbol_file_has_linked_stubs(const struct symbol_file *file)
{
	for (size_t i = 0; i < file->excluded_count; i++) {
		if (file->excluded[i].why == CODE_OF_LINKED_STUBS)
			return true;
	}
	return false;
}

/* How many functions start at @address or before; the next one starts behind it. */
static size_t functions_up_to(const struct symtab *table, taddr_t address)
{
	size_t low = 0, high = table->function_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (table->functions[middle].start.value > address.value)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

bool symbol_file_starts_within(const struct symbol_file *file, taddr_t first, taddr_t end)
{
	const size_t last = functions_up_to(&file->symtab, taddr(end.value - 1));

	return last > 0 && file->symtab.functions[last - 1].start.value >= first.value;
}

/* By extent. A symbol inside another may end before @address; the outer one began earlier. */
static const struct function *innermost_function(const struct symtab *table, taddr_t address,
						 bool is_unnamed)
{
	for (size_t i = functions_up_to(table, address);
	     i > 0 && table->reach[i - 1] > address.value; i--) {
		const struct function *function = &table->functions[i - 1];
		if (function->is_unnamed == is_unnamed &&
		    address.value - function->start.value < function->size_bytes)
			return function;
	}
	return NULL;
}

const struct function *symbol_file_function_at(const struct symbol_file *file, taddr_t address)
{
	const struct symtab *table = &file->symtab;
	size_t low = functions_up_to(table, address);

	if (low > 0 && table->functions[low - 1].start.value == address.value &&
	    !table->functions[low - 1].is_unnamed)
		return &table->functions[low - 1];
	const struct function *function = innermost_function(table, address, false);
	return function ? function : innermost_function(table, address, true);
}

/* The number of a function's name, or false past its last. */
static bool name_number(const struct symbol_file *file, const struct function *function,
			size_t index, size_t *ret)
{
	const struct symtab *table = &file->symtab;
	size_t number = (size_t)(function - table->functions);

	if (index >= table->first_names[number + 1] - table->first_names[number])
		return false;
	*ret = table->first_names[number] + index;
	return true;
}

const char *symbol_file_linkage_name(const struct symbol_file *file,
				     const struct function *function, size_t index)
{
	size_t name;

	return name_number(file, function, index, &name) ? symtab_name(&file->symtab, name) : NULL;
}

const struct function *symbol_file_function_around(const struct symbol_file *file, taddr_t address)
{
	const struct symtab *table = &file->symtab;
	const struct function *function = symbol_file_function_at(file, address);

	if (function != NULL && function->is_label)
		function = innermost_function(table, address, true);
	if (function != NULL)
		return function;
	if (!symbol_file_is_code(file, address))
		return NULL;
	size_t low = functions_up_to(table, address);
	/* One whose symbol has no size reaches up to the next. */
	while (low > 0 && table->functions[low - 1].is_label)
		low--;
	return low > 0 && table->functions[low - 1].size_bytes == 0 ? &table->functions[low - 1]
								    : NULL;
}
