#!/bin/sh
# However a measured function is left, the program is as it would be without us.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
build_program leaving
# A forked child leaves alone what the parent's thread had, which a sanitizer takes for a leak.
for way in fork fork-and-jump; do
	ASAN_OPTIONS=detect_leaks=0 run_as "$way" ./leaving "$way"
	status_is "$way" 0
done
for way in longjmp end-of-thread cancellation much; do
	run_as "$way" ./leaving "$way"
	status_is "$way" 0
done
[ "$(grep -c . fork.out)" -eq 21 ] || fail "exit handlers of 20 children and their parent: $(cat fork.out)"
run_as without ./leaving without-first-thread
status_is without 6
if [ "$(id -u)" -eq 0 ]; then
	run_as nobody ./leaving as-nobody
	status_is nobody 0
fi
run_as exit ./leaving exit
status_is exit 9
[ "$(cat exit.out)" = "an exit handler ran" ] || fail "exit: $(cat exit.out)"
run_as exec ./leaving exec
status_is exec 5
tr -s '\n, ' '   ' <exec.out >exec.words
grep -qE '/fd: 0 1 2 /proc/[0-9]+/task: [0-9]+ $|/task: [0-9]+ /proc/[0-9]+/fd: 0 1 2 $' exec.words ||
	fail "exec: $(cat exec.out)"
run_as signal ./leaving signal
status_is signal 143
# Process 1 of a namespace, whose child is process 1 of another.
if unshare --pid --fork --mount-proc true 2>/dev/null; then
	ASAN_OPTIONS=detect_leaks=0 run_as init unshare --pid --fork --mount-proc ./leaving fork-as-init
	status_is init 0
fi
