#!/bin/bash
# What one look at the mappings of a process costs (--split=maps), beside reading its smaps and smaps_rollup and doing nothing
# with them: of processes with few and with many mappings, with little and with much memory. Nothing is asserted.
# MPROF_TRACE is the binary, TESTS is tests/.
set -u

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
root=$(dirname "$TESTS")
cat >look.c <<'END'
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tracer/sample/memory_parts.h"

static double now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void read_all(pid_t pid, const char *name)
{
	char path[64], text[65536];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	int fd = open(path, O_RDONLY);
	while (read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

int main(int argc, char **argv)
{
	const pid_t pid = atoi(argv[argc - 1]);
	double best[4] = { 1e30, 1e30, 1e30, 1e30 };
	for (int i = 0; i < 15; i++) {
		struct memory_parts parts;
		struct memory_counters counters;
		double at[5] = { now_us() };
		read_all(pid, "smaps_rollup");
		at[1] = now_us();
		read_all(pid, "smaps");
		at[2] = now_us();
		if (memory_parts_read(pid, NULL, 0, &parts) == NULL)
			memory_parts_deinit(&parts);
		at[3] = now_us();
		error_free(memory_counters_read(pid, &counters));
		at[4] = now_us();
		for (int k = 0; k < 4; k++)
			best[k] = at[k + 1] - at[k] < best[k] ? at[k + 1] - at[k] : best[k];
	}
	printf("%12.0f %12.0f %12.0f %12.1f\n", best[0], best[1], best[2], best[3]);
	return 0;
}
END
cc -std=gnu11 -D_GNU_SOURCE -O2 -I"$root" -o look look.c "$(dirname "$MPROF_TRACE")/libmprof-trace.a" || exit 1
cat >holds.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* MAPS mappings of MIB MiB together, in small pages; neighbours may do different things, so that each stays one. */
int main(int argc, char **argv)
{
	long maps = atol(argv[argc - 2]), bytes = (atol(argv[argc - 1]) << 20) / maps & ~4095L;
	for (long i = 0; i < maps; i++) {
		char *memory = mmap(NULL, (size_t)bytes + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED)
			return 1;
		madvise(memory, (size_t)bytes, MADV_NOHUGEPAGE);
		mprotect(memory + bytes, 4096, PROT_NONE);
		memset(memory, 1, (size_t)bytes);
	}
	puts("ready");
	fflush(stdout);
	pause();
	return 0;
}
END
cc -O2 -o holds holds.c || exit 1
printf '\n%-36s %12s %12s %12s %12s\n' 'one look, us (best of 15)' smaps_rollup smaps 'all parts' 'counters'
for of in '1 1' '1000 64' '10000 64' '1 64' '1 1024'; do
	# shellcheck disable=SC2086 # two words
	coproc ./holds $of
	read -r -u "${COPROC[0]}" _
	printf '%-36s' "${of% *} mapping(s), ${of#* } MiB"
	./look "$COPROC_PID"
	kill "$COPROC_PID"
	wait "$COPROC_PID" 2>/dev/null
done
