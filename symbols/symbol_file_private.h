/* What a symbol_file holds: for the files of symbols/ that implement symbol_file.h, nobody else. */
#ifndef SYMBOLS_SYMBOL_FILE_PRIVATE_H
#define SYMBOLS_SYMBOL_FILE_PRIVATE_H

#include <sys/types.h>
#include <time.h>

#include "symbols/symbol_file.h"
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
	char *interpreter; /* NULL: none */
	struct symbol_segment *segments;
	size_t segment_count;
	struct symtab symtab;
	/* Name number + 1 -> its label (owned). On the heap, as it grows while the file is const.
	 */
	struct addr_map *labels;
};

/* Reads the file that @fd has open; takes @fd. @path finds its debug file, @name is for messages.
 */
struct error *symbol_file_read(int fd, const char *path, const char *name,
			       const struct file_identity *identity,
			       struct symbol_file **ret) MUST_CHECK;
void symbol_file_destroy(struct symbol_file *file);

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
