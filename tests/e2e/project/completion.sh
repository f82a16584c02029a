#!/bin/bash
# The bash completion offers commands, options and recordings where they fit.
set -euo pipefail

# shellcheck source=packaging/mprof-trace.bash
source "$(dirname "$TESTS")/packaging/mprof-trace.bash"
compopt() { :; } # works only while readline completes

touch mprofile_1.dat notes.txt
mkdir sub

expect() { # expect "WORDS IN THE REPLY" "WORDS NOT IN IT" COMMAND LINE WORDS…
	local wanted=$1 unwanted=$2 word
	shift 2
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_mprof_trace
	for word in $wanted; do
		if [[ " ${COMPREPLY[*]} " != *" $word "* ]]; then
			echo "'$*' should offer $word; it offers: ${COMPREPLY[*]}"
			exit 1
		fi
	done
	for word in $unwanted; do
		if [[ " ${COMPREPLY[*]} " == *" $word "* ]]; then
			echo "'$*' should not offer $word"
			exit 1
		fi
	done
}

expect 'plot' 'peak' mprof-trace pl
expect '--functions --max-calls --help' '--dry-run' mprof-trace --
expect '--no-follow' '--title' mprof-trace run --no
expect '--title --window' '--functions' mprof-trace plot --
expect '--dry-run' '' mprof-trace clean --
expect '--json' '--dry-run' mprof-trace list --
expect '--functions --survival --timeout' '--user --kill-on-timeout' mprof-trace attach --
expect "$$" '' mprof-trace attach "$$"
expect "$$" '' mprof-trace run -a "$$"
expect 'detach kill' '' mprof-trace --on-exit ''
expect 'mprofile_1.dat sub' 'notes.txt' mprof-trace plot ''
expect 'mprofile_1.dat notes.txt' '' mprof-trace plot -o ''
expect 'list pngcairo svg' '' mprof-trace plot --backend ''
expect 'rss pss uss vms swap anon psutil_pss' 'tracemalloc' mprof-trace run --backend ''
expect 'time memory' '' mprof-trace export --by ''
expect 'stack stop core kill gdb' '' mprof-trace attach --on-break ''
expect '--chrome --folded' '--functions' mprof-trace export --
expect 'mprofile_1.dat' 'notes.txt' mprof-trace export ''
expect '--functions --source-dir --precision --max-hits' '--user' mprof-trace lines --
expect 'sub' 'notes.txt' mprof-trace lines --source-dir ''
expect 'mprofile_1.dat' '' mprof-trace lines ''
expect 'light dark' '' mprof-trace plot --theme ''
expect '--slope --pid --flame --size --theme' '' mprof-trace plot --
expect 'rss psutil posix' '' mprof-trace --backend ''
expect '' '--functions --help' mprof-trace -f work ./notes.txt --
expect 'notes.txt' '' mprof-trace -f work ./prog n
expect '--functions' '' mprof-trace --interval = 0.1 --
