/*
 * Keeps an image's list of modules as the process's mappings are (probe layer).
 */
#ifndef PROBE_MODULES_H
#define PROBE_MODULES_H

#include "tracer/probe/image.h"

/*
 * Gets each module that is new; @path is the file's name in the target. And what is mapped but cannot
 * be read: @why is borrowed.
 */
struct module_sink {
	struct error *(*added)(void *context, struct module *module, const char *path);
	void (*refused)(void *context, const struct mapping *m, const struct error *why);
	void *context;
};

/* Whether it is the program that process @pid executes. */
bool module_is_program(const struct module *module, pid_t pid);

/*
 * Reads the mappings of @pid and makes the image's modules agree with them: modules that are gone
 * are forgotten with their sites (nothing is written to memory that is no longer theirs), new ones
 * are opened in @store and given to @sink. Both NULL: new modules are listed without symbols until
 * the next update that has a store. The first error of @sink ends it.
 */
struct error *modules_update(struct image *image, pid_t pid, struct symbol_store *store,
			     const struct module_sink *sink) MUST_CHECK;

/*
 * Looks where process @pid has room for the first system calls that it makes for us (injection.h): behind the code of
 * the program itself, or of its dynamic linker, which are never unmapped. There may be none.
 */
struct error *modules_find_spare(struct image *image, pid_t pid) MUST_CHECK;

/*
 * The symbols of the file mapped at @m in process @pid, from @store, and the load bias. *@ret is borrowed from the store; NULL:
 * it was tried before, and could not be read.
 */
struct error *mapping_open(const struct mapping *m, pid_t pid, struct symbol_store *store,
			   const struct symbol_file **ret, uint64_t *ret_bias) MUST_CHECK;

#endif
