/*
 * Static probes (USDT) that a program carries in .note.stapsdt (symbols layer).
 *
 * The note's layout is that of SystemTap's sys/sdt.h, version 3: the address of the probe's nop, the
 * link-time address of .stapsdt.base (by which prelinking is seen), the address of a 16-bit counter
 * of listeners (the semaphore), or 0; then provider, name and arguments, terminated.
 */
#ifndef SYMBOLS_ELF_USDT_NOTES_H
#define SYMBOLS_ELF_USDT_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libelf.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* The provider of the marks of tracer/api/mprof_mark.h, as a name begins with it. */
static const char USDT_MARK_PROVIDER[] = "mprof:";

struct usdt_probe {
	uint64_t label; /* in the table's text: usdt:provider:name */
	taddr_t address;
	taddr_t semaphore; /* 0: none */
};

/* No pointers within, so that it can be sent from one process to another. */
struct usdt_table {
	struct usdt_probe
		*probes; /* in the order of the notes; a name may stand there many times */
	size_t count, capacity;
	char *text;
	size_t text_bytes, text_capacity;
};

/* Reads the notes of @elf into @ret, zeroed before. Damaged notes end the table. */
struct error *usdt_table_read(struct usdt_table *ret, Elf *elf) MUST_CHECK;
void usdt_table_deinit(struct usdt_table *table); /* of one that was read, not received */

/* Whether every label of a table that was received lies in its text. */
bool usdt_table_is_sound(const struct usdt_table *table);

/* usdt:provider:name, and the same without the first word. */
const char *usdt_label(const struct usdt_table *table, const struct usdt_probe *probe);
const char *usdt_name(const struct usdt_table *table, const struct usdt_probe *probe);

#endif
