/* What is known of a process without stopping it; see process_facts.h. Proc layer. */
#include "tracer/proc/process_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

bool process_facts_read(pid_t pid, struct process_facts *ret)
{
	char path[64], line[256];

	*ret = (struct process_facts){ .state = '?' };
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return false;
	while (fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "State: %c", &ret->state);
		sscanf(line, "Tgid: %d", &ret->thread_group);
		sscanf(line, "PPid: %d", &ret->parent);
		sscanf(line, "TracerPid: %d", &ret->tracer);
		sscanf(line, "Uid: %u", &ret->user);
		sscanf(line, "CapEff: %lx", &ret->capabilities);
		sscanf(line, "Threads: %d", &ret->thread_count);
		sscanf(line, "Seccomp: %d", &ret->seccomp);
		ret->has_memory = ret->has_memory || strncmp(line, "VmSize:", 7) == 0;
	}
	fclose(file);
	return true;
}

bool process_has_thread(pid_t pid, pid_t tid)
{
	/* EPERM: it is there, and belongs to a user that we may trace, but not signal. */
	return syscall(SYS_tgkill, pid, tid, 0) == 0 || errno == EPERM;
}

/* A number in /proc/TID/status; 0 when there is none. */
static int read_status_number(pid_t tid, const char *format)
{
	char path[64], line[256];
	int number = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	FILE *file = fopen(path, "re");
	while (file != NULL && number == 0 && fgets(line, sizeof(line), file) != NULL)
		sscanf(line, format, &number);
	if (file != NULL)
		fclose(file);
	return number;
}

bool thread_is_traced_by_us(pid_t tid)
{
	return read_status_number(tid, "TracerPid: %d") == getpid();
}

pid_t process_parent(pid_t pid)
{
	return read_status_number(pid, "PPid: %d");
}

pid_t process_of_thread(pid_t tid)
{
	return read_status_number(tid, "Tgid: %d");
}

void process_name_read(pid_t tid, char ret[PROCESS_NAME_BYTES])
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/comm", tid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, ret, PROCESS_NAME_BYTES - 1);
	if (fd >= 0)
		close(fd);
	ret[got > 0 ? got : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
	if (ret[0] == '\0')
		strcpy(ret, "?");
}

bool processes_share_memory(pid_t a, pid_t b, bool fallback)
{
	long order = syscall(SYS_kcmp, a, b, KCMP_VM, 0, 0);
	return order < 0 ? fallback : order == 0;
}
