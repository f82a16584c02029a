/* Static probes in .note.stapsdt; see usdt_notes.h. Symbols layer. */
#include "symbols/elf/usdt_notes.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/elf/elf_sections.h"
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
