/* Which words start a Python program; see python_command.h. Cli layer. */
#include "tracer/cli/record/python_command.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/cli/record/program_path.h"

bool python_command_is_script(const char *program)
{
	size_t bytes = strlen(program);
	return bytes > 3 && strcmp(program + bytes - 3, ".py") == 0;
}

/* Also what is there and may not be executed: that is told when it is tried. */
static bool is_program(const char *name)
{
	char *path;

	struct error *err = program_path_find(name, &path);
	bool is_there = err == NULL || error_code(err) == ERR_NOT_EXEC;
	if (err == NULL)
		free(path);
	error_free(err);
	return is_there;
}

/* Words with dots between them. */
static bool is_module_name(const char *text)
{
	bool begins = true;

	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte == '.' ? begins : begins && isdigit(byte))
			return false;
		if (byte != '.' && byte != '_' && byte < 0x80 && !isalnum(byte))
			return false;
		begins = byte == '.';
	}
	return !begins;
}

struct error *python_command_create(char *const command[], char ***ret)
{
	enum { ADDED_MAX = 2 };
	size_t count = 0, at = 0;
	bool is_script = python_command_is_script(command[0]);

	*ret = NULL;
	if (!is_script && is_program(command[0]))
		return NULL;
	if (!is_script && !is_module_name(command[0]))
		return error_new(ERR_NOT_FOUND, "%s: there is no such program or Python module",
				 command[0]);
	while (command[count] != NULL)
		count++;
	char **words = calloc(count + ADDED_MAX + 1, sizeof(*words));
	if (words == NULL)
		return error_no_memory();
	words[at++] = is_program("python3") ? "python3" : "python";
	if (!is_script)
		words[at++] = "-m";
	memcpy(words + at, command, count * sizeof(*words));
	*ret = words;
	return NULL;
}
