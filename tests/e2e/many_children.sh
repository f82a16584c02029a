#!/bin/sh
# 1,000 children alive at once, and 10,000 short ones: each has its records, and what the engine
# opened for them is closed again.
# timeout: 300
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

alive=1000 short=10000
# shellcheck disable=SC3045 # dash and bash have it
[ "$(ulimit -u)" = unlimited ] || [ "$(ulimit -u)" -gt $((2 * alive)) ] ||
	skip "only $(ulimit -u) processes are allowed here"

# $1: the file; $2: how many children
each_is_recorded() {
	well_formed "$1"
	awk -v children="$2" '
		$1 == "PROC" { born[$2]++ }
		$1 == "DONE" { done[$2]++ }
		$1 == "PEAK" && $3 > 0 { peak[$2]++ }
		END {
			for (pid in born) {
				processes += born[pid]
				if (done[pid] != born[pid] || peak[pid] < born[pid])
					print "process " pid ": " born[pid] " births, " done[pid] " ends, " peak[pid] " peaks"
			}
			if (processes != children + 1)
				print processes " processes were recorded, not " children + 1
		}' "$1" >faults
	[ ! -s faults ] || { head -n 5 faults; fail "$1 is not complete"; }
}

start_recorder alive run -q -T 0.05 -f leaf -o alive.dat "$TARGETS/children_alive" $alive
program=$(ready_pid alive)
engine=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$program/status")
ticks() { grep -c '^MEM' alive.dat; }
now=$(ticks)
ticked() { [ "$(ticks)" -gt $((now + 5)) ]; }
wait_until ticked
kill -USR1 "$program"
end_recorder alive
status_is alive 0
grep -qx "sum $((3 * alive))" alive.out || fail "the children ended in another way"
each_is_recorded alive.dat $alive
[ "$(awk '$1 == "CHLD" { print $2 }' alive.dat | sort -u | wc -l)" -eq $alive ] ||
	fail "not a line for each child"
[ "$(count_calls alive.dat leaf)" -eq $alive ] || fail "not a call in each child"
"$MPROF_TRACE" plot -o alive.png alive.dat >/dev/null || fail "no plot of them"

run_as plain "$TARGETS/children_short" $short
for functions in '' '-f leaf'; do
	# shellcheck disable=SC2086 # one or two words, or none
	run_as short "$MPROF_TRACE" run -q $functions -o short.dat "$TARGETS/children_short" $short
	same_as_untraced short || fail "10,000 children with '$functions'"
	each_is_recorded short.dat $short
done
[ "$(count_calls short.dat leaf)" -eq $short ] || fail "not a call in each short child"
"$MPROF_TRACE" plot -o short.png short.dat >/dev/null || fail "no plot of the short ones"

# The engine's descriptors after 200 children are those after 20.
run_as leak "$MPROF_TRACE" run -q -f leaf -o leak.dat sh -c '
	engine=$(sed -n "s/^TracerPid:[[:space:]]*//p" /proc/$$/status)
	"$0" 20 >/dev/null; find "/proc/$engine/fd" -type l | wc -l
	"$0" 200 >/dev/null; find "/proc/$engine/fd" -type l | wc -l' "$TARGETS/children_short"
[ "$(sort -u leak.out | wc -l)" -eq 1 ] && [ "$(wc -l <leak.out)" -eq 2 ] ||
	{ cat leak.out leak.err; fail "descriptors are left open"; }
