/*
 * For programs that use libmprof as those of others do: C11 and C++17, with nothing of ours but mprof.h. A check that
 * fails ends the program.
 */
#ifndef API_CHECK_H
#define API_CHECK_H

#include <dirent.h>
#include <mprof.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                           \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
			_Exit(1);                                                                  \
		}                                                                                  \
	} while (0)

/* A sanitizer, which keeps what is freed, and memory of its own for each byte. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { HAS_SHADOW = 1 };
#else
enum { HAS_SHADOW = 0 };
#endif

/* Figures of this process; those of others are compared to the page. */
static inline bool is_near(double a_mib, double b_mib)
{
	return HAS_SHADOW || (a_mib - b_mib < 1 && b_mib - a_mib < 1);
}

static inline struct mprof_options defaults(void)
{
	struct mprof_options options;

	memset(&options, 0x5a, sizeof(options));
	mprof_options_init(&options, sizeof(options));
	return options;
}

/* What must succeed. */
static inline struct mprof_result *measure(const struct mprof_options *options)
{
	struct mprof_result *result;
	struct mprof_error *error = mprof_memory_usage(options, &result);

	if (error != NULL) {
		fprintf(stderr, "error %d: %s\n", (int)mprof_error_code(error),
			mprof_error_text(error));
		_Exit(1);
	}
	CHECK(result != NULL);
	return result;
}

/* What must fail so, with @word in the text. Returns what there is all the same. */
static inline struct mprof_result *measure_failing(const struct mprof_options *options,
						   enum mprof_error_code code, const char *word)
{
	struct mprof_result *result;
	struct mprof_error *error = mprof_memory_usage(options, &result);

	CHECK(error != NULL);
	if (mprof_error_code(error) != code || strstr(mprof_error_text(error), word) == NULL) {
		fprintf(stderr, "error %d: %s, and not %d with '%s'\n",
			(int)mprof_error_code(error), mprof_error_text(error), (int)code, word);
		_Exit(1);
	}
	CHECK(strchr(mprof_error_text(error), '\n') == NULL);
	mprof_error_free(error);
	return result;
}

enum { MIB = 1 << 20 };

/* Fresh memory, touched; to be unmapped. */
static inline void *map_touched(size_t mib)
{
	void *memory =
		mmap(NULL, mib * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	memset(memory, 1, mib * MIB);
	return memory;
}

static inline void unmap(void *memory, size_t mib)
{
	CHECK(munmap(memory, mib * MIB) == 0);
}

/*
 * How often all other threads of this process have gone to sleep of themselves: in a program of one
 * thread that of the library.
 */
static inline long sleeps_of_others(void)
{
	char path[300], line[256], own[64] = "";
	struct dirent *entry;
	long sleeps = 0, all = 0;
	DIR *threads = opendir("/proc/self/task");

	CHECK(threads != NULL);
	CHECK(readlink("/proc/thread-self", own, sizeof(own) - 1) >
	      0); /* its tid as /proc has it */
	while ((entry = readdir(threads)) != NULL) {
		if (entry->d_name[0] == '.' || strcmp(entry->d_name, strrchr(own, '/') + 1) == 0)
			continue;
		snprintf(path, sizeof(path), "/proc/self/task/%s/status", entry->d_name);
		FILE *file = fopen(path, "r");
		while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
			if (sscanf(line, "voluntary_ctxt_switches: %ld", &sleeps) == 1)
				all += sleeps;
		}
		if (file != NULL)
			fclose(file);
	}
	closedir(threads);
	return all;
}

/* In a function that is measured, in a process with one thread: until what it has now has been read. */
static inline void await_reading(void)
{
	const struct timespec soon = { 0, 1000000 };
	const long before = sleeps_of_others();

	while (sleeps_of_others() < before + 2)
		nanosleep(&soon, NULL);
}

static inline int count_entries(const char *folder)
{
	DIR *entries = opendir(folder);
	int count = -1; /* its own descriptor, where these are descriptors */

	CHECK(entries != NULL);
	for (struct dirent *entry; (entry = readdir(entries)) != NULL;)
		count += entry->d_name[0] != '.';
	closedir(entries);
	return count;
}

static inline int count_descriptors(void)
{
	return count_entries("/proc/self/fd");
}

/* But for the one that ThreadSanitizer has. */
static inline int count_threads(void)
{
#ifdef __SANITIZE_THREAD__
	const int others = count_entries("/proc/self/task");
	return others < 1 ? 1 : others;
#else
	return count_entries("/proc/self/task") + 1;
#endif
}

#endif
