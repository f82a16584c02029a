/* What /proc shows a program of itself is as ever: files mapped, signals, threads, descriptors. */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

/* Our own pages have no name: only those of files, stack and heap are told. */
static void tell_maps(void)
{
	char line[4096], rights[8], path[4096];
	FILE *maps = fopen("/proc/self/maps", "r");
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%*s %7s %*s %*s %*s %4095s", rights, path) == 2)
			say("%s %s", rights, path);
	}
	fclose(maps);
}

static void tell_status(void)
{
	static const char *const keys[] = { "Name:",   "Umask:",  "Uid:",    "Gid:",	"FDSize:",
					    "Threads:", "SigPnd:", "ShdPnd:", "SigBlk:",	"SigIgn:",
					    "SigCgt:",  "CapInh:", "CapPrm:", "CapEff:",	"CapBnd:",
					    "NoNewPrivs:", "Seccomp:", "Seccomp_filters:",
					    "Cpus_allowed:", "Mems_allowed:", "VmLck:", "CoreDumping:" };
	char line[4096];
	FILE *status = fopen("/proc/self/status", "r");
	while (fgets(line, sizeof(line), status) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (strncmp(line, keys[i], strlen(keys[i])) == 0)
				say("%s", line);
		}
	}
	fclose(status);
}

static void tell_file(const char *path)
{
	char text[256] = "";
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return;
	size_t got = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[got] = '\0';
	say("%s: %s", path, text);
}

static void tell_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
		say("descriptor %s", entry->d_name);
	closedir(directory);
}

int main(void)
{
	expect("calls leaf 2");
	int x = leaf(0);
	tell_maps();
	tell_status();
	tell_descriptors();
	tell_file("/proc/self/oom_score_adj");
	tell_file("/proc/self/timerslack_ns");
	tell_file("/proc/self/coredump_filter");
	tell_file("/proc/self/comm");
	tell_file("/proc/self/cgroup");
	tell_file("/proc/self/personality");
	tell_file("/proc/self/wchan");
	say("%d, personality %x", leaf(x), (unsigned)personality(0xffffffff));
	return 0;
}
