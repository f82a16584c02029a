/* What a symbol_file holds: for the files of symbols/ that implement symbol_file.h, nobody else. */
#ifndef SYMBOLS_SYMBOL_FILE_PRIVATE_H
#define SYMBOLS_SYMBOL_FILE_PRIVATE_H

#include <sys/types.h>
#include <time.h>

#include "symbols/isolate.h"
#include "symbols/symbol_file.h"
#include "symbols/symbol_sources.h"
#include "symbols/symtab.h"
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
	char *interpreter;		 /* NULL: none */
	struct symbol_segment *segments; /* by address */
	size_t segment_count;
	struct symtab symtab;
	struct symbol_origin origin;
	/* What all of the above but @name lies in; empty in the process that does the reading. */
	struct isolated received;
	/* Name number + 1 -> its label (owned). On the heap, as it grows while the file is const.
	 */
	struct addr_map *labels;
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

/* The label of name number @name: borrowed, made when it is first asked for. */
struct error *symbol_file_name_label(const struct symbol_file *file, size_t name,
				     const char **ret) MUST_CHECK;

/* Keeps @label (owned, demangled already) for it, or frees it if there is one; *@ret is borrowed.
 */
struct error *symbol_file_keep_label(const struct symbol_file *file, size_t name, char *label,
				     const char **ret) MUST_CHECK;

static inline const char *symtab_name(const struct symtab *table, size_t name)
{
	return table->text + table->names[name];
}

#endif
