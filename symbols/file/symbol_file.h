/*
 * The functions of one ELF file, read once and shared by every process that maps it (symbols
 * layer).
 *
 * Addresses here are the file's own (before the load bias). Nothing here knows a process.
 */
#ifndef SYMBOLS_FILE_SYMBOL_FILE_H
#define SYMBOLS_FILE_SYMBOL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "symbols/elf/function.h"
#include "symbols/elf/symbol_sources.h"
#include "symbols/elf/usdt_notes.h"
#include "symbols/pattern/pattern.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct symbol_file;
struct symbol_store; /* all files read so far, by device, inode, mtime and size */

/* A function that a pattern asks for. */
struct symbol_match {
	size_t pattern;
	const struct function *function; /* valid as long as the file */
	const char *label; /* UTF-8, demangled, no clone suffix, spaces as spaces; as long as the
			      file; `file.c:name` where the name alone is that of several */
	bool is_place;	   /* the pattern is a line or an address in it */
	unsigned variant; /* linkage_name_variant: one that is called by another is the same call */
};

struct error *symbol_store_create(struct symbol_store **ret) MUST_CHECK;
void symbol_store_destroy(struct symbol_store *store); /* and every file it gave out */

/* Where debug files are looked for; borrowed. Without this call: in the system's usual folders. */
void symbol_store_set_sources(struct symbol_store *store, const struct symbol_sources *sources);

/*
 * The functions of the ELF file at @path, from the cache when the same file was read before.
 * @name is what messages and patterns call it (for a @path such as /proc/PID/map_files/…).
 * Reads no DWARF, and asks no network unless the sources say so. *@ret is borrowed from the store.
 * Fails with ERR_FOREIGN when the file is no ELF file for this machine, with ERR_FORMAT
 * when it is damaged, with ERR_FAILED when it cannot be opened. A file is tried only once: of one
 * that failed before, *@ret is NULL.
 */
struct error *symbol_store_get(struct symbol_store *store, const char *path, const char *name,
			       const struct symbol_file **ret) MUST_CHECK;

/* The same for a process whose / is at @place->root for us. */
struct error *symbol_store_get_at(struct symbol_store *store, const struct elf_place *place,
				  const struct symbol_file **ret) MUST_CHECK;

/*
 * Likewise of an ELF file that lies in memory alone, as the kernel's vdso does: @bytes are copied. The same bytes are
 * read once.
 */
struct error *symbol_store_get_bytes(struct symbol_store *store, const char *name,
				     const uint8_t *bytes, size_t count,
				     const struct symbol_file **ret) MUST_CHECK;

/*
 * Reads many files in one child, as a child each is expensive: symbol_store_want for each file, then
 * symbol_store_read_wanted, then symbol_store_get_at as ever. Only for speed: of a file that could not
 * be read in this way symbol_store_get_at tells what is wrong.
 */
void symbol_store_want(struct symbol_store *store, const struct elf_place *place);
void symbol_store_read_wanted(struct symbol_store *store);

struct symbol_origin {
	enum symbol_kind kind;
	const char *debug_path; /* a separate debug file, NULL: none was needed or found */
	const char *build_id;	/* in hexadecimal digits; NULL: it has none */
	int server_errnum;	/* why no debuginfod server could be asked; 0: no such thing */
};

/* Valid as long as the file. */
const struct symbol_origin *symbol_file_origin(const struct symbol_file *file);

/*
 * The same in one line: "2,345 functions, from its .symtab". *@ret is owned (free).
 */
struct error *symbol_file_describe(const struct symbol_file *file, char **ret) MUST_CHECK;

/*
 * What a user can do to see more of a stripped file's functions, for the end of a message; "" when it
 * is not stripped. *@ret is owned (free).
 */
struct error *symbol_file_advise(const struct symbol_file *file, char **ret) MUST_CHECK;

const char *symbol_file_name(const struct symbol_file *file); /* as given when first read */
bool symbol_file_has_symtab(const struct symbol_file *file);  /* false: stripped, .dynsym only */
size_t symbol_file_function_count(const struct symbol_file *file);

/* The path in PT_INTERP, or NULL for a static program or a library. */
const char *symbol_file_interpreter(const struct symbol_file *file);

/* Sorted by address. Valid as long as the file. */
const struct symbol_segment *symbol_file_segments(const struct symbol_file *file,
						  size_t *ret_count);

/*
 * Load bias of a mapping of this file: what to add to an address of the file to get the target's.
 * False when no segment of the file belongs at @map_offset_bytes. Two data segments may begin in
 * one page of the file, and nothing then tells their mappings apart: ask about an executable one.
 */
bool symbol_file_bias(const struct symbol_file *file, uint64_t map_start, uint64_t map_offset_bytes,
		      uint64_t map_bytes, uint64_t *ret_bias);

/* The address of the symbol with exactly this linker name, .dynsym included; false: none. */
bool symbol_file_find(const struct symbol_file *file, const char *linkage_name, taddr_t *ret_start);

/* Its static probes. Valid as long as the file. */
const struct usdt_table *symbol_file_usdt(const struct symbol_file *file);

/* All functions, sorted by address; an array, valid as long as the file. */
const struct function *symbol_file_functions(const struct symbol_file *file, size_t *ret_count);

/*
 * The function that holds @address (by extent, the innermost, or starting there), NULL when none
 * does.
 */
const struct function *symbol_file_function_at(const struct symbol_file *file, taddr_t address);

/*
 * Likewise, for an address that a user gave: a function without a size reaches up to the next, and
 * a label is no function.
 */
const struct function *symbol_file_function_around(const struct symbol_file *file, taddr_t address);

/* Whether a function or a label starts in [first, end). */
bool symbol_file_starts_within(const struct symbol_file *file, taddr_t first, taddr_t end);

/*
 * The names of one of its functions, aliases included: name 0 is the one to show, and the last is
 * followed by NULL. Linker names are as in the file; valid as long as it.
 */
const char *symbol_file_linkage_name(const struct symbol_file *file,
				     const struct function *function, size_t index);

/*
 * The same as programmers write it: UTF-8, demangled, no clone suffix; made at the first call and kept.
 * *@ret is borrowed, valid as long as the file; NULL past the last name.
 */
struct error *symbol_file_label(const struct symbol_file *file, const struct function *function,
				size_t index, const char **ret) MUST_CHECK;

/*
 * Why code in [first, end) must stay as it is, as a clause: "the kernel aborts what is stopped there";
 * NULL: it need not.
 */
const char *symbol_file_why_excluded(const struct symbol_file *file, taddr_t first, taddr_t end);

/* Whether a runtime links the calls in its code as they are made, and reads that code for it. */
bool symbol_file_has_linked_stubs(const struct symbol_file *file);

/* Whether @address lies in an executable segment. */
bool symbol_file_is_code(const struct symbol_file *file, taddr_t address);

/*
 * All (pattern, function) pairs, ordered by pattern, then address, each once, without the functions
 * that the set leaves out. A pattern for another module (libfoo.so!name) matches nothing here; the
 * module is the file's name. @is_program: an address without a module is one of this file.
 * DWARF is read only for patterns with a source file. *@ret_matches is returned owned (free), NULL
 * when there are none.
 */
struct error *symbol_file_match(const struct symbol_file *file, const struct pattern_set *patterns,
				bool is_program, struct symbol_match **ret_matches,
				size_t *ret_count) MUST_CHECK;

/*
 * Why pattern number @pattern matches nothing in this file, as a clause for a message, as far as it
 * can be said for certain: that the function is inlined everywhere, that no code belongs to the line,
 * that the file is stripped, … @tried_inlined: symbol_file_find_inlined found nothing to probe. May
 * read DWARF. *@ret is owned (free), NULL: nothing can be said.
 */
struct error *symbol_file_explain(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern,
				  bool is_program, bool tried_inlined, char **ret) MUST_CHECK;

/*
 * "inlined at 3 sites (a.c:4, …)" when the function that pattern number @pattern names has been
 * inlined where it is called, so that those calls cannot be seen; NULL: not, or DWARF does not say.
 */
struct error *symbol_file_inlined(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern,
				  char **ret) MUST_CHECK;

/*
 * Names close to @wanted (a pattern as written), the best of all the files they were gathered from:
 * edit distance, case and namespace differences, the name as a part of a longer one. A zeroed
 * struct is empty. Best first; each name once, as a label; where @wanted is `module!name`, with
 * the name of the module that has it. A distance is only good for comparing.
 */
struct near_names {
	struct {
		char *name;
		unsigned distance;
	} best[3];
	size_t count;
};
struct error *near_names_gather(struct near_names *names, const struct symbol_file *file,
				const char *wanted) MUST_CHECK;
void near_names_deinit(struct near_names *names);

#endif
