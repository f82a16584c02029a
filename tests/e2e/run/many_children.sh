#!/bin/bash
# 1,000 children alive at once, and 10,000 short ones, or as many as the machine makes in half a minute:
# each has its records, and what the engine opened for them is closed again.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

alive=1000 short=10000
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

# A machine that takes long for a fork, or has no time, makes fewer.
begun_us=${EPOCHREALTIME/[.,]/}
"$TARGETS/children_short" 200 >/dev/null
child_us=$(((${EPOCHREALTIME/[.,]/} - begun_us) / 200 + 1))
short=$((30000000 / child_us < short ? 30000000 / child_us : short))
short=$((short > 1000 ? short : 1000))
run_as plain "$TARGETS/children_short" $short
for functions in '' '-f leaf'; do
	# shellcheck disable=SC2086 # one or two words, or none
	run_as short "$MPROF_TRACE" run -q $functions -o short.dat "$TARGETS/children_short" $short
	same_as_untraced short || fail "$short children with '$functions'"
	each_is_recorded short.dat $short
done
[ "$(count_calls short.dat leaf)" -eq $short ] || fail "not a call in each short child"
"$MPROF_TRACE" plot -o short.png short.dat >/dev/null || fail "no plot of the short ones"

# More processes than the user's own limit of descriptors allows: ours is raised, theirs is not.
(
	ulimit -Sn 256 || exit
	# shellcheck disable=SC2016 # another shell expands it
	start_recorder many run -q -T 0.05 -f leaf --backend pss -o many.dat sh -c \
		'ulimit -n; exec "$0" "$1"' "$TARGETS/children_alive" $alive
	program=$(ready_pid many)
	engine=$(sed -n 's/^TracerPid:[[:space:]]*//p' "/proc/$program/status")
	# Those of the last child may come a moment after its start.
	# shellcheck disable=SC2317 # wait_until calls it
	many_open() {
		find "/proc/$engine/fd" -type l | wc -l >descriptors
		[ "$(cat descriptors)" -gt 256 ]
	}
	hard=$(ulimit -Hn)
	if [ "$hard" = unlimited ] || [ "$hard" -gt $((4 * alive)) ]; then
		wait_until many_open
	fi
	sed -n 's/^Max open files *\([0-9]*\) .*/\1/p' "/proc/$program/limits" >limit
	kill -USR1 "$program"
	end_recorder many
	status_is many 0
) || fail "with a limit of 256 descriptors"
if [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt $((4 * alive)) ]; then
	[ "$(cat limit)" = 256 ] || fail "the program's limit is $(cat limit), not 256"
	[ "$(head -n 1 many.out)" = 256 ] || fail "the program began with $(head -n 1 many.out) descriptors"
	grep -qx "sum $((3 * alive))" many.out || fail "the children ended in another way"
	[ "$(awk '$1 == "DONE" { print $2 }' many.dat | sort -u | wc -l)" -eq $((alive + 1)) ] ||
		fail "not every process is recorded"
fi

# The engine has no more descriptors after 1,020 children than after 20. A parent may learn of a
# child's end before the engine has closed what it had open for it, so they are counted until they are
# so few, for minutes if need be.
cat >leak.sh <<'END'
engine=$(sed -n 's/^TracerPid:[[:space:]]*//p' /proc/$$/status)
"$1" 20 >/dev/null
few=$(find "/proc/$engine/fd" -type l | wc -l)
"$1" 1000 >/dev/null
for _ in {1..3000}; do
	many=$(find "/proc/$engine/fd" -type l | wc -l)
	[ "$many" -gt $((few + 8)) ] || break
	sleep 0.05
done
echo "$few $many"
END
run_as leak "$MPROF_TRACE" run -q -f leaf -o leak.dat bash leak.sh "$TARGETS/children_short"
read -r few many <leak.out || fail "descriptors could not be counted"
[ "$few" -gt 0 ] || fail "descriptors could not be seen"
[ "$many" -le $((few + 8)) ] || fail "$few descriptors after 20 children, $many after 1,020"
