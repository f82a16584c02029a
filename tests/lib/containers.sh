# Shell helpers of the tests with containers, as unshare(1), chroot(1) and bwrap(1) make them; sourced, never run. Sources
# attach.sh.
# shellcheck shell=sh
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# need_containers WORD...: unshare(1) with these options works here, or the test is skipped.
need_containers() {
	need_command cc unshare
	unshare "$@" true 2>/dev/null || skip "no namespaces can be made here (unshare $*)"
}

# build_service FILE WORD...: a program that says "ready", and then calls leaf() twenty times a round and grow(), which
# keeps 1 MiB more, every tenth round, until its input ends, or for as many rounds as its argument says. It says
# "done" and ends with 0.
build_service() {
	service_output=$1
	shift
	cat >service.c <<-'END'
		#include <poll.h>
		#include <stdio.h>
		#include <stdlib.h>
		#include <string.h>
		#include <unistd.h>

		static __attribute__((noinline)) int leaf(int x)
		{
			return x + 1;
		}

		static __attribute__((noinline)) void *grow(size_t bytes)
		{
			char *memory = malloc(bytes);
			if (memory != NULL)
				memset(memory, 1, bytes);
			return memory;
		}

		int main(int argc, char **argv)
		{
			struct pollfd input = { .fd = argc > 1 ? -1 : 0, .events = POLLIN };
			int sum = 0, most = argc > 1 ? atoi(argv[1]) : 1 << 30;

			printf("ready %d\n", (int)getpid());
			fflush(stdout);
			for (int round = 0; round < most && poll(&input, 1, 2) == 0; round++) {
				for (int i = 0; i < 20; i++)
					sum += leaf(i);
				if (round % 10 == 0 && round < 1000 && grow(1 << 20) == NULL)
					return 1;
			}
			printf("done %d\n", sum != 0);
			return 0;
		}
	END
	cc -g -O0 -Wl,--build-id -o "$service_output" "$@" service.c
}

# begin_service LABEL COMMAND...: the program, by a command that makes a container around it. Sets $program to the pid that
# it has here, and $holder to what has started it. Its input is a FIFO that end_service closes.
begin_service() {
	label=$1
	shift
	: >"$label.out"
	mkfifo "$label.hold"
	"$@" <"$label.hold" >"$label.out" 2>"$label.err" &
	holder=$!
	exec 9>"$label.hold"
	wait_until grep -q '^ready ' "$label.out"
	program=$(last_descendant "$holder")
}

# end_service LABEL: the program must end by itself, as if nobody had looked.
end_service() {
	exec 9>&-
	run_result=0
	wait "$holder" || run_result=$?
	[ "$run_result" -eq 0 ] || fail "$1: the program ended with $run_result: $(cat "$1.err")"
	grep -q '^done 1$' "$1.out" || fail "$1: the program was disturbed"
	rm "$1.hold"
}

# last_descendant PID: the one without children among those that have one child each.
last_descendant() {
	descendant=$1
	while child=$(ps -o pid= --ppid "$descendant" | tr -d ' ') && [ -n "$child" ]; do
		descendant=$child
	done
	echo "$descendant"
}
