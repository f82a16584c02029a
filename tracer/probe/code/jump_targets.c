/*
 * Where a file's code may be entered; see jump_targets.h. Probe layer.
 *
 * Code is looked at byte by byte, as if an instruction began at each: so nothing that refers to code is
 * missed, wherever functions begin and end, and it takes no decoder. Pointers to code are found where
 * they lie, in data, in the addends of relocations (of type RELA, 8 bytes apart in .rela.dyn) and of those
 * that are packed (RELR, in place): every aligned word of all segments is looked at. Chance makes some
 * words look like pointers; each costs a site its jump, which is cheap. What looks like a reference in code
 * is looked at again when a site depends on it (jump_references.c).
 */
#include "tracer/probe/code/jump_targets.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/file/inlined.h"
#include "tracer/arch/references.h"
#include "tracer/probe/code/jump_targets_private.h"

enum { CHUNK_BYTES = 1 << 20, WORD_BITS = 64 };
static const uint64_t CODE_BYTES_MAX = 1ULL << 30;

static void set_bit(uint64_t *bits, uint64_t index)
{
	bits[index / WORD_BITS] |= 1ULL << index % WORD_BITS;
}

static bool has_bit(const uint64_t *bits, uint64_t index)
{
	return bits[index / WORD_BITS] >> index % WORD_BITS & 1;
}

static void note(void *context, taddr_t address, enum arch_reference kind, taddr_t from)
{
	struct jump_targets *targets = context;

	(void)from;
	set_bit(targets->entered[kind], address.value - targets->start.value);
}

static void note_pointer(struct jump_targets *targets, taddr_t address)
{
	if (jump_targets_hold(targets, address))
		set_bit(targets->pointed, address.value - targets->start.value);
}

static void scan_pointers(struct jump_targets *targets, const uint8_t *data, size_t bytes)
{
	for (size_t at = 0; at + sizeof(uint64_t) <= bytes; at += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, data + at, sizeof(word));
		note_pointer(targets, taddr(word));
	}
}

/* The file's segments, in chunks. */
struct scan {
	const struct jump_targets *targets;
	const struct arch_reference_sink *sink;
	struct jump_targets *pointers; /* NULL: they are not asked for */
	uint8_t *buffer;	   /* has room for a chunk and what a reference reaches behind it */
	bool has_absolute, is_cut; /* what could not be read is missing */
};

static void scan_segment(struct scan *scan, const struct symbol_segment *segment)
{
	uint8_t *buffer = scan->buffer;
	/* Pointers are aligned in memory, wherever the segment begins. */
	const uint64_t skipped = -segment->start.value % sizeof(uint64_t);

	for (uint64_t at = 0; at < segment->file_bytes; at += CHUNK_BYTES) {
		taddr_t here = taddr_add(segment->start, at);
		const uint64_t left = segment->file_bytes - at;
		const size_t wanted = left < CHUNK_BYTES + ARCH_REFERENCE_BYTES_MAX
					      ? left
					      : CHUNK_BYTES + ARCH_REFERENCE_BYTES_MAX;

		memset(buffer, 0, CHUNK_BYTES + ARCH_REFERENCE_BYTES_MAX);
		if (symbol_file_read_data(scan->targets->file, here, buffer, wanted) != wanted) {
			scan->is_cut = true;
			return;
		}
		const size_t bytes = left < CHUNK_BYTES ? left : CHUNK_BYTES;
		if (scan->pointers != NULL)
			scan_pointers(scan->pointers, buffer + skipped, bytes);
		if (segment->executable)
			arch_references(buffer, bytes + ARCH_REFERENCE_BYTES_MAX, here,
					scan->has_absolute, scan->sink);
	}
}

static struct error *scan_segments(struct scan *scan)
{
	size_t count;
	const struct symbol_segment *segments = symbol_file_segments(scan->targets->file, &count);

	/* What may be loaded anywhere begins at 0 in the file. */
	scan->has_absolute = segments[0].start.value != 0;
	scan->buffer = malloc(CHUNK_BYTES + ARCH_REFERENCE_BYTES_MAX + sizeof(uint64_t));
	if (scan->buffer == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++) {
		if (segments[i].executable || scan->pointers != NULL)
			scan_segment(scan, &segments[i]);
	}
	free(scan->buffer);
	return NULL;
}

struct error *jump_targets_scan_code(const struct jump_targets *targets,
				     const struct arch_reference_sink *sink)
{
	struct scan scan = { .targets = targets, .sink = sink };

	struct error *err = scan_segments(&scan);
	return err == NULL && scan.is_cut ? error_new(ERR_FORMAT, "its code cannot be read") : err;
}

static bool find_code(struct jump_targets *targets, const struct symbol_segment *segments,
		      size_t count)
{
	targets->start = taddr(UINT64_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct symbol_segment *segment = &segments[i];
		if (!segment->executable)
			continue;
		if (segment->start.value < targets->start.value)
			targets->start = segment->start;
		if (segment->start.value + segment->memory_bytes > targets->end.value)
			targets->end = taddr_add(segment->start, segment->memory_bytes);
	}
	return targets->end.value > targets->start.value &&
	       targets->end.value - targets->start.value <= CODE_BYTES_MAX;
}

static struct error *allocate(struct jump_targets *targets)
{
	const size_t words = (targets->end.value - targets->start.value) / WORD_BITS + 1;

	targets->pointed = calloc(words, sizeof(uint64_t));
	if (targets->pointed == NULL)
		return error_no_memory();
	for (unsigned kind = 0; kind < ARCH_REFERENCE_KINDS; kind++) {
		targets->entered[kind] = calloc(words, sizeof(uint64_t));
		if (targets->entered[kind] == NULL)
			return error_no_memory();
	}
	return jump_references_create(&targets->references);
}

static struct error *scan_file(struct jump_targets *targets)
{
	size_t count;
	const struct symbol_segment *segments = symbol_file_segments(targets->file, &count);

	if (!find_code(targets, segments, count)) {
		targets->is_unreadable = true;
		return NULL;
	}
	const struct arch_reference_sink sink = { targets->start, targets->end, note, targets };
	struct scan scan = { .targets = targets, .sink = &sink, .pointers = targets };
	struct error *err = allocate(targets);
	if (err == NULL)
		err = scan_segments(&scan);
	targets->is_unreadable = scan.is_cut;
	return err;
}

/* Exceptions arrive where a table says. */
static void note_pads(struct jump_targets *targets)
{
	const struct code_extents *extents = &targets->extents;

	for (size_t i = 0; i < extents->count; i++) {
		const struct code_extent *extent = &extents->extents[i];
		for (uint32_t p = 0; p < extent->pad_count; p++)
			note_pointer(targets, taddr(extents->pads[extent->first_pad + p]));
	}
}

/* Go resumes a function that has recovered from a panic at an offset that its own tables hold. */
static bool is_go(const struct symbol_file *file)
{
	taddr_t address;
	return symbol_file_find(file, "runtime.gopanic", &address);
}

struct error *jump_targets_create(const struct symbol_file *file, struct jump_targets **ret)
{
	struct jump_targets *targets = calloc(1, sizeof(*targets));

	if (targets == NULL)
		return error_no_memory();
	targets->file = file;
	struct error *err = symbol_file_read_extents(file, &targets->extents);
	if (err == NULL)
		err = scan_file(targets);
	targets->is_unreadable |= is_go(file);
	if (err == NULL && !targets->is_unreadable)
		note_pads(targets);
	if (err != NULL) {
		jump_targets_destroy(targets);
		return err;
	}
	*ret = targets;
	return NULL;
}

void jump_targets_destroy(struct jump_targets *targets)
{
	if (targets == NULL)
		return;
	code_extents_deinit(&targets->extents);
	for (unsigned kind = 0; kind < ARCH_REFERENCE_KINDS; kind++)
		free(targets->entered[kind]);
	free(targets->pointed);
	jump_references_destroy(targets->references);
	free(targets);
}

bool jump_targets_range(const struct jump_targets *targets, taddr_t address, struct code_range *ret)
{
	const struct code_extent *extent = code_extents_at(&targets->extents, address);
	const struct function *symbol;

	if (targets->is_unreadable)
		return false;
	if (extent != NULL) {
		*ret = (struct code_range){ taddr(extent->start), taddr(extent->end), extent };
		return true;
	}
	if (targets->extents.count > 0 || targets->extents.is_cut)
		return false;
	symbol = symbol_file_function_at(targets->file, address);
	if (symbol == NULL || symbol->size_bytes == 0)
		return false;
	*ret = (struct code_range){ symbol->start, taddr_add(symbol->start, symbol->size_bytes),
				    NULL };
	return true;
}

static bool is_pointed(const struct jump_targets *targets, taddr_t address)
{
	return targets->pointed == NULL || !jump_targets_hold(targets, address) ||
	       has_bit(targets->pointed, address.value - targets->start.value);
}

bool jump_targets_has(const struct jump_targets *targets, enum arch_reference kind, taddr_t address)
{
	return (kind == ARCH_REFERENCE_CONSTANT && is_pointed(targets, address)) ||
	       targets->entered[kind] == NULL || !jump_targets_hold(targets, address) ||
	       has_bit(targets->entered[kind], address.value - targets->start.value);
}

bool jump_targets_enter(const struct jump_targets *targets, taddr_t first, taddr_t end)
{
	for (taddr_t at = first; at.value < end.value; at.value++) {
		bool is_entered = false;

		if (is_pointed(targets, at))
			return true;
		for (unsigned kind = 0; kind < ARCH_REFERENCE_KINDS; kind++)
			is_entered |= jump_targets_has(targets, kind, at);
		if (is_entered && jump_references_lead_to(targets->references, targets, at))
			return true;
	}
	return false;
}

bool jump_targets_is_function(const struct jump_targets *targets, taddr_t start)
{
	const struct function *symbol = symbol_file_function_at(targets->file, start);

	/* The parts' own names are left out where symbols are read. */
	if (symbol != NULL && taddr_equal(symbol->start, start) && !symbol->is_unnamed)
		return true;
	return jump_targets_has(targets, ARCH_REFERENCE_CALL, start) ||
	       jump_targets_has(targets, ARCH_REFERENCE_CONSTANT, start);
}
