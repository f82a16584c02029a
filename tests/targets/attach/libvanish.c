/* flags: -fPIC -ldl */
/*
 * Preloaded into mprof-trace: right before its engine writes to the code of the program, what VANISH_FILE names (the last
 * part of a path) is no longer mapped there: the program is sent SIGUSR2, and it is waited for.
 *
 *   VANISH_BEFORE=first   the first write to the code of any file
 *   VANISH_BEFORE=N       the Nth write to the code of that file
 *   VANISH_LOG=FILE       gets a line then
 *
 * None of it is seen by the program that is recorded.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char file_name[128], log_path[256];
static int is_first;
static long writes_left;

__attribute__((constructor)) static void begin(void)
{
	const char *name = getenv("VANISH_FILE"), *before = getenv("VANISH_BEFORE"),
		   *log = getenv("VANISH_LOG");

	if (name != NULL && before != NULL && log != NULL) {
		snprintf(file_name, sizeof(file_name), "/%s", name);
		snprintf(log_path, sizeof(log_path), "%s", log);
		is_first = strcmp(before, "first") == 0;
		writes_left = is_first ? 1 : atol(before);
	}
	unsetenv("VANISH_FILE");
	unsetenv("VANISH_BEFORE");
	unsetenv("VANISH_LOG");
	unsetenv("LD_PRELOAD");
}

static int ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

/* Whether process @pid has code of a file at @at (0: anywhere), of that file if @is_of_file. */
static int has_code(int pid, unsigned long at, int is_of_file)
{
	char line[4200], permissions[8];
	unsigned long start, end, inode;
	int found = 0;

	snprintf(line, sizeof(line), "/proc/%d/maps", pid);
	FILE *maps = fopen(line, "re");
	while (maps != NULL && !found && fgets(line, sizeof(line), maps) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		found = sscanf(line, "%lx-%lx %7s %*x %*s %lu", &start, &end, permissions,
			       &inode) == 4 &&
			(at == 0 || (at >= start && at < end)) && permissions[2] == 'x' &&
			inode != 0 && (!is_of_file || ends_with(line, file_name));
	}
	if (maps != NULL)
		fclose(maps);
	return found;
}

/* The process whose memory @fd is; 0: it is none. */
static int process_of(int fd)
{
	char link[64], path[64];
	int pid = 0;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof(path) - 1);
	if (length <= 0)
		return 0;
	path[length] = '\0';
	return ends_with(path, "/mem") && sscanf(path, "/proc/%d/", &pid) == 1 ? pid : 0;
}

static void vanish(int pid)
{
	enum { LOOKS_MOST = 60000 };

	kill(pid, SIGUSR2);
	for (int i = 0; i < LOOKS_MOST && has_code(pid, 0, 1) && kill(pid, 0) == 0; i++)
		usleep(1000);
	FILE *log = fopen(log_path, "ae");
	if (log != NULL) {
		fputs("vanished\n", log);
		fclose(log);
	}
}

ssize_t pwrite(int fd, const void *from, size_t bytes, off_t at)
{
	static ssize_t (*next)(int, const void *, size_t, off_t);

	if (next == NULL)
		*(void **)&next = dlsym(RTLD_NEXT, "pwrite");
	int saved = errno;
	int pid = writes_left > 0 ? process_of(fd) : 0;
	if (pid != 0 && has_code(pid, (unsigned long)at, !is_first) && --writes_left == 0)
		vanish(pid);
	errno = saved;
	return next(fd, from, bytes, at);
}
