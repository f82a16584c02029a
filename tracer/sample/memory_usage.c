/* How much memory a process has; see memory_usage.h. Sample layer. */
#include "tracer/sample/memory_usage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct memory_meter {
	pid_t pid;
	int statm_fd;
	uint64_t page_bytes;
};

struct error *memory_meter_open(pid_t pid, struct memory_meter **ret)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_os(errno == ENOENT ? ESRCH : errno, "open %s", path);
	struct memory_meter *meter = malloc(sizeof(*meter));
	if (meter == NULL) {
		close(fd);
		return error_no_memory();
	}
	*meter = (struct memory_meter){ pid, fd, (uint64_t)sysconf(_SC_PAGESIZE) };
	*ret = meter;
	return NULL;
}

pid_t memory_meter_pid(const struct memory_meter *meter)
{
	return meter->pid;
}

void memory_meter_close(struct memory_meter *meter)
{
	if (meter == NULL)
		return;
	close(meter->statm_fd);
	free(meter);
}

/* The number at @text, which ends anywhere behind it. */
static uint64_t parse_number(const char *text)
{
	uint64_t number = 0;
	while (*text == ' ' || *text == '\t')
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	return number;
}

struct error *memory_meter_read(const struct memory_meter *meter, uint64_t *ret_bytes)
{
	char text[128];

	ssize_t got = pread(meter->statm_fd, text, sizeof(text) - 1, 0);
	if (got <= 0)
		return error_os(got == 0 ? ESRCH : errno, "read /proc/%d/statm", meter->pid);
	text[got] = '\0';
	const char *resident = strchr(text, ' ');
	*ret_bytes = resident == NULL ? 0 : parse_number(resident) * meter->page_bytes;
	return NULL;
}

struct error *memory_meter_read_peak(const struct memory_meter *meter, uint64_t *ret_bytes)
{
	char path[64], text[4096];

	snprintf(path, sizeof(path), "/proc/%d/status", meter->pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_os(errno == ENOENT ? ESRCH : errno, "open %s", path);
	ssize_t got = read(fd, text, sizeof(text) - 1);
	int errnum = errno;
	close(fd);
	if (got < 0)
		return error_os(errnum, "read %s", path);
	text[got] = '\0';
	const char *line = strstr(text, "\nVmHWM:");
	*ret_bytes = line == NULL ? 0 : parse_number(line + strlen("\nVmHWM:")) * 1024;
	return NULL;
}
