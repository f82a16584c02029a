/*
 * The libraries of a program that does not run, or of a process (cli layer).
 */
#ifndef CLI_COMPLETE_LIBRARIES_H
#define CLI_COMPLETE_LIBRARIES_H

#include <stdbool.h>
#include <sys/types.h>

typedef bool library_visitor(void *data, const char *path);

/*
 * Calls @take with the path of each until it returns false: those that process @pid has mapped (0: no process), else those
 * that the file at @program names, where ld.so(8) would find them by the file's own paths, LD_LIBRARY_PATH and the usual
 * folders. Only those called @module (as in `libfoo.so!name`; "": all).
 */
void libraries_visit(const char *program, pid_t pid, const char *module, library_visitor *take,
		     void *data);

#endif
