/* What was recorded last in this directory; see last_program.h. Cli layer. */
#include "tracer/cli/complete/last_program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/cli/complete/shell_line.h"
#include "tracer/cli/profiles/profile_files.h"

enum { COMMAND_BYTES = 4096 }; /* of a command line: the program stands at its start */

/* The first line, without what tells that it is the command line; false: it is not. */
static bool read_command(const char *path, char ret[COMMAND_BYTES])
{
	static const char word[] = "CMDLINE ";

	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t got = read(fd, ret, COMMAND_BYTES - 1);
	close(fd);
	ret[got > 0 ? got : 0] = '\0';
	if (strncmp(ret, word, strlen(word)) != 0)
		return false;
	ret[strcspn(ret, "\n")] = '\0';
	memmove(ret, ret + strlen(word), strlen(ret + strlen(word)) + 1);
	return true;
}

char *last_program(void)
{
	struct profile_files files = { 0 };
	struct shell_line line = { 0 };
	char command[COMMAND_BYTES], *program = NULL;

	struct error *err = profile_files_add_newest(&files);
	if (err == NULL && read_command(files.paths[0], command))
		err = shell_line_of_text(&line, command, strlen(command), "");
	if (err == NULL && line.count > 0)
		program = strdup(line.words[0]);
	error_free(err);
	shell_line_deinit(&line);
	profile_files_deinit(&files);
	return program;
}
