/* flags: -static */
/*
 * Memory of known kinds and amounts, one after another: private, given back, swapped out, shared, memfd, tmpfs,
 * huge pages, and copied by a fork. At each stage it stays quiet for a while and says what /proc has
 * of it, in bytes:
 *
 *   quiet STAGE PID FROM TO rss N pss N uss N vms N swap N anon N rss+huge N   between these times of the epoch
 *   text STAGE PID dirty N slots N space N    private pages in the code of files; anonymous memory
 *                                             that can be executed: what is resident, and its size
 *   cannot STAGE REASON
 *
 * Static, so that no library is shared with others. usage: memory_kinds [QUIET_MS]
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MIB ((size_t)1024 * 1024)

struct reading {
	long long rss, pss, uss, vms, swap, anon, rss_huge;
};

/* Static, and touched from the start: looking must not change what is seen. */
static char text[256 * 1024] = "x";
static char line[512] = "x";
static long quiet_ms = 200;

static void read_file(const char *path)
{
	size_t used = 0;
	ssize_t got;
	int fd = open(path, O_RDONLY);

	while (fd >= 0 && used < sizeof(text) - 1 &&
	       (got = read(fd, text + used, sizeof(text) - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	if (fd >= 0)
		close(fd);
}

static long long field(const char *name)
{
	const char *at = strstr(text, name);
	return at == NULL ? 0 : atoll(at + strlen(name)) * 1024;
}

static struct reading read_self(void)
{
	struct reading r;

	read_file("/proc/self/status");
	r.swap = field("\nVmSwap:");
	r.anon = field("\nRssAnon:");
	r.rss_huge = field("\nVmRSS:") + field("\nHugetlbPages:");
	read_file("/proc/self/smaps_rollup");
	r.pss = field("\nPss:");
	r.uss = field("\nPrivate_Clean:") + field("\nPrivate_Dirty:") + field("\nPrivate_Hugetlb:");
	read_file("/proc/self/statm");
	r.vms = atoll(text) * sysconf(_SC_PAGESIZE);
	r.rss = atoll(strchr(text, ' ')) * sysconf(_SC_PAGESIZE);
	return r;
}

static double epoch_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	ssize_t put = write(STDOUT_FILENO, line, (size_t)length);
	(void)put;
}

/* What others have written into our code, and mapped to run code in: smaps, mapping by mapping. */
static void say_text(const char *stage)
{
	long long dirty = 0, slots = 0, space = 0;
	int is_code = 0, is_file = 0;

	read_file("/proc/self/smaps");
	for (char *at = text; *at != '\0'; at = strchr(at, '\n') + 1) {
		unsigned long start, end, inode;
		char mode[5], name[32] = "";
		if (sscanf(at, "%lx-%lx %4s %*x %*s %lu%*[ ]%31[^\n]", &start, &end, mode, &inode,
			   name) >= 4) {
			is_code = mode[2] == 'x' && name[0] != '[';
			is_file = inode != 0;
			if (is_code && !is_file)
				space += (long long)(end - start);
		} else if (is_code && strncmp(at, "Anonymous:", 10) == 0) {
			*(is_file ? &dirty : &slots) += atoll(at + 10) * 1024;
		}
	}
	say("text %s %d dirty %lld slots %lld space %lld\n", stage, getpid(), dirty, slots, space);
}

static void quiet(const char *stage)
{
	struct timespec wait = { quiet_ms / 1000, quiet_ms % 1000 * 1000000 };
	const struct timespec moment = { 0, 1000000 };

	/* What looking and waiting need is in memory first: a child begins with less of it. */
	nanosleep(&moment, NULL);
	epoch_s();
	read_self();
	struct reading r = read_self();
	double from_s = epoch_s();
	nanosleep(&wait, NULL);
	double to_s = epoch_s();
	say_text(stage);
	say("quiet %s %d %.6f %.6f rss %lld pss %lld uss %lld vms %lld swap %lld anon %lld "
	    "rss+huge %lld\n",
	    stage, getpid(), from_s, to_s, r.rss, r.pss, r.uss, r.vms, r.swap, r.anon, r.rss_huge);
}

static char *map_touched(size_t bytes, size_t touched, int flags, int fd)
{
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, bytes, MADV_NOHUGEPAGE);
	memset(memory, 1, touched);
	return memory;
}

static char *takes_private(void)
{
	char *memory = map_touched(8 * MIB, 8 * MIB, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	quiet("private");
	return memory;
}

static void gives_back(char *memory)
{
	madvise(memory, 3 * MIB, MADV_DONTNEED);
	quiet("given-back");
}

/* Where there is room to swap to. */
static void gives_out(char *memory)
{
	madvise(memory + 6 * MIB, MIB, MADV_PAGEOUT);
	read_file("/proc/self/status");
	if (field("\nVmSwap:") == 0)
		say("cannot swapped nothing is swapped out here\n");
	else
		quiet("swapped");
}

static void takes_shared(void)
{
	map_touched(4 * MIB, 4 * MIB, MAP_SHARED | MAP_ANONYMOUS, -1);
	quiet("shared");
}

static void takes_memfd(void)
{
	int fd = memfd_create("memory_kinds", 0);

	if (fd < 0 || ftruncate(fd, 3 * MIB) != 0 ||
	    map_touched(3 * MIB, 2 * MIB, MAP_SHARED, fd) == NULL)
		say("cannot memfd %s\n", strerror(errno));
	else
		quiet("memfd");
}

static void takes_tmpfs(void)
{
	char name[] = "/dev/shm/memory_kinds.XXXXXX";
	int fd = mkstemp(name);

	if (fd < 0 || unlink(name) != 0 || ftruncate(fd, 2 * MIB) != 0 ||
	    map_touched(2 * MIB, MIB, MAP_SHARED, fd) == NULL)
		say("cannot tmpfs %s\n", strerror(errno));
	else
		quiet("tmpfs");
}

/* Two pages of 2 MiB, asked for by madvise. */
static void takes_huge(void)
{
	char *memory = mmap(NULL, 6 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *aligned = (char *)(((size_t)memory + 2 * MIB - 1) & ~(2 * MIB - 1));

	madvise(aligned, 4 * MIB, MADV_HUGEPAGE);
	aligned[0] = aligned[2 * MIB] = 1;
	read_file("/proc/self/smaps_rollup");
	if (field("\nAnonHugePages:") < (long long)(4 * MIB))
		say("cannot huge transparent huge pages are not to be had here\n");
	quiet("huge");
}

static void takes_hugetlb(void)
{
	char *memory = mmap(NULL, 2 * MIB, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);

	if (memory == MAP_FAILED) {
		say("cannot hugetlb no huge pages are reserved here: %s\n", strerror(errno));
		return;
	}
	memory[0] = 1;
	quiet("hugetlb");
}

/* The child's own copy of a part; what it has not written to is shared with its parent. */
static void writes_copy(char *memory)
{
	memset(memory + 4 * MIB, 2, MIB);
	quiet("child");
}

static void forks(char *memory)
{
	int looked[2], done[2];
	char byte;

	if (pipe(looked) != 0 || pipe(done) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		close(done[1]);
		writes_copy(memory);
		ssize_t put = write(looked[1], "l", 1), got = read(done[0], &byte, 1);
		_exit(put == 1 && got == 0 ? 0 : 1);
	}
	close(done[0]);
	if (read(looked[0], &byte, 1) == 1) /* the child has looked, and is still there */
		quiet("parent");
	close(done[1]);
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		quiet_ms = atol(argv[1]);
	memset(text, 'x', sizeof(text) - 1);
	read_self();
	quiet("start");
	quiet("again"); /* all of what looks has been used by now */
	char *memory = takes_private();
	gives_back(memory);
	gives_out(memory);
	takes_shared();
	takes_memfd();
	takes_tmpfs();
	takes_huge();
	takes_hugetlb();
	forks(memory);
	return 0;
}
