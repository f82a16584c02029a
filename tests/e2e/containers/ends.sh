#!/bin/sh
# A container ends while it is recorded: its first process is killed, and the kernel kills all others. And a program changes its
# root while it is recorded, and loads a library there.
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_containers -m -p -f --mount-proc

build_service service
mkfifo hold
unshare -m -p -f --mount-proc sh -c './service <&7 & ./service <&7 & wait' 7<hold >ends.out 2>ends.err &
holder=$!
exec 9>hold
wait_until has_lines ends.out '^ready ' 2
first=$(ps -o pid= --ppid "$holder" | tr -d ' ')
start_attach ends -f leaf,grow --stacks=peak -o ends.dat "$first" 9>&-
wait_until has_lines ends.dat '^CHFUNC grow ' 4
kill -KILL "$first"
wait "$holder"
end_recorder ends
status_is ends 0
well_formed ends.dat
[ "$(grep -c '^DONE [0-9]* [0-9.]* 137$' ends.dat)" -eq 3 ] || fail "not three ends by SIGKILL: $(grep ^DONE ends.dat)"
exec 9>&-

cat >library.c <<'END'
int in_library(int a) { return a + 1; }
END
cat >enters.c <<'END'
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>
static __attribute__((noinline)) int leaf(int a) { return a + 1; }
int main(int argc, char **argv)
{
	int sum = leaf(argc);
	if (chroot(argv[1]) != 0 || chdir("/") != 0)
		return 1;
	void *library = dlopen("/lib/library.so", RTLD_NOW);
	int (*function)(int) = library == NULL ? NULL : (int (*)(int))dlsym(library, "in_library");
	if (function == NULL)
		return 2;
	for (int i = 0; i < 3; i++)
		sum += function(leaf(i));
	printf("done %d\n", sum);
	return 0;
}
END
mkdir -p inner/lib
cc -g -shared -fPIC -o inner/lib/library.so library.c
cc -g -O0 -o enters enters.c
run_as enters "$MPROF_TRACE" run -f leaf,in_library -o enters.dat ./enters inner
status_is enters 0
grep -q '^done 12$' enters.out || fail "the program says something else: $(cat enters.out)"
[ "$(count_calls enters.dat leaf)" -eq 4 ] || fail "not four calls of leaf"
[ "$(count_calls enters.dat in_library)" -eq 3 ] || fail "not three calls of what was loaded after chroot"
