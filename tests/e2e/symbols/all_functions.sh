#!/bin/sh
# -f '*': every function of the program, of libc and of the dynamic linker is probed, thousands of
# sites. Programs nobody here wrote behave as ever.
# asserts: unharmed target
# shellcheck disable=SC2016 # another shell expands it
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

seq 1 300 >numbers
mkdir -p listed/inner listed/other # nobody else changes it meanwhile

# compare COMMAND...
compare() {
	command -v "$1" >/dev/null || return 0
	run_as plain "$@"
	run_as traced "$MPROF_TRACE" run -q --max-calls 1000 -f '*' -o all.dat "$@"
	same_as_untraced traced || fail "$* behaves in another way"
	well_formed all.dat
	[ "$(grep -c '^FUNC' all.dat)" -ge 500 ] || fail "$*: too few calls for every function"
}

compare ls -la listed/inner
compare sort -r numbers
compare date +%Y
compare gzip -nc numbers
compare bash -c 'for i in 1 2 3; do echo $i | cat; done; exit 3'
compare perl -e 'my %h; $h{$_}++ for 1..200; eval { die "x\n" }; print $@, scalar(keys %h), "\n"; exit 4'
compare sqlite3 :memory: 'select 1+1;'
compare "$TARGETS/exception_far"
compare "$TARGETS/fork_threads"
compare "$TARGETS/thread_cancelled"
compare "$TARGETS/segv_repair_entry"
