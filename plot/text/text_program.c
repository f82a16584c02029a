/* The name of a program in its command; see text.h. Plot layer. */
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

/* Whether the first word is a path, perhaps quoted; else all of it is a name, which may hold spaces. */
static bool is_command_line(const char *command)
{
	return command[0] == '\'' || command[0] == '"' || command[0] == '/' ||
	       strncmp(command, "./", 2) == 0 || strncmp(command, "../", 3) == 0;
}

char *text_program_of_line(const char *line)
{
	char quote = line[0] == '\'' || line[0] == '"' ? line[0] : ' ';
	const char *start = quote == ' ' ? line : line + 1;
	const char *end = strchr(start, quote);
	size_t bytes = end != NULL ? (size_t)(end - start) : strlen(start);
	const char *slash = memrchr(start, '/', bytes);

	if (slash != NULL && slash + 1 < start + bytes) {
		bytes -= (size_t)(slash + 1 - start);
		start = slash + 1;
	}
	return strndup(start, bytes);
}

char *text_program_name(const char *command)
{
	return is_command_line(command) ? text_program_of_line(command) : strdup(command);
}
