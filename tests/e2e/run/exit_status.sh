#!/bin/sh
# The exit status: the program's own, 128+N for a signal, and env(1)'s numbers for our own failures.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# expect_status STATUS WORD...
expect_status() {
	wanted=$1
	shift
	run_as "case" "$MPROF_TRACE" run -o case.dat "$@"
	read -r found <case.status
	[ "$found" = "$wanted" ] || {
		head -n 5 case.err
		fail "status $found, not $wanted: $*"
	}
}

expect_status 0 true
expect_status 1 false
expect_status 77 sh -c 'exit 77'
expect_status 255 sh -c 'exit 255'
expect_status 143 sh -c 'kill -TERM $$'
expect_status 137 sh -c 'kill -KILL $$'
expect_status 139 sh -c 'kill -SEGV $$'
expect_status 130 sh -c 'kill -INT $$'
expect_status 77 -E sh -c 'exit 77'
expect_status 3 -- sh -c 'exit 3'
# Options end at the program: -c is the shell's, not ours.
expect_status 4 sh -c 'exit 4' -T -f

rm -f case.dat
expect_status 127 ./no-such-program
says_one_line case
says case 'no-such-program'
expect_status 127 no-such-program-in-path
says_one_line case
echo 'not a program' >text
expect_status 126 ./text
says_one_line case
says case 'text'
expect_status 126 /
says_one_line case
expect_status 125 --no-such-option true
says case 'no-such-option'
says case '--help|--usage'
expect_status 125 -T 0 true
expect_status 125 -T soon true
says_one_line case
expect_status 125 -f '' true
says_one_line case
expect_status 125
[ ! -e case.dat ] || fail "a run that never started left a file"
