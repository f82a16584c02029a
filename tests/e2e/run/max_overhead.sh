#!/bin/sh
# --max-overhead: the function that costs most is condensed or dropped, and the end, the file and the plot say so; what it
# cost nothing to keep is complete, and so is all until then. Without the option nothing is dropped.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# called LABEL WHO WHICH: how often the program says it has called hot (1) or rare (2).
called() {
	awk -v who="$2" -v which="$3" '$1 == who && $2 == "called" { print $(2 + which) }' "$1.out"
}

# right LABEL WHO: what the functions gave was always right.
right() {
	grep -q "^$2 called .* wrong 0 status 0\$" "$1.out" || { cat "$1.out" "$1.err"; fail "$1: $2 was harmed"; }
}

# started LABEL WORD...: records hot_and_rare until its end.
started() {
	label=$1
	shift
	start_recorder "$label" run -v -f hot,rare -o "$label.dat" "$@"
	program=$(ready_pid "$label")
}

ended() {
	end_recorder "$1"
	status_is "$1" 0
	right "$1" main
}

# The last one of a name counts.
left_calls() {
	awk -v name="$2" '$1 == "LEFT" && $2 == name { calls = $4 } END { print calls + 0 }' "$1.dat"
}

# rare_is_whole LABEL: nothing of what is cheap is lost.
rare_is_whole() {
	! grep -q '^LEFT rare ' "$1.dat" || fail "$1: the rare function was dropped"
	found=$(count_calls "$1.dat" rare)
	[ "$found" -eq "$(called "$1" main 2)" ] || fail "$1: $found calls of rare, not $(called "$1" main 2)"
}

# hot_is_exact LABEL: the calls until it was dropped, and no more.
hot_is_exact() {
	kept=$(left_calls "$1" hot)
	found=$(count_calls "$1.dat" hot)
	{ [ "$kept" -gt 0 ] && [ "$found" -eq "$kept" ]; } || fail "$1: $found calls of hot, $kept are told of"
	[ "$found" -lt "$(called "$1" main 1)" ] || fail "$1: all calls of hot were recorded"
	says "$1" "'hot': not recorded any more from [0-9.]+ s on, since it cost .* its $kept calls until then"
}

# By breakpoints the 5000 calls of a round cost much more than it does itself, and the one of rare much less, be the machine
# fast or slow.
started stops --probe breakpoint --max-overhead 500 "$TARGETS/hot_and_rare"
wait_until grep -q '^LEFT hot ' stops.dat
kill -USR1 "$program"
ended stops
well_formed stops.dat
rare_is_whole stops
hot_is_exact stops
says stops 'a stop costs [0-9.]+ us here'

# In a program that is executed later it is not probed again; what is cheap is.
started child --probe breakpoint --max-overhead 500 "$TARGETS/hot_and_rare" child
wait_until grep -q '^LEFT hot ' child.dat
kill -USR1 "$program"
wait_until grep -q '^child ' child.out
second=$(sed -n 's/^child \([0-9]*\)$/\1/p' child.out)
wait_until grep -q "^CHFUNC rare .* $second $second\$" child.dat
kill -USR1 "$second"
ended child
right child child
! grep -q "^CHFUNC hot .* $second $second\$" child.dat || fail "a dropped function is probed again"
[ "$(grep -c "^CHFUNC rare .* $second $second\$" child.dat)" -eq "$(called child child 2)" ] ||
	fail "calls of rare are missing in the child"

# Through jumps: a budget that they cannot keep, whatever they cost. Condensed first, where that is possible.
started pads --probe pad --max-calls 100000000 --max-overhead 0.1 "$TARGETS/hot_and_rare"
wait_until grep -q '^LEFT hot ' pads.dat
kill -USR1 "$program"
ended pads
hot_is_exact pads
if grep -Eq 'by [1-9][0-9]* jumps' pads.err && ! grep -q "hot .*stays a trap" pads.err; then
	says pads "'hot': condensed from [0-9.]+ s on.*counts and times of its calls stay exact"
	grep -q '^MANY hot ' pads.dat || fail "no calls of hot are condensed"
fi

# Nobody's records are dropped unasked; nor where the budget is large.
for words in '' '--max-overhead 1000'; do
	# shellcheck disable=SC2086 # words
	started all --probe auto $words "$TARGETS/hot_and_rare"
	wait_until grep -q '^MANY hot ' all.dat
	kill -USR1 "$program"
	ended all
	[ -z "$words" ] || ! grep -q 'hot .*stays a trap' all.err || continue
	! grep -q '^LEFT' all.dat || fail "$words: a function was dropped"
	rare_is_whole all
	found=$(count_calls all.dat hot)
	[ "$found" -eq "$(called all main 1)" ] || fail "$words: $found calls of hot, not $(called all main 1)"
done

run_as plot "$MPROF_TRACE" plot -o picture.svg stops.dat
status_is plot 0
python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' <picture.svg >picture.text
grep -q 'not recorded after [0-9.]* m*s: hot' picture.text || fail 'the plot does not tell'

for wrong in 0 -1 0.05 1001 five 5% nan inf; do
	run_as wrong "$MPROF_TRACE" run --max-overhead "$wrong" true
	status_is wrong 125
	says wrong "--max-overhead $wrong: give percent from 0.1 to 1000"
done
