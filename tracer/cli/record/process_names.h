/*
 * Which process is meant by what the user says (cli layer).
 */
#ifndef CLI_RECORD_PROCESS_NAMES_H
#define CLI_RECORD_PROCESS_NAMES_H

#include <sys/types.h>

#include "tracer/base/error.h"

/*
 * @text is a pid, or the name of a program that exactly one process runs: its comm, or the last part
 * of its file or of its first word (proc(5)). Processes of ours do not count. ERR_GONE when
 * none has the name; when several have, the error lists them.
 */
struct error *process_names_find(const char *text, pid_t *ret) MUST_CHECK;

/*
 * The command line of process @pid, NULL-terminated; its name in brackets when it has none. *@ret is
 * owned by the caller: release it with process_names_free_command.
 */
struct error *process_names_command(pid_t pid, char ***ret) MUST_CHECK;
void process_names_free_command(char **command);

#endif
