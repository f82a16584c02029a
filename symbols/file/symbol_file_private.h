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
	/* What the arrays and texts above lie in; empty in the process that does the reading, and where
	 * the store has it (symbol_ahead.h). */
	struct isolated received;
	/* Name number + 1 -> its label (owned). On the heap, as it grows while the file is const.
	 */
	struct addr_map *labels;
	struct addr_map *homonyms; /* likewise: what labels must tell apart; symbol_label.c */
};

/* A file to be read. */
struct symbol_request {
	int fd; /* the file, open for reading; stays the caller's */
	struct elf_place place;
	struct file_identity identity;
	const struct symbol_sources *sources;
};

/*
 * Symbols of the largest programs take a second and 200 MiB; DWARF is not read here. A file that cannot
 * be mapped within the limit is read piece by piece by libelf.
 */
static const struct isolate_limits READING_LIMITS = { .cpu_s = 10, .memory_bytes = 1ULL << 30 };

/* Says in a user's words what the file is if it cannot be read, before libdwfl reads any of it. */
struct error *symbol_request_check(const struct symbol_request *request) MUST_CHECK;

/* In a child: reads the file, and sends what it found, which takes *@ret_bytes. */
struct error *symbol_request_read(const struct symbol_request *request, FILE *out,
				  uint64_t *ret_bytes) MUST_CHECK;

/* The file of which a child has sent @data, which it borrows. ERR_FORMAT: that makes no sense. */
struct error *symbol_file_create(const struct symbol_request *request, char *data, size_t bytes,
				 struct symbol_file **ret) MUST_CHECK;

/* All of that, in a child of its own. */
struct error *symbol_file_read(struct symbol_request *request, struct symbol_file **ret) MUST_CHECK;
void symbol_file_destroy(struct symbol_file *file);

/* From the child that reads to us. Returns how many bytes that takes; what was sent is borrowed. */
uint64_t symbol_file_send(const struct symbol_file *file, FILE *out);
struct error *symbol_file_receive(struct symbol_file *file, char *data, size_t bytes) MUST_CHECK;

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
