/* The functions that -f could mean; see function_names.h. Cli layer. */
#include "tracer/cli/complete/function_names.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/names/glob.h"
#include "symbols/pattern/pattern_extent.h"
#include "tracer/base/clock.h"
#include "tracer/cli/complete/label_cache.h"
#include "tracer/cli/complete/last_program.h"
#include "tracer/cli/complete/libraries.h"
#include "tracer/cli/record/process_names.h"
#include "tracer/cli/record/program_path.h"

/* More of them help nobody, and a shell needs long for them. */
enum { OFFERED_MAX = 2000 };

static const char *line_end(const char *line, const char *end)
{
	return memchr(line, '\n', (size_t)(end - line));
}

static bool begins_with(const char *line, const char *typed, size_t typed_bytes)
{
	return strncmp(line, typed, typed_bytes) == 0;
}

/*
 * Offers those that begin as what was typed. Of too many, some from the first to the last of the order: what all have in
 * common, which a shell fills in, is what these two have.
 */
static size_t offer_beginning(const struct labels *labels, struct candidates *candidates)
{
	const char *typed = candidates->word + candidates->kept_bytes;
	const char *end = labels->text + labels->bytes, *stop;
	size_t typed_bytes = strlen(typed), count = 0, number = 0, offered = 0;

	for (const char *line = labels->text; (stop = line_end(line, end)) != NULL; line = stop + 1)
		count += begins_with(line, typed, typed_bytes);
	for (const char *line = labels->text; (stop = line_end(line, end)) != NULL;
	     line = stop + 1) {
		if (!begins_with(line, typed, typed_bytes))
			continue;
		number++;
		bool is_its_turn =
			count <= OFFERED_MAX || number * (OFFERED_MAX - 1) / count >= offered;
		if (!is_its_turn && number < count)
			continue;
		candidates_word(candidates, line, (size_t)(stop - line), NULL);
		offered++;
	}
	return count;
}

/* A glob that matches is finished. */
static void offer_glob(const struct labels *labels, struct candidates *candidates)
{
	const char *glob = candidates->word + candidates->kept_bytes;
	const char *end = labels->text + labels->bytes, *stop;

	for (const char *line = labels->text; (stop = line_end(line, end)) != NULL;
	     line = stop + 1) {
		if (!glob_match(glob, line, (size_t)(stop - line)))
			continue;
		candidates_word(candidates, glob, strlen(glob), NULL);
		return;
	}
}

/* Whether any was. */
static bool offer_of_file(const char *path, struct candidates *candidates)
{
	const char *typed = candidates->word + candidates->kept_bytes;
	struct labels labels;

	if (!labels_read(&labels, path))
		return false;
	size_t count = 0;
	if (strpbrk(typed, "*?[") != NULL)
		offer_glob(&labels, candidates);
	else
		count = offer_beginning(&labels, candidates);
	labels_deinit(&labels);
	return count > 0;
}

/* Moves candidates->kept_bytes to where the name begins that the cursor is in. The module before it, if there is one. */
static void find_name(struct candidates *candidates, char *module, size_t module_bytes)
{
	struct pattern_extent extent;

	module[0] = '\0';
	for (;;) {
		const char *rest = candidates->word + candidates->kept_bytes;
		struct error *err = pattern_extent_find(rest, &extent);
		if (err != NULL) {
			error_free(err); /* brackets that are still open */
			return;
		}
		if (*extent.end == '\0')
			break;
		candidates->kept_bytes = (size_t)(extent.end + 1 - candidates->word);
	}
	const char *rest = candidates->word + candidates->kept_bytes;
	if (extent.excludes && *rest == '!')
		candidates->kept_bytes++;
	if (extent.module == NULL)
		return;
	snprintf(module, module_bytes, "%.*s", (int)extent.module_bytes, extent.module);
	const char *name = extent.module + extent.module_bytes;
	candidates->kept_bytes = (size_t)(name + 1 - candidates->word);
}

/* The first line of a script, behind its `#!`; false: it is none. What is no plain file may wait for somebody. */
static bool read_interpreter(const char *path, char *ret, size_t bytes)
{
	struct stat status;

	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t got = fstat(fd, &status) == 0 && S_ISREG(status.st_mode)
			      ? pread(fd, ret, bytes - 1, 0)
			      : 0;
	close(fd);
	ret[got > 0 ? got : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	return strncmp(ret, "#!", 2) == 0;
}

/* `#!/usr/bin/env NAME` too. @path is a script's; it becomes its interpreter's, or stays. */
static void follow_script(char **path)
{
	char line[256], *word, *rest = NULL;

	if (!read_interpreter(*path, line, sizeof(line)) ||
	    (word = strtok_r(line + 2, " \t", &rest)) == NULL)
		return;
	char *argument = strtok_r(NULL, " \t", &rest);
	if (strcmp(basename(word), "env") == 0 && argument != NULL)
		word = argument;
	char *interpreter;
	struct error *err = program_path_find(word, &interpreter);
	if (err == NULL) {
		free(*path);
		*path = interpreter;
	}
	error_free(err);
}

static bool is_python_script(const char *word)
{
	size_t bytes = strlen(word);

	return bytes > 3 && strcmp(word + bytes - 3, ".py") == 0;
}

/* The process that the line names; 0: it names none. */
static pid_t process_of(const struct line_place *place, const struct line_subject *subject)
{
	const char *word = subject->attached;
	pid_t pid = 0;

	if (word == NULL && (place->operands & OPERAND_PROCESS))
		word = subject->operand;
	if (word == NULL || strchr(word, '/') != NULL)
		return 0;
	struct error *err = process_names_find(word, &pid);
	if (err != NULL)
		pid = 0;
	error_free(err);
	return pid;
}

/* The file of the program that is called @name; NULL: none, or one whose functions are Python's. Owned. */
static char *program_called(const char *name)
{
	char *path;

	if (is_python_script(name))
		return NULL;
	struct error *err = program_path_find(name, &path);
	if (err != NULL) {
		error_free(err);
		return NULL;
	}
	follow_script(&path);
	return path;
}

/* The file whose functions come first; NULL: none. Who has not named a program yet may want the last one again. Owned. */
static char *program_of(pid_t pid, const struct line_subject *subject)
{
	char *path = NULL;

	if (pid > 0)
		return asprintf(&path, "/proc/%d/exe", pid) < 0 ? NULL : path;
	if (subject->operand != NULL)
		return program_called(subject->operand);
	char *last = last_program();
	if (last != NULL)
		path = program_called(last);
	free(last);
	return path;
}

struct library_offer {
	struct candidates *candidates;
	int64_t end_ns; /* of the user's patience */
};

static bool offer_of_library(void *data, const char *path)
{
	const struct library_offer *offer = data;

	offer_of_file(path, offer->candidates);
	return clock_now_ns() < offer->end_ns;
}

void function_names_offer(const struct line_place *place, struct candidates *candidates)
{
	struct line_subject subject;
	char module[NAME_MAX + 1];

	line_place_subject(place, candidates->line, &subject);
	const char *typed = candidates->word + candidates->kept_bytes;
	if (typed[0] == '@') {
		candidates->kept_bytes++;
		candidates_files(candidates, "*");
		return;
	}
	find_name(candidates, module, sizeof(module));
	typed = candidates->word + candidates->kept_bytes;
	if (subject.is_python || typed[0] == '/')
		return;
	pid_t pid = process_of(place, &subject);
	char *path = program_of(pid, &subject);
	if (path == NULL)
		return;
	bool has_offered = module[0] == '\0' && offer_of_file(path, candidates);
	struct library_offer offer = { candidates, clock_now_ns() + NS_PER_S / 2 };
	if (!has_offered && (module[0] != '\0' || typed[0] != '\0'))
		libraries_visit(path, pid, module, offer_of_library, &offer);
	free(path);
}
