#!/bin/sh
# The library and the programs of these tests, built with sanitizers: of addresses and of what is undefined, and of threads.
# timeout: 2400
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
[ -z "$(sanitizers_of "$built")" ] || skip "the other tests are run with a sanitizer already"
export TSAN_OPTIONS=die_after_fork=0:halt_on_error=1 UBSAN_OPTIONS=print_stacktrace=1
here=$PWD
for kind in address,undefined thread; do
	echo 'int main(void) { return 0; }' >probe.c
	{ $CC -fsanitize=$kind probe.c -o probe 2>/dev/null && ./probe; } || skip "programs with -fsanitize=$kind do not run here"
	of_kind=$here/${kind%%,*} # a comma is for the linker
	make_tree libmprof BUILD="$of_kind" CFLAGS='-O1 -g' \
		SANITIZE="-fsanitize=$kind -fno-sanitize-recover=all -fno-omit-frame-pointer" >make.out 2>&1 ||
		fail "$(tail -n 5 make.out)"
	mkdir -p "$of_kind/run"
	cd "$of_kind/run" || exit 1
	for program in parameters parameters_cpp growth streams crowds leaving; do
		build_program "$program" "$of_kind"
	done
	for run in parameters parameters_cpp growth 'streams x.dat' crowds 'leaving fork' 'leaving longjmp' \
		'leaving end-of-thread' 'leaving cancellation' 'leaving much' 'leaving exit'; do
		case $kind-$run in
		# With this sanitizer the library's thread has no table of descriptors of its own, which these look for.
		'thread-leaving fork' | 'thread-leaving much') continue ;;
		# What is cancelled in a system call never leaves it for this sanitizer, which sees no lock from then on.
		'thread-leaving cancellation') continue ;;
		esac
		# A forked child leaves alone what was the thread's: it has no such thread.
		leaks=1
		[ "$run" = 'leaving fork' ] && leaks=0
		export ASAN_OPTIONS="detect_leaks=$leaks"
		# shellcheck disable=SC2086 # they are words
		run_as "$run" ./$run
		expected=0
		[ "$run" = 'leaving exit' ] && expected=9
		status_is "$run" $expected
		grep -E 'Sanitizer|runtime error' "$run.err" && fail "$run"
	done
	cd "$here" || exit 1
done
exit 0
