/* The names of a file's functions, kept; see label_cache.h. Cli layer. */
#include "tracer/cli/complete/label_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/version.h"
#include "tracer/cli/complete/label_reader.h"

enum {
	WAIT_MS = 700,	     /* longer, and the user thinks that nothing comes */
	LOOK_MS = 50,	     /* while another process reads the same file */
	READER_CPU_S = 30,   /* of a reading in the background */
	READER_STALE_S = 60, /* such a one has died */
	FILE_BYTES_MAX = 16 << 20,
	FOLDER_BYTES_MAX = 32 << 20,
	FOLDER_FILES_MAX = 64,
	NAME_BYTES = 128
};

static const char HEADER[] = "mprof-trace " MPROF_TRACE_VERSION " names\n";
static const char SUFFIX[] = ".names", PART_SUFFIX[] = ".part";

/* One ELF file, and where its names are kept. */
struct label_place {
	const char *path;
	int folder;	       /* -1: nothing can be kept */
	char name[NAME_BYTES]; /* in it */
	char part[NAME_BYTES]; /* while they are read */
};

/* -1: there is no such folder, and none can be made. Only the user may look into it: it tells what he works on. */
static int folder_open(void)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	char path[PATH_MAX];
	int length;

	if (base != NULL && base[0] == '/')
		length = snprintf(path, sizeof(path), "%s/mprof-trace", base);
	else if (home != NULL && home[0] == '/')
		length = snprintf(path, sizeof(path), "%s/.cache/mprof-trace", home);
	else
		return -1;
	if (length < 0 || (size_t)length >= sizeof(path))
		return -1;
	if (mkdir(path, 0700) != 0 && errno == ENOENT) {
		char *slash = strrchr(path, '/');
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
		mkdir(path, 0700);
	}
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* False: it is no ELF file. */
static bool place_find(struct label_place *ret, const char *path)
{
	struct stat status;
	char magic[4];

	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool is_elf = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		      pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
		      memcmp(magic, "\177ELF", sizeof(magic)) == 0;
	close(fd);
	if (!is_elf)
		return false;
	*ret = (struct label_place){ .path = path, .folder = folder_open() };
	int used =
		snprintf(ret->name, sizeof(ret->name), "%llx-%llx-%llx.%lx-%llx",
			 (unsigned long long)status.st_dev, (unsigned long long)status.st_ino,
			 (unsigned long long)status.st_mtim.tv_sec,
			 (unsigned long)status.st_mtim.tv_nsec, (unsigned long long)status.st_size);
	memcpy(ret->part, ret->name, sizeof(ret->part));
	strcpy(ret->name + used, SUFFIX);
	strcpy(ret->part + used, PART_SUFFIX);
	return true;
}

/* Reads all of @fd, from its start. */
static bool read_whole(int fd, size_t bytes, struct labels *ret)
{
	ret->text = malloc(bytes + 1);
	for (ret->bytes = 0; ret->text != NULL && ret->bytes < bytes;) {
		ssize_t got =
			pread(fd, ret->text + ret->bytes, bytes - ret->bytes, (off_t)ret->bytes);
		if (got <= 0)
			break;
		ret->bytes += (size_t)got;
	}
	if (ret->text != NULL && ret->bytes == bytes)
		return true;
	labels_deinit(ret);
	return false;
}

/* What was kept. It says who wrote it: another version may have other names. */
static bool read_kept(const struct label_place *place, struct labels *ret)
{
	struct stat status;
	size_t header = strlen(HEADER);

	int fd = openat(place->folder, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool is_ours = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		       status.st_uid == geteuid() && status.st_size >= (off_t)header &&
		       status.st_size <= FILE_BYTES_MAX &&
		       read_whole(fd, (size_t)status.st_size, ret);
	if (is_ours && memcmp(ret->text, HEADER, header) != 0) {
		labels_deinit(ret);
		is_ours = false;
	}
	if (is_ours) {
		ret->bytes -= header;
		memmove(ret->text, ret->text + header, ret->bytes);
		futimens(fd, NULL); /* it was asked for now */
	}
	close(fd);
	return is_ours;
}

/* What keeping costs: the sum of all, and the one that was not asked for longest. */
struct folder_census {
	size_t files, bytes;
	char oldest[NAME_BYTES];
	struct timespec oldest_time;
};

static void census_take(struct folder_census *census, int folder, const char *name)
{
	struct stat status;

	if (strlen(name) >= NAME_BYTES ||
	    fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
		return;
	census->files++;
	census->bytes += (size_t)status.st_size;
	const struct timespec *time = &status.st_mtim, *oldest = &census->oldest_time;
	if (census->oldest[0] != '\0' &&
	    (time->tv_sec > oldest->tv_sec ||
	     (time->tv_sec == oldest->tv_sec && time->tv_nsec >= oldest->tv_nsec)))
		return;
	census->oldest_time = *time;
	strcpy(census->oldest, name);
}

/* Removes the oldest files until the rest is few and small enough. */
static void folder_trim(int folder)
{
	for (;;) {
		struct folder_census census = { 0 };
		const struct dirent *entry;
		int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		DIR *directory = again < 0 ? NULL : fdopendir(again);
		if (directory == NULL) {
			if (again >= 0)
				close(again);
			return;
		}
		while ((entry = readdir(directory)) != NULL)
			census_take(&census, folder, entry->d_name);
		closedir(directory);
		if ((census.files <= FOLDER_FILES_MAX && census.bytes <= FOLDER_BYTES_MAX) ||
		    unlinkat(folder, census.oldest, 0) != 0)
			return;
	}
}

/* -1: another one reads, or nothing can be kept. */
static int part_create(const struct label_place *place, bool *ret_other_reads)
{
	struct stat status;
	int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

	*ret_other_reads = false;
	int fd = openat(place->folder, place->part, flags, 0600);
	if (fd >= 0 || errno != EEXIST)
		return fd;
	if (fstatat(place->folder, place->part, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
	    time(NULL) - status.st_mtim.tv_sec < READER_STALE_S) {
		*ret_other_reads = true;
		return -1;
	}
	unlinkat(place->folder, place->part, 0);
	return openat(place->folder, place->part, flags, 0600);
}

static bool write_to(const struct label_place *place, int fd)
{
	FILE *out = fdopen(fd, "w");

	if (out == NULL)
		return false;
	fputs(HEADER, out);
	struct error *err = labels_write(place->path, FILE_BYTES_MAX - sizeof(HEADER), out);
	bool is_written = err == NULL;
	error_free(err);
	return is_written;
}

/*
 * In the child: reads, and keeps what it has read, also when nobody waits any more. The shell waits for the end of
 * our output: the child must not hold it.
 */
static _Noreturn void read_in_background(const struct label_place *place, int fd, bool is_kept)
{
	const struct rlimit cpu = { READER_CPU_S, READER_CPU_S };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int standard = 0; null >= 0 && standard <= STDERR_FILENO; standard++)
		dup2(null, standard);
	setsid();
	setrlimit(RLIMIT_CPU, &cpu);
	bool is_written = null >= 0 && write_to(place, fd);
	if (is_kept &&
	    (!is_written || renameat(place->folder, place->part, place->folder, place->name) != 0))
		unlinkat(place->folder, place->part, 0);
	if (is_kept && is_written)
		folder_trim(place->folder);
	_exit(is_written ? EXIT_SUCCESS : EXIT_FAILURE);
}

/* Whether the child has done its work in time. */
static bool wait_for(pid_t child)
{
	int status, pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	struct pollfd waited = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0)
		return waitpid(child, &status, 0) == child && status == 0;
	bool is_over = poll(&waited, 1, WAIT_MS) == 1 && waitpid(child, &status, WNOHANG) == child;
	close(pidfd);
	return is_over && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* From the file, by a child of ours. */
static bool read_anew(const struct label_place *place, int fd, bool is_kept, struct labels *ret)
{
	struct stat status;
	size_t header = strlen(HEADER);

	fflush(stdout);
	pid_t child = fork();
	if (child == 0)
		read_in_background(place, fd, is_kept);
	if (child < 0 && is_kept)
		unlinkat(place->folder, place->part, 0);
	if (child < 0 || !wait_for(child) || fstat(fd, &status) != 0 ||
	    status.st_size < (off_t)header || !read_whole(fd, (size_t)status.st_size, ret))
		return false;
	ret->bytes -= header;
	memmove(ret->text, ret->text + header, ret->bytes);
	return true;
}

/* Another press of the key has begun the same, and has not been waited for. */
static bool wait_for_other(const struct label_place *place, struct labels *ret)
{
	for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += LOOK_MS) {
		poll(NULL, 0, LOOK_MS);
		if (read_kept(place, ret))
			return true;
	}
	return false;
}

bool labels_read(struct labels *ret, const char *path)
{
	struct label_place place;
	bool other_reads = false, is_there;

	*ret = (struct labels){ 0 };
	if (!place_find(&place, path))
		return false;
	if (read_kept(&place, ret)) {
		is_there = true;
	} else {
		int part = part_create(&place, &other_reads);
		int fd = part >= 0 ? part : memfd_create("names", MFD_CLOEXEC);
		is_there = other_reads ? wait_for_other(&place, ret)
				       : fd >= 0 && read_anew(&place, fd, part >= 0, ret);
		if (fd >= 0)
			close(fd);
	}
	if (place.folder >= 0)
		close(place.folder);
	return is_there;
}

void labels_deinit(struct labels *labels)
{
	free(labels->text);
	*labels = (struct labels){ 0 };
}
