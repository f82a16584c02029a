#!/bin/sh
# What was mistyped is answered with what may have been meant: commands, options, a command line in one word.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# mistyped STATUS REGEX WORD...
mistyped() {
	wanted=$1
	regex=$2
	shift 2
	run_as typed "$MPROF_TRACE" "$@"
	status_is typed "$wanted"
	says typed "$regex"
}

# silent_about REGEX: the last one.
silent_about() {
	! grep -q -- "$1" typed.err || {
		cat typed.err
		fail "this says: $1"
	}
}

mistyped 127 "did you mean 'mprof-trace plot'" plto
mistyped 127 "did you mean 'mprof-trace peak'" peek x.dat
mistyped 127 'no_such_server: No such file' no_such_server
silent_about 'did you mean'
# A path is no command; and behind "run" a program is meant.
mistyped 127 'No such file' run lits
silent_about 'did you mean'

mistyped 125 "did you mean '--interval'" --intervl 1 true
mistyped 125 "did you mean '--functions'" run --functoins=main true
mistyped 125 "did you mean '--dry-run'" clean --dryrun
mistyped 125 "unrecognized option '--nothing-alike'" list --nothing-alike
silent_about 'did you mean'
mistyped 125 "requires an argument" run --interval
silent_about 'did you mean'
mistyped 125 "'x' is one argument too many" list x

# Each is one word for us: there is no shell between.
mistyped 127 'words are not split at spaces' "$TARGETS/calls_nested 3"
mistyped 127 'words are not split at spaces' run -f main 'script.py arg'
cp "$TARGETS/calls_nested" 'with space'
run_as typed "$MPROF_TRACE" -o x.dat './with space'
status_is typed 0
