#!/bin/bash
# bash: pipelines, subshells, traps, job control words, command substitution, with probes in all.
# asserts: unharmed target
# shellcheck disable=SC2016 # another shell expands it, or nobody
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# $1: the script.
compare() {
	run_as plain bash -c "$1"
	run_as traced "$MPROF_TRACE" run -q -f 'execute_command*,fork' -o shell.dat \
		--allow-missing bash -c "$1"
	same_as_untraced traced || fail "bash behaves in another way: $1"
	well_formed shell.dat
}

compare 'seq 1 1000 | sort -r | head -n 3; exit 3'
compare 'seq 1 100000 | head -n 1; echo "${PIPESTATUS[@]}"'
compare 'x=$(echo a; (echo b; exit 4)); echo "$x $?"'
compare 'sleep 5 & kill %1; wait $!; echo $?'
compare 'trap "echo bye" EXIT; trap "echo usr" USR1; kill -USR1 $$; exit 9'
compare 'for i in 1 2 3 4 5 6 7 8; do (exit $i) & p="$p $!"; done; for p in $p; do wait $p; echo $?; done'
compare 'echo one | while read -r x; do echo "$x"; done; diff <(echo a) <(echo b)'
compare 'ulimit -n; ulimit -c; umask; cd /; pwd; exec /bin/echo done'
compare 'cat /no/such/file; kill -9 $$'
