/* What a symbol_file holds: for the files of symbols/ that implement symbol_file.h, nobody else. */
#ifndef SYMBOLS_SYMBOL_FILE_PRIVATE_H
#define SYMBOLS_SYMBOL_FILE_PRIVATE_H

#include <sys/types.h>
#include <time.h>

#include "symbols/dwarf_function.h"
#include "symbols/symbol_file.h"
#include "symbols/symtab.h"
#include "symbols/usdt.h"
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
	char *path;	   /* where it was opened; a process that is gone takes it along */
	char *interpreter; /* NULL: none */
	struct symbol_segment *segments;
	size_t segment_count;
	bool has_debug_info; /* DWARF of its own, not that of a separate file */
	struct symtab symtab;
	struct usdt_table usdt;
	/* Name number + 1 -> its label (owned). On the heap, as it grows while the file is const.
	 */
	struct addr_map *labels;
	struct addr_map *homonyms; /* likewise: what labels must tell apart; symbol_label.c */
};

/* Reads the file that @fd has open; takes @fd. @path finds its debug file, @name is for messages.
 */
struct error *symbol_file_read(int fd, const char *path, const char *name,
			       const struct file_identity *identity,
			       struct symbol_file **ret) MUST_CHECK;
void symbol_file_destroy(struct symbol_file *file);

/*
 * The label of name number @name: borrowed, made when it is first asked for. @demangled (taken) is
 * the name demangled, or NULL.
 */
struct error *symbol_file_name_label(const struct symbol_file *file, size_t name, char *demangled,
				     const char **ret) MUST_CHECK;

/*
 * Where the file that was read can be opened now, as the process through whose root it was found may
 * be gone; NULL: nowhere. Valid as long as the file.
 */
const char *symbol_file_path(const struct symbol_file *file);

/* A reader of the file's DWARF (line_reader_close). Fails with ERR_FAILED when the file is gone. */
struct error *symbol_file_open_lines(const struct symbol_file *file,
				     struct line_reader **ret) MUST_CHECK;

static inline const char *symtab_name(const struct symtab *table, size_t name)
{
	return table->text + table->names[name];
}

#endif
