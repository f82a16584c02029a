/* Static probes in .note.stapsdt; see usdt.h. Symbols layer. */
#include "symbols/file/usdt.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/elf/elf_sections.h"
#include "symbols/file/symbol_file_private.h"
#include "tracer/base/array.h"

enum { NT_STAPSDT = 3 };

static const char PREFIX[] = "usdt:";

void usdt_table_deinit(struct usdt_table *table)
{
	free(table->probes);
	free(table->text);
	*table = (struct usdt_table){ 0 };
}

bool usdt_table_is_sound(const struct usdt_table *table)
{
	if (table->count > 0 &&
	    (table->text_bytes == 0 || table->text[table->text_bytes - 1] != '\0'))
		return false;
	for (size_t i = 0; i < table->count; i++) {
		const uint64_t label = table->probes[i].label;
		if (label >= table->text_bytes || table->text_bytes - label < sizeof(PREFIX))
			return false;
	}
	return true;
}

const char *usdt_label(const struct usdt_table *table, const struct usdt_probe *probe)
{
	return table->text + probe->label;
}

const char *usdt_name(const struct usdt_table *table, const struct usdt_probe *probe)
{
	return usdt_label(table, probe) + strlen(PREFIX);
}

const struct usdt_table *symbol_file_usdt(const struct symbol_file *file)
{
	return &file->usdt;
}

/* One note: three addresses, provider, name. @base: the address of .stapsdt.base, 0: none. */
static struct error *usdt_table_add(struct usdt_table *table, const char *note, size_t bytes,
				    uint64_t base)
{
	struct {
		uint64_t address, base, semaphore;
	} head;

	if (bytes < sizeof(head))
		return NULL;
	memcpy(&head, note, sizeof(head));
	const char *provider = note + sizeof(head), *end = note + bytes;
	const char *name = memchr(provider, '\0', (size_t)(end - provider));
	if (name == NULL || memchr(name + 1, '\0', (size_t)(end - name - 1)) == NULL)
		return NULL;
	uint64_t moved = base == 0 ? 0 : base - head.base;
	size_t label_bytes = strlen(PREFIX) + strlen(provider) + 1 + strlen(name + 1) + 1;
	struct error *err = array_reserve(&table->probes, &table->capacity, table->count + 1,
					  sizeof(*table->probes));
	if (err == NULL)
		err = array_reserve(&table->text, &table->text_capacity,
				    table->text_bytes + label_bytes, 1);
	if (err != NULL)
		return err;
	table->probes[table->count++] = (struct usdt_probe){
		.label = table->text_bytes,
		.address = taddr(head.address + moved),
		.semaphore = taddr(head.semaphore == 0 ? 0 : head.semaphore + moved),
	};
	snprintf(table->text + table->text_bytes, label_bytes, "%s%s:%s", PREFIX, provider,
		 name + 1);
	table->text_bytes += label_bytes;
	return NULL;
}

static struct error *usdt_table_add_section(struct usdt_table *table, Elf_Scn *section,
					    uint64_t base)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t at = 0, name_at, text_at;
	GElf_Nhdr header;
	struct error *err = NULL;

	while (err == NULL && data != NULL &&
	       (at = gelf_getnote(data, at, &header, &name_at, &text_at)) > 0) {
		if (header.n_type == NT_STAPSDT && header.n_namesz == sizeof("stapsdt") &&
		    memcmp((char *)data->d_buf + name_at, "stapsdt", sizeof("stapsdt")) == 0)
			err = usdt_table_add(table, (char *)data->d_buf + text_at, header.n_descsz,
					     base);
	}
	return err;
}

struct error *usdt_table_read(struct usdt_table *ret, Elf *elf)
{
	Elf_Scn *section = NULL, *notes = NULL;
	GElf_Shdr header;
	const char *name;
	uint64_t base = 0;

	while ((name = elf_section_next(elf, &section, &header)) != NULL) {
		if (strcmp(name, ".note.stapsdt") == 0)
			notes = section;
		if (strcmp(name, ".stapsdt.base") == 0)
			base = header.sh_addr;
	}
	return notes == NULL ? NULL : usdt_table_add_section(ret, notes, base);
}

/* ---- Which of them are asked for ---- */

static const struct {
	const char *first, *second;
} endings[] = {
	{ "entry", "return" }, { "entry", "exit" }, { "begin", "end" },
	{ "start", "done" },   { "start", "end" },
};

static bool has_ending(const char *name, size_t base_bytes, const char *word)
{
	size_t bytes = strspn(name + base_bytes, "_-");
	return bytes > 0 && strcmp(name + base_bytes + bytes, word) == 0;
}

/* The length of @name without the last word and what separates it; 0: it is one word. */
static size_t base_of(const char *name)
{
	size_t bytes = strlen(name);

	while (bytes > 0 && strchr("_-:", name[bytes - 1]) == NULL)
		bytes--;
	while (bytes > 0 && strchr("_-", name[bytes - 1]) != NULL)
		bytes--;
	return bytes;
}

/* The kind that probe @i has as one of a pair; USDT_MARK: it is none. @wanted: another must match. */
static enum usdt_kind usdt_pair_kind(const struct usdt_table *table, size_t i,
				     const struct pattern_set *patterns, size_t pattern,
				     bool both_match)
{
	const char *name = usdt_name(table, &table->probes[i]);
	size_t bytes = base_of(name);

	for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++) {
		bool is_first = has_ending(name, bytes, endings[e].first);
		if (!is_first && !has_ending(name, bytes, endings[e].second))
			continue;
		const char *other = is_first ? endings[e].second : endings[e].first;
		for (size_t j = 0; j < table->count; j++) {
			const char *partner = usdt_name(table, &table->probes[j]);
			if (strncmp(name, partner, bytes) == 0 &&
			    has_ending(partner, bytes, other) &&
			    (!both_match || pattern_set_match_usdt(patterns, pattern, partner)))
				return is_first ? USDT_ENTER : USDT_LEAVE;
		}
	}
	return USDT_MARK;
}

static struct error *usdt_match_one(const struct usdt_table *table, size_t i,
				    const struct pattern_set *patterns, size_t pattern,
				    struct usdt_match *ret, bool *ret_matches)
{
	const struct usdt_probe *probe = &table->probes[i];
	const char *name = usdt_name(table, probe);
	bool is_glob = pattern_set_usdt_is_glob(patterns, pattern);
	bool is_direct = pattern_set_match_usdt(patterns, pattern, name);
	size_t base_bytes = base_of(name);
	enum usdt_kind kind = USDT_MARK;

	*ret_matches = is_direct;
	if (is_direct && is_glob)
		kind = usdt_pair_kind(table, i, patterns, pattern, true);
	if (!is_direct && !is_glob && base_bytes > 0) {
		char *base = strndup(name, base_bytes);
		if (base == NULL)
			return error_no_memory();
		if (pattern_set_match_usdt(patterns, pattern, base))
			kind = usdt_pair_kind(table, i, patterns, pattern, false);
		*ret_matches = kind != USDT_MARK;
		free(base);
	}
	if (!*ret_matches)
		return NULL;
	int bytes = (int)(kind == USDT_MARK ? strlen(name) : base_bytes);
	*ret = (struct usdt_match){ pattern, probe, kind, NULL };
	return asprintf(&ret->label, "usdt:%.*s", bytes, name) < 0 ? error_no_memory() : NULL;
}

/* Whether what pattern @wanted might match is left out; notes it, and by which patterns. */
static bool usdt_is_excluded(const struct pattern_set *patterns, size_t wanted, const char *name)
{
	bool is_excluded = false;

	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (!pattern_set_excludes(patterns, i) ||
		    !pattern_set_match_usdt(patterns, i, name))
			continue;
		is_excluded = true;
		if (pattern_set_is_usdt(patterns, wanted))
			pattern_set_note_left_out(patterns, i);
	}
	if (is_excluded && pattern_set_match_usdt(patterns, wanted, name))
		pattern_set_note_left_out(patterns, wanted);
	return is_excluded;
}

struct error *usdt_match_all(const struct symbol_file *file, const struct pattern_set *patterns,
			     struct usdt_match **ret, size_t *ret_count)
{
	const struct usdt_table *table = &file->usdt;
	size_t capacity = 0;
	struct error *err = NULL;

	*ret = NULL;
	*ret_count = 0;
	for (size_t p = 0; err == NULL && p < pattern_set_count(patterns); p++) {
		if (pattern_set_excludes(patterns, p) ||
		    !pattern_set_match_module(patterns, p, file->name))
			continue;
		for (size_t i = 0; err == NULL && i < table->count; i++) {
			bool matches = false;
			if (usdt_is_excluded(patterns, p, usdt_name(table, &table->probes[i])))
				continue;
			err = array_reserve(ret, &capacity, *ret_count + 1, sizeof(**ret));
			if (err == NULL)
				err = usdt_match_one(table, i, patterns, p, &(*ret)[*ret_count],
						     &matches);
			*ret_count += err == NULL && matches;
		}
	}
	return err;
}

void usdt_matches_free(struct usdt_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(matches[i].label);
	free(matches);
}
