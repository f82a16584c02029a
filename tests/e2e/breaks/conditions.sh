#!/bin/sh
# --break-at, --break-if and --break-in: when they are met, in which process, how often, and what is said of those that
# never are. A command says what it is told.
# shellcheck source=tests/lib/breaks.sh
. "$TESTS/lib/breaks.sh"

# record LABEL WORD...: the program with the words in front of it; it must behave as untraced.
record() {
	label=$1
	shift
	run_as "$label" "$MPROF_TRACE" run -o "$label.dat" "$@"
	status_is "$label" 7
	grep -q '^sum 20, EINTR 0$' "$label.out" || fail "$label: the program has felt it"
	well_formed "$label.dat"
}

# was_told LABEL LOW HIGH: the command's one line: its process and thread are in the file, the memory is as the file
# has it.
was_told() {
	grep '^told ' "$1.out" >"$1.told"
	[ "$(wc -l <"$1.told")" -eq 1 ] || fail "$1: the command ran $(wc -l <"$1.told") times"
	read -r _ pid tid bytes <"$1.told"
	awk -v pid="$pid" -v tid="$tid" '$1 == "MARK" && index($2, "break:") == 1 && $5 == pid && $6 == tid { n++ }
		END { exit n != 1 }' "$1.dat" || fail "$1: the break of $pid/$tid is not in the file"
	is_between "$(break_memory "$1.dat")" "$2" "$3" || fail "$1: $(break_memory "$1.dat") MiB at the break"
	awk -v bytes="$bytes" -v mib="$(break_memory "$1.dat")" 'BEGIN {
		d = bytes / 1048576 - mib; exit !(d < 0.001 && d > -0.001) }' || fail "$1: the command was told $bytes"
}

# shellcheck disable=SC2016 # for the command's shell
told='echo told $MPROF_PID $MPROF_TID $MPROF_MEMORY'
for probe in auto breakpoint pad; do
	for who in alone child; do
		label=$probe.$who
		# At the return of the call that has gone beyond, exactly.
		record "$label" --probe "$probe" -f hot --break-in grow --break-at 95M --on-break "$told" \
			"$TARGETS/grows_in_steps" "$who"
		was_told "$label" 95 108
		[ "$(breaks_in "$label.dat")" = 'memory>=95M in grow'  ] ||
			fail "$label: $(breaks_in "$label.dat")"
		# The thread goes no further before the break is dealt with.
		awk '$1 == "MARK" { at = $4 }
			$1 ~ /^(CH)?FUNC$/ && $2 == "grow" && $3 >= 95 && (!next_call || $4 < next_call) { next_call = $4 }
			END { exit !(at && next_call && at <= next_call) }' "$label.dat" || fail "$label: the break comes late"
		read -r _ pid _ <"$label.told"
		[ "$(awk -v pid="$pid" '$1 == "PROC" && $2 == pid { print NR }' "$label.dat")" != "" ] ||
			fail "$label: no process $pid"
	done
done

# Entries, once and each time.
record once --break-in grow --on-break "$told" "$TARGETS/grows_in_steps"
was_told once 0.5 12
record each --break-in grow,grow_all --break-every --probe pad --on-break true "$TARGETS/grows_in_steps"
[ "$(breaks_in each.dat | wc -l)" -eq 21 ] || fail "each: $(breaks_in each.dat | wc -l) breaks"

# Threads that come there together: each has its break.
run_as crowd "$MPROF_TRACE" run -o crowd.dat --break-in short_lived --break-every "$TARGETS/thread_storm"
status_is crowd 0
calls=$(sed -n 's/^expect calls short_lived //p' crowd.out)
[ "$(breaks_in crowd.dat | wc -l)" -eq "$calls" ] || fail "crowd: $(breaks_in crowd.dat | wc -l) breaks at $calls calls"
[ "$(count_calls crowd.dat short_lived)" -eq "$calls" ] || fail "crowd: $(count_calls crowd.dat short_lived) calls"

# Several conditions, each once; what never holds is said, with the highest that was.
record several --break-at 55 --break-if 'memory > 100M and growth >= 50M/h' --break-at 2G --break-if 'growth>1G/h' \
	-f grow --on-break true "$TARGETS/grows_in_steps"
[ "$(breaks_in several.dat | sort | paste -sd'|')" = \
	'memory>100M and growth>=50M/h|memory>=55' ] || fail "several: $(breaks_in several.dat)"
says several 'no break: memory>=2G was never so.* the highest memory of a process was 20[0-9]\.[0-9] MiB$'
says several 'no break: growth>1G/h was never so.* the most that one grew in that time was (19|20)[0-9]\.[0-9] MiB$'
record never --break-in grows_never,grow_all --break-at 5G "$TARGETS/grows_in_steps"
says never 'no break: memory>=5G in grows_never,grow_all was never so'
record unentered --break-in grows_never --on-break kill --allow-missing "$TARGETS/grows_in_steps" child
says unentered 'no break: there was no entry of grows_never$'

# A command that fails is told of; one that cannot wait is not waited for.
record fails -f grow --break-at 55M --on-break 'exit 3' "$TARGETS/grows_in_steps"
says fails 'the command of --on-break has ended with status 3$'
# The stacks of all threads are in a file for it.
# shellcheck disable=SC2016
record stacks --break-in grow --on-break 'cat $MPROF_STACK' "$TARGETS/grows_in_steps"
for line in '^#0 *grow ' '^#1 *grow_all ' 'asleep in epoll_wait'; do
	grep -q "$line" stacks.out || fail "stacks: $(cat stacks.out)"
done
# By default they are printed: of the thread that is stopped.
record printed --break-in grow "$TARGETS/grows_in_steps"
grep -A 3 'mprof-trace: the stacks:' printed.err >printed.stack
for line in '^  thread [0-9]* (grows_in_steps)$' '^  #0 *grow ' '^  #1 *grow_all '; do
	grep -q "$line" printed.stack || fail "printed: $(cat printed.err)"
done
[ "$(grep -c '^  thread' printed.err)" -eq 1 ] || fail "printed: $(cat printed.err)"
[ "$(grep -c '^STACK .* break ' printed.dat)" -eq 3 ] || fail "printed: not three stacks are recorded"
