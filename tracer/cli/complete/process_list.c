/* The processes that could be recorded; see process_list.h. Cli layer. */
#include "tracer/cli/complete/process_list.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/utf8.h"
#include "tracer/cli/record/process_names.h"
#include "tracer/proc/process_facts.h"

/* The first words of its command line. */
static void describe(pid_t pid, char *ret, size_t bytes)
{
	char **command;
	struct error *err = process_names_command(pid, &command);

	ret[0] = '\0';
	for (size_t i = 0; err == NULL && command != NULL && command[i] != NULL; i++) {
		size_t used = strlen(ret);
		snprintf(ret + used, bytes - used, "%s%s", i > 0 ? " " : "", command[i]);
	}
	text_sanitize(ret);
	if (err == NULL)
		process_names_free_command(command);
	error_free(err);
}

void process_list_offer(struct candidates *candidates)
{
	DIR *directory = opendir("/proc");
	const struct dirent *entry;

	while (directory != NULL && (entry = readdir(directory)) != NULL) {
		char name[PROCESS_NAME_BYTES], text[256];
		struct process_facts facts;
		pid_t pid = atoi(entry->d_name);
		if (pid <= 0 || pid == getpid())
			continue;
		struct error *err = process_facts_read(pid, &facts);
		bool is_one = err == NULL && facts.has_memory;
		error_free(err);
		if (!is_one)
			continue;
		describe(pid, text, sizeof(text));
		candidates_word(candidates, entry->d_name, strlen(entry->d_name), text);
		process_name_read(pid, name);
		candidates_word(candidates, name, strlen(name), text);
	}
	if (directory != NULL)
		closedir(directory);
}
