/* Which container a process is in; see container.h. Proc layer. */
#include "tracer/proc/container.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/proc/proc_file.h"
#include "tracer/proc/process_facts.h"

enum { FULL_ID_DIGITS = 64, SHORT_ID_DIGITS = CONTAINER_ID_BYTES - 1 };

bool container_find_id(const char *text, char ret[static CONTAINER_ID_BYTES])
{
	static const char digits[] = "0123456789abcdef";
	bool is_found = false;

	while (*text != '\0') {
		const size_t bytes = strspn(text, digits);
		if (bytes == FULL_ID_DIGITS) {
			memcpy(ret, text, SHORT_ID_DIGITS);
			ret[SHORT_ID_DIGITS] = '\0';
			is_found = true;
		}
		text += bytes;
		text += strcspn(text, digits);
	}
	return is_found;
}

static bool read_id(pid_t pid, char ret[static CONTAINER_ID_BYTES])
{
	char text[16 * 1024];
	struct error *err = proc_read(text, sizeof(text), "/proc/%d/cgroup", pid);
	bool is_found = err == NULL && container_find_id(text, ret);

	error_free(err);
	return is_found;
}

/* The number of its pid namespace, as lsns(8) shows it; 0: this user may not see it. */
static unsigned long read_pid_namespace(pid_t pid)
{
	char path[64], text[64];
	unsigned long number;

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	const ssize_t got = readlink(path, text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	return sscanf(text, "pid:[%lu]", &number) == 1 ? number : 0;
}

/* "its root is /srv/jail": a root directory of its own, without a namespace that says more. */
static bool describe_root(pid_t pid, char ret[static CONTAINER_TEXT_BYTES])
{
	char path[64], root[PATH_MAX];
	struct stat theirs, ours;

	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	if (stat(path, &theirs) != 0 || stat("/", &ours) != 0 ||
	    (theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino))
		return false;
	const ssize_t got = readlink(path, root, sizeof(root) - 1);
	root[got > 0 ? got : 0] = '\0';
	for (char *at = root; *at != '\0'; at++) {
		if (iscntrl((unsigned char)*at))
			*at = '?';
	}
	/* In another mount namespace every root is "/" to us. */
	if (strcmp(root, "/") == 0 || root[0] == '\0')
		snprintf(ret, CONTAINER_TEXT_BYTES, "in a root of its own");
	else
		snprintf(ret, CONTAINER_TEXT_BYTES, "its root is %.*s", CONTAINER_TEXT_BYTES - 20,
			 root);
	return true;
}

bool container_describe(pid_t pid, char ret[static CONTAINER_TEXT_BYTES])
{
	char id[CONTAINER_ID_BYTES], ours[CONTAINER_ID_BYTES];
	struct process_facts facts;

	ret[0] = '\0';
	struct error *err = process_facts_read(pid, &facts);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	/* Two processes of the container that we are in are together. */
	const bool has_id = read_id(pid, id) && (!read_id(getpid(), ours) || strcmp(id, ours) != 0);
	if (facts.pid_namespaces <= 1 && has_id) {
		snprintf(ret, CONTAINER_TEXT_BYTES, "in container %s", id);
		return true;
	}
	if (facts.pid_namespaces <= 1)
		return describe_root(pid, ret);
	const unsigned long number = has_id ? 0 : read_pid_namespace(pid);
	if (has_id)
		snprintf(ret, CONTAINER_TEXT_BYTES, "pid %d in container %s", facts.own_group, id);
	else if (number != 0)
		snprintf(ret, CONTAINER_TEXT_BYTES, "pid %d in pid namespace %lu", facts.own_group,
			 number);
	else
		snprintf(ret, CONTAINER_TEXT_BYTES, "pid %d in a pid namespace", facts.own_group);
	return true;
}
