/* What a symbol_file holds (symbols layer; only for the files that implement symbol_file.h). */
#ifndef SYMBOLS_FILE_SYMBOL_FILE_PRIVATE_H
#define SYMBOLS_FILE_SYMBOL_FILE_PRIVATE_H

#include <sys/types.h>
#include <time.h>

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/dwarf/excluded_code.h"
#include "symbols/elf/isolate.h"
#include "symbols/elf/symbol_sources.h"
#include "symbols/elf/usdt_notes.h"
#include "symbols/file/symbol_file.h"
#include "symbols/file/symtab.h"
#include "tracer/base/addr_map.h"

/* What tells one state of a file from another. */
struct file_identity {
	dev_t device;
	ino_t inode;
	struct timespec modified;
	off_t size_bytes;
};

struct symbol_file {
	struct file_identity identity;
	char *name;
	struct elf_place place; /* where it was opened; owned texts; see symbol_file_place */
	const struct symbol_sources *sources; /* borrowed from the store */
	char *interpreter;		      /* NULL: none */
	struct symbol_segment *segments;      /* by address */
	size_t segment_count;
	bool has_debug_info; /* DWARF of its own, not that of a separate file */
	struct symtab symtab;
	struct usdt_table usdt;
	struct symbol_origin origin;
	struct excluded_range *excluded; /* in no order */
	size_t excluded_count;
	struct excluded_range cancellation; /* likewise, by symbols; empty: none */
	/* What all of the above but @name lies in; empty in the process that does the reading. */
	struct isolated received;
	/* Name number + 1 -> its label (owned). On the heap, as it grows while the file is const.
	 */
	struct addr_map *labels;
	struct addr_map *homonyms; /* likewise: what labels must tell apart; symbol_label.c */
};

/* Reads the file of @place, which @fd has open; takes @fd. */
struct error *symbol_file_read(int fd, const struct elf_place *place,
			       const struct symbol_sources *sources,
			       const struct file_identity *identity,
			       struct symbol_file **ret) MUST_CHECK;
void symbol_file_destroy(struct symbol_file *file);

/* From the child that reads to us. symbol_file_receive takes what was sent, also on failure. */
void symbol_file_send(const struct symbol_file *file, FILE *out);
struct error *symbol_file_receive(struct symbol_file *file, struct isolated *sent) MUST_CHECK;

/*
 * The label of name number @name: borrowed, made when it is first asked for. @demangled (taken) is
 * the name demangled, or NULL.
 */
struct error *symbol_file_name_label(const struct symbol_file *file, size_t name, char *demangled,
				     const char **ret) MUST_CHECK;

/*
 * Where the file that was read can be opened now, as the process through whose root it was found may
 * be gone; false: nowhere. *@ret is valid as long as the file.
 */
bool symbol_file_place(const struct symbol_file *file, struct elf_place *ret);

/*
 * A reader of the file's DWARF (line_reader_close), to be used inside isolate_run. Fails with
 * ERR_FAILED when the file is gone.
 */
struct error *symbol_file_open_lines(const struct symbol_file *file,
				     struct line_reader **ret) MUST_CHECK;

static inline const char *symtab_name(const struct symtab *table, size_t name)
{
	return table->text + table->names[name];
}

#endif
