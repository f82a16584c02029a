/* Inlined functions at an address; see inlined_frames.h. Symbols layer. */
#include "symbols/code/inlined_frames.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/file/symbol_file_private.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"

/* What the child sends first; units, instances and the text follow. */
struct batch_head {
	uint64_t unit_count, instance_count, text_bytes;
};

/* All of it lies in @received. */
struct inlined_batch {
	const struct frame_unit *units;
	const struct frame_instance *instances;
	const char *text;
	struct batch_head head;
	struct isolated received;
};

struct batch_question {
	const struct symbol_file *file;
	const taddr_t *addresses;
	size_t count;
};

bool inlined_frames_are_told(const struct symbol_file *file)
{
	return file->has_debug_info || symbol_file_origin(file)->debug_path != NULL;
}

static void send_items(const void *items, size_t bytes, FILE *out)
{
	if (bytes > 0) /* else there may be no array */
		fwrite(items, bytes, 1, out);
}

/* In a child. */
static struct error *read_in_child(void *context, FILE *out)
{
	const struct batch_question *question = context;
	struct frame_units units = { 0 };
	struct line_reader *lines;

	struct error *err = symbol_file_open_lines(question->file, &lines);
	if (err != NULL)
		return err;
	err = line_reader_add_frame_units(lines, question->addresses, question->count, &units);
	if (err == NULL) {
		const struct batch_head head = { units.unit_count, units.instance_count,
						 units.text_bytes };
		fwrite(&head, sizeof(head), 1, out);
		send_items(units.units, units.unit_count * sizeof(*units.units), out);
		send_items(units.instances, units.instance_count * sizeof(*units.instances), out);
		send_items(units.text, units.text_bytes, out);
	}
	frame_units_deinit(&units);
	line_reader_close(lines);
	return err;
}

static bool batch_lay_out(struct inlined_batch *batch)
{
	const char *at = batch->received.data;
	size_t left = batch->received.bytes;
	const struct batch_head *head = &batch->head;

	if (left < sizeof(*head))
		return false;
	memcpy(&batch->head, at, sizeof(*head));
	at += sizeof(*head);
	left -= sizeof(*head);
	return isolated_take(&at, &left, head->unit_count, sizeof(*batch->units), &batch->units) &&
	       isolated_take(&at, &left, head->instance_count, sizeof(*batch->instances),
			     &batch->instances) &&
	       isolated_take(&at, &left, head->text_bytes, 1, &batch->text) && left == 0 &&
	       (head->text_bytes == 0 || batch->text[head->text_bytes - 1] == '\0');
}

/* Checks every index that the child has sent. */
static bool batch_is_sound(const struct inlined_batch *batch)
{
	const struct batch_head *head = &batch->head;

	for (size_t i = 0; i < head->unit_count; i++) {
		const struct frame_unit *unit = &batch->units[i];
		if (unit->first_instance > head->instance_count ||
		    unit->instance_count > head->instance_count - unit->first_instance)
			return false;
	}
	for (size_t i = 0; i < head->instance_count; i++) {
		if (batch->instances[i].label >= head->text_bytes)
			return false;
	}
	return true;
}

static struct error *batch_read(struct batch_question *question, struct inlined_batch *ret)
{
	*ret = (struct inlined_batch){ 0 };
	struct error *err = isolate_run(read_in_child, question, &DWARF_LIMITS, &ret->received);
	if (err == NULL && !(batch_lay_out(ret) && batch_is_sound(ret)))
		err = error_new(ERR_FORMAT, "it is damaged: reading it led astray");
	if (err != NULL)
		isolated_deinit(&ret->received);
	return err;
}

struct error *inlined_frames_read(struct inlined_frames *frames, const struct symbol_file *file,
				  const taddr_t *addresses, size_t count)
{
	struct batch_question question = { file, addresses, count };

	if (frames->is_given_up || count == 0)
		return NULL;
	struct error *err = array_reserve(&frames->batches, &frames->capacity, frames->count + 1,
					  sizeof(*frames->batches));
	if (err != NULL)
		return err;
	err = batch_read(&question, &frames->batches[frames->count]);
	if (err == NULL) {
		frames->count++;
		return NULL;
	}
	frames->is_given_up = true;
	log_warning("which functions of %s are inlined where is not told: %s",
		    symbol_file_name(file), error_message(err));
	error_free(err);
	return NULL;
}

static bool range_has(const struct inlined_range *range, taddr_t address)
{
	return address.value >= range->start.value && address.value < range->end.value;
}

static const struct inlined_batch *find_unit(const struct inlined_frames *frames, taddr_t address,
					     const struct frame_unit **ret)
{
	for (size_t i = 0; i < frames->count; i++) {
		const struct inlined_batch *batch = &frames->batches[i];
		for (size_t u = 0; u < batch->head.unit_count; u++) {
			*ret = &batch->units[u];
			if (range_has(&batch->units[u].code, address))
				return batch;
		}
	}
	return NULL;
}

bool inlined_frames_know(const struct inlined_frames *frames, taddr_t address)
{
	const struct frame_unit *unit;
	return find_unit(frames, address, &unit) != NULL;
}

size_t inlined_frames_at(const struct inlined_frames *frames, taddr_t address, const char **ret,
			 size_t capacity)
{
	const struct frame_unit *unit;
	const struct inlined_batch *batch = find_unit(frames, address, &unit);
	size_t count = 0;

	/* What holds others comes before them. */
	for (uint64_t i = batch == NULL ? 0 : unit->instance_count; i-- > 0 && count < capacity;) {
		const struct frame_instance *instance = &batch->instances[unit->first_instance + i];
		if (range_has(&instance->code, address))
			ret[count++] = batch->text + instance->label;
	}
	return count;
}

void inlined_frames_deinit(struct inlined_frames *frames)
{
	for (size_t i = 0; i < frames->count; i++)
		isolated_deinit(&frames->batches[i].received);
	free(frames->batches);
	*frames = (struct inlined_frames){ 0 };
}
