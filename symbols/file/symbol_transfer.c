/*
 * The functions of a file on their way from the child that read it (symbols layer).
 *
 * Header, arrays and texts, one behind the other, as they are in memory. The parent uses them where
 * they are, after it has checked every offset: a hostile file may have made the child write any.
 */
#include <stdlib.h>
#include <string.h>

#include "symbols/file/symbol_file_private.h"

struct transfer_header {
	uint64_t function_count, name_count, text_bytes, segment_count;
	uint64_t usdt_count, usdt_text_bytes;
	uint64_t excluded_count;
	uint64_t interpreter_bytes, debug_path_bytes, build_id_bytes; /* with their '\0'; 0: none */
	uint32_t has_debug_info;
	uint32_t kind;
	int32_t server_errnum;
	uint32_t unused;
};

enum { ALIGNMENT = 8 };

struct sending {
	FILE *out;
	uint64_t bytes; /* so far */
};

static void put(struct sending *to, const void *items, size_t count, size_t item_bytes)
{
	static const char padding[ALIGNMENT];
	const size_t padding_bytes = -(count * item_bytes) % ALIGNMENT;

	if (count > 0)
		fwrite(items, item_bytes, count, to->out);
	fwrite(padding, 1, padding_bytes, to->out);
	to->bytes += count * item_bytes + padding_bytes;
}

static size_t text_bytes(const char *text)
{
	return text == NULL ? 0 : strlen(text) + 1;
}

uint64_t symbol_file_send(const struct symbol_file *file, FILE *out)
{
	struct sending to = { .out = out };
	const struct symtab *table = &file->symtab;
	const struct symbol_origin *origin = &file->origin;
	struct transfer_header header = {
		.function_count = table->function_count,
		.name_count = table->name_count,
		.text_bytes = table->text_bytes,
		.segment_count = file->segment_count,
		.usdt_count = file->usdt.count,
		.usdt_text_bytes = file->usdt.text_bytes,
		.excluded_count = file->excluded_count,
		.interpreter_bytes = text_bytes(file->interpreter),
		.debug_path_bytes = text_bytes(origin->debug_path),
		.build_id_bytes = text_bytes(origin->build_id),
		.has_debug_info = file->has_debug_info,
		.kind = origin->kind,
		.server_errnum = origin->server_errnum,
	};

	put(&to, &header, 1, sizeof(header));
	put(&to, table->functions, table->function_count, sizeof(*table->functions));
	put(&to, table->reach, table->function_count, sizeof(*table->reach));
	put(&to, file->segments, file->segment_count, sizeof(*file->segments));
	put(&to, table->first_names, table->function_count + 1, sizeof(*table->first_names));
	put(&to, table->names, table->name_count, sizeof(*table->names));
	put(&to, table->sources, table->name_count, sizeof(*table->sources));
	put(&to, table->versions, table->name_count, sizeof(*table->versions));
	put(&to, table->text, table->text_bytes, 1);
	put(&to, file->usdt.probes, file->usdt.count, sizeof(*file->usdt.probes));
	put(&to, file->usdt.text, file->usdt.text_bytes, 1);
	put(&to, file->excluded, file->excluded_count, sizeof(*file->excluded));
	put(&to, file->interpreter, header.interpreter_bytes, 1);
	put(&to, origin->debug_path, header.debug_path_bytes, 1);
	put(&to, origin->build_id, header.build_id_bytes, 1);
	return to.bytes;
}

struct reception {
	char *next;
	size_t left;
	bool is_bad;
};

/* The next array, where it lies. */
static void *take(struct reception *from, uint64_t count, size_t item_bytes)
{
	char *items = from->next;
	size_t bytes;

	if (__builtin_mul_overflow(count, item_bytes, &bytes) || bytes > from->left ||
	    -bytes % ALIGNMENT > from->left - bytes) {
		from->is_bad = true;
		from->left = 0;
		return NULL;
	}
	bytes += -bytes % ALIGNMENT;
	from->next += bytes;
	from->left -= bytes;
	return items;
}

static char *take_text(struct reception *from, uint64_t bytes)
{
	char *text = take(from, bytes, 1);

	if (bytes == 0 || text == NULL)
		return NULL;
	from->is_bad |= text[bytes - 1] != '\0';
	return text;
}

/* Whether every offset and count in what was received lies within it. */
static bool symtab_is_sound(const struct symtab *table)
{
	if (table->text_bytes == 0
		    ? table->name_count > 0
		    : table->text[table->text_bytes - 1] != '\0' || table->text[0] != '\0')
		return false;
	for (size_t i = 0; i < table->name_count; i++) {
		if (table->names[i] >= table->text_bytes ||
		    table->sources[i] >= table->text_bytes ||
		    table->versions[i] >= table->text_bytes)
			return false;
	}
	for (size_t i = 0; i < table->function_count; i++) {
		if (table->first_names[i] >= table->first_names[i + 1] ||
		    (i > 0 &&
		     table->functions[i - 1].start.value >= table->functions[i].start.value))
			return false;
	}
	return table->first_names[0] == 0 &&
	       table->first_names[table->function_count] == table->name_count;
}

static void receive_usdt(struct reception *from, const struct transfer_header *header,
			 struct usdt_table *ret)
{
	ret->count = header->usdt_count;
	ret->probes = take(from, ret->count, sizeof(*ret->probes));
	ret->text_bytes = header->usdt_text_bytes;
	ret->text = take(from, ret->text_bytes, 1);
}

struct error *symbol_file_receive(struct symbol_file *file, char *data, size_t bytes)
{
	struct reception from = { .next = data, .left = bytes };
	const struct transfer_header *header = take(&from, 1, sizeof(*header));
	struct symtab *table = &file->symtab;

	if (header != NULL && header->function_count < UINT32_MAX) {
		table->function_count = header->function_count;
		table->name_count = header->name_count;
		table->text_bytes = header->text_bytes;
		table->functions = take(&from, table->function_count, sizeof(*table->functions));
		table->reach = take(&from, table->function_count, sizeof(*table->reach));
		file->segment_count = header->segment_count;
		file->segments = take(&from, file->segment_count, sizeof(*file->segments));
		table->first_names =
			take(&from, table->function_count + 1, sizeof(*table->first_names));
		table->names = take(&from, table->name_count, sizeof(*table->names));
		table->sources = take(&from, table->name_count, sizeof(*table->sources));
		table->versions = take(&from, table->name_count, sizeof(*table->versions));
		table->text = take(&from, table->text_bytes, 1);
		receive_usdt(&from, header, &file->usdt);
		file->excluded_count = header->excluded_count;
		file->excluded = take(&from, file->excluded_count, sizeof(*file->excluded));
		file->interpreter = take_text(&from, header->interpreter_bytes);
		file->origin.debug_path = take_text(&from, header->debug_path_bytes);
		file->origin.build_id = take_text(&from, header->build_id_bytes);
		file->has_debug_info = header->has_debug_info != 0;
		file->origin.kind = header->kind;
		file->origin.server_errnum = header->server_errnum;
	}
	if (header == NULL || from.is_bad || !symtab_is_sound(table) ||
	    !usdt_table_is_sound(&file->usdt))
		return error_new(ERR_FORMAT, "it is damaged: reading it led astray");
	return NULL;
}
