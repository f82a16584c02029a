/* Files and indices of profiles; see profile_files.h. Cli layer. */
#include "tracer/cli/profiles/profile_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/base/profile_format.h"
#include "tracer/base/utf8.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/profiles/default_name.h"

void profile_files_deinit(struct profile_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
	free(files->words);
	error_free(files->err);
	*files = (struct profile_files){ 0 };
}

static struct error *files_add_path(struct profile_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++) {
		if (strcmp(files->paths[i], path) == 0)
			return NULL;
	}
	struct error *err = array_reserve(&files->paths, &files->capacity, files->count + 1,
					  sizeof(*files->paths));
	if (err != NULL)
		return err;
	char *copy = strdup(path);
	if (copy == NULL)
		return error_no_memory();
	files->paths[files->count++] = copy;
	return NULL;
}

static int path_compare(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

struct error *profile_files_append(struct profile_files *files, const char *path)
{
	struct error *err = array_reserve(&files->paths, &files->capacity, files->count + 1,
					  sizeof(*files->paths));
	if (err == NULL && (files->paths[files->count] = strdup(path)) == NULL)
		err = error_no_memory();
	files->count += err == NULL;
	return err;
}

/* An order that depends on no locale, in which rank 10 comes after rank 9. */
void profile_files_sort(struct profile_files *files)
{
	if (files->count > 1)
		qsort(files->paths, files->count, sizeof(*files->paths), path_compare);
}

struct error *profile_files_list_named(struct profile_files *files,
				       bool (*is_wanted)(const char *name))
{
	glob_t found;
	struct error *err = NULL;
	int result = glob("mprofile_*", GLOB_NOSORT, NULL, &found);

	if (result == GLOB_NOMATCH)
		return NULL;
	if (result != 0)
		return error_os(errno, "cannot read the current directory");
	for (size_t i = 0; err == NULL && i < found.gl_pathc; i++) {
		if (is_wanted(found.gl_pathv[i]))
			err = profile_files_append(files, found.gl_pathv[i]);
	}
	globfree(&found);
	profile_files_sort(files);
	return err;
}

struct error *profile_files_list(struct profile_files *files)
{
	return profile_files_list_named(files, default_name_is_profile);
}

/* What every profile of ours and of mprof's begins with. */
static bool begins_as_profile(const char *path)
{
	const char *word = profile_records[PROFILE_CMDLINE].word;
	const size_t bytes = strlen(word);
	char start[32] = "";

	/* O_NONBLOCK: a pipe must not be waited for. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	bool is_read = pread(fd, start, bytes + 1, 0) == (ssize_t)bytes + 1;
	close(fd);
	return is_read && memcmp(start, word, bytes) == 0 && start[bytes] == ' ';
}

static bool is_other_profile(const struct dirent *entry)
{
	static const char usual[] = ".dat";
	const char *name = entry->d_name;
	size_t bytes = strlen(name), suffix = strlen(usual);

	if ((entry->d_type != DT_REG && entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) ||
	    default_name_is_profile(name))
		return false;
	bool is_usual = bytes > suffix && strcmp(name + bytes - suffix, usual) == 0;
	return (is_usual || begins_as_profile(name)) && profile_is_profile(name);
}

struct error *profile_files_list_others(struct profile_files *files)
{
	const struct dirent *entry;
	struct error *err = NULL;
	DIR *directory = opendir(".");

	if (directory == NULL)
		return error_os(errno, "cannot read the current directory");
	while (err == NULL && (entry = readdir(directory)) != NULL) {
		if (is_other_profile(entry))
			err = profile_files_append(files, entry->d_name);
	}
	closedir(directory);
	profile_files_sort(files);
	return err;
}

static bool word_is_index(const char *word, long *ret)
{
	char *end;

	errno = 0;
	*ret = strtol(word, &end, 10);
	return end != word && *end == '\0' && errno == 0;
}

static struct error *files_add_index(struct profile_files *files, long index)
{
	struct profile_files all = { 0 };
	struct error *err = profile_files_list(&all);
	long count = (long)all.count;

	if (err == NULL && (index >= count || index < -count))
		err = error_new(ERR_FAILED,
				"no profile with index %ld: the current directory has %ld "
				"(see 'mprof-trace list')",
				index, count);
	if (err == NULL)
		err = files_add_path(files, all.paths[index < 0 ? index + count : index]);
	profile_files_deinit(&all);
	return err;
}

struct error *profile_files_add(struct profile_files *files, const char *word)
{
	long index;

	if (access(word, F_OK) == 0)
		return files_add_path(files, word);
	if (word_is_index(word, &index))
		return files_add_index(files, index);
	return error_os(errno != 0 ? errno : ENOENT, "cannot open %s", word);
}

struct error *profile_files_add_newest(struct profile_files *files)
{
	struct profile_files all = { 0 };
	struct error *err = profile_files_list(&all);

	if (err == NULL && all.count == 0)
		err = error_new(ERR_FAILED,
				"no profile in the current directory is called mprofile_*.dat: "
				"name a file, or record one with 'mprof-trace run'");
	if (err == NULL)
		err = files_add_path(files, all.paths[all.count - 1]);
	profile_files_deinit(&all);
	return err;
}

static bool looks_like_negative_index(const char *word)
{
	size_t digits = word[0] == '-' ? strspn(word + 1, "0123456789") : 0;

	return digits > 0 && word[1 + digits] == '\0';
}

/*
 * A copy of @argv in which each negative index has a space in front, which strtol(3) skips. The strings
 * are borrowed from @argv but for these, which live in the same allocation.
 */
static struct error *protect_indices(int argc, char **argv, char ***ret)
{
	size_t extra = 0;

	for (int i = 1; i < argc; i++)
		extra += looks_like_negative_index(argv[i]) ? strlen(argv[i]) + 2 : 0;
	size_t words_bytes = ((size_t)argc + 1) * sizeof(char *);
	char **words = malloc(words_bytes + extra);
	if (words == NULL)
		return error_no_memory();
	char *text = (char *)words + words_bytes;
	for (int i = 0; i < argc; i++) {
		words[i] = argv[i];
		if (i > 0 && looks_like_negative_index(argv[i])) {
			words[i] = text;
			*text++ = ' ';
			text = stpcpy(text, argv[i]) + 1;
		}
	}
	words[argc] = NULL;
	*ret = words;
	return NULL;
}

void profile_files_add_argument(struct profile_files *files, const char *word)
{
	if (files->err == NULL)
		files->err = profile_files_add(files, word);
}

struct error *profile_files_parse(struct profile_files *files, const struct argp *argp, int argc,
				  char **argv, void *input)
{
	struct error *err = protect_indices(argc, argv, &files->words);

	if (err == NULL)
		err = command_options_parse(argp, argc, files->words, 0, input);
	if (err == NULL) {
		err = files->err;
		files->err = NULL;
	}
	return err;
}

void profile_warn_damage(const struct profile *profile)
{
	if (profile->format > PROFILE_FORMAT_VERSION)
		log_warning("%s: its format is %d, of a later mprof-trace; this one knows %d, and "
			    "leaves out "
			    "what came after that",
			    profile->path, profile->format, PROFILE_FORMAT_VERSION);
	if (profile->damaged_lines == 0)
		return;
	log_warning("%s: %zu damaged line%s; the first is line %zu (%s). The rest is used",
		    profile->path, profile->damaged_lines, profile->damaged_lines == 1 ? "" : "s",
		    profile->first_damaged_line, profile->first_damage);
}

void profile_path_print(const char *path)
{
	if (isatty(STDOUT_FILENO) == 1)
		text_put_printable(stdout, path);
	else
		fputs(path, stdout);
	putchar('\n');
}
