/* flags: -pthread -ldl */
/*
 * A program whose libraries come and go.
 *
 *   opens_and_closes loop|spaces THREADS COUNTS LIBRARY…   each thread opens one after the other, calls
 *       plugin_call_back in it, which calls plugin_step three times, and closes it; "spaces": every other time in a
 *       name space of its own (dlmopen(3)). How often that was so far, each thread keeps in the file COUNTS.
 *   opens_and_closes told closes|unmaps LIBRARY OTHER      LIBRARY is opened; or its code alone is mapped. SIGUSR2: it is
 *       closed, or the code is unmapped; the next time, it is opened again and called, or mapped again; and so on. "unmaps":
 *       OTHER is opened meanwhile, called, and closed, all the time.
 *
 * Says "ready PID"; SIGUSR1 ends it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MOST = 16, CALLS = 3 };

static char **libraries;
static int library_count;
static long *counts;
static int uses_spaces;
static volatile int is_told;

static int callback(int x)
{
	return x + 1;
}

static void *open_library(const char *path, int is_in_space)
{
	void *library = is_in_space ? dlmopen(LM_ID_NEWLM, path, RTLD_NOW) : dlopen(path, RTLD_NOW);

	if (library == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	return library;
}

static void call_library(void *library)
{
	int (*call_back)(int (*)(int), int);

	*(void **)&call_back = dlsym(library, "plugin_call_back");
	if (call_back(callback, CALLS) != 12)
		_exit(3);
}

static void *come_and_go(void *argument)
{
	const long number = (long)argument;

	for (long i = number; !is_told; i++) {
		void *library = open_library(libraries[i % library_count],
					     uses_spaces && number == 0 && i % 2);
		call_library(library);
		__atomic_add_fetch(&counts[number], 1, __ATOMIC_SEQ_CST);
		dlclose(library);
	}
	return NULL;
}

static int loop(int threads, const char *counts_path)
{
	pthread_t all[THREADS_MOST];
	sigset_t told;
	int number;

	int fd = open(counts_path, O_RDWR | O_CREAT, 0600);
	if (fd < 0 || ftruncate(fd, THREADS_MOST * sizeof(*counts)) != 0)
		return 2;
	counts = mmap(NULL, THREADS_MOST * sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		      0);
	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	for (long i = 0; i < threads; i++)
		pthread_create(&all[i], NULL, come_and_go, (void *)i);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	sigwait(&told, &number);
	is_told = 1;
	for (int i = 0; i < threads; i++)
		pthread_join(all[i], NULL);
	return 0;
}

/* Where the code of a library is in its file, and its function there. */
struct code {
	off_t at;
	size_t bytes;
	uintptr_t function; /* from @at on */
};

static int find_code(struct dl_phdr_info *info, size_t size, void *argument)
{
	struct code *code = argument;
	(void)size;

	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		if (header->p_type != PT_LOAD || !(header->p_flags & PF_X) ||
		    code->function - info->dlpi_addr - header->p_vaddr >= header->p_memsz)
			continue;
		code->at = (off_t)header->p_offset;
		code->bytes = header->p_filesz;
		code->function -= info->dlpi_addr + header->p_vaddr;
		return 1;
	}
	return 0;
}

/* The code of the library at @path, mapped as no dynamic linker does it; its plugin_pure is called. */
static void *map_code(const char *path, const struct code *code)
{
	int (*pure)(int);

	int fd = open(path, O_RDONLY);
	char *at = mmap(NULL, code->bytes, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, code->at);
	if (at == MAP_FAILED)
		exit(4);
	close(fd);
	*(void **)&pure = at + code->function;
	if (pure(3) != 10)
		exit(3);
	return at;
}

static void *keep_opening(void *argument)
{
	while (!is_told) {
		void *library = open_library(argument, 0);
		call_library(library);
		dlclose(library);
		usleep(1000);
	}
	return NULL;
}

static int told_closes(const char *path)
{
	void *library = open_library(path, 0);
	sigset_t told;
	int number;

	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigaddset(&told, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (sigwait(&told, &number) == 0 && number == SIGUSR2) {
		if (library != NULL) {
			dlclose(library);
			library = NULL;
			continue;
		}
		library = open_library(path, 0);
		call_library(library);
	}
	return 0;
}

static int told_unmaps(const char *path, char *other)
{
	struct code code = { 0 };
	pthread_t thread;
	sigset_t told;
	int number;

	void *library = open_library(other, 0);
	*(void **)&code.function = dlsym(library, "plugin_pure");
	if (!dl_iterate_phdr(find_code, &code))
		return 5;
	dlclose(library);
	void *mapped = map_code(path, &code);
	sigemptyset(&told);
	sigaddset(&told, SIGUSR1);
	sigaddset(&told, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &told, NULL);
	pthread_create(&thread, NULL, keep_opening, other);
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (sigwait(&told, &number) == 0 && number == SIGUSR2) {
		if (mapped != NULL) {
			munmap(mapped, code.bytes);
			mapped = NULL;
			continue;
		}
		mapped = map_code(path, &code);
	}
	is_told = 1;
	pthread_join(thread, NULL);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 4 && strcmp(argv[1], "told") != 0) {
		uses_spaces = strcmp(argv[1], "spaces") == 0;
		libraries = argv + 4;
		library_count = argc - 4;
		return loop(atoi(argv[2]) % (THREADS_MOST + 1), argv[3]);
	}
	if (argc < 5)
		return 1;
	return strcmp(argv[2], "closes") == 0 ? told_closes(argv[3])
					      : told_unmaps(argv[3], argv[4]);
}
