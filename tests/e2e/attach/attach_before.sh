#!/bin/sh
# Calls that are active when we come are recorded, with the levels that they have, and end when they
# return; those that are still open when we go are marked so.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# $1: -p, or nothing. Sets $program, which stands in its calls until the FIFO is closed (descriptor 9).
start_asleep() {
	rm -f hold
	mkfifo hold
	"$TARGETS/asleep" "$@" <hold >asleep.out 2>asleep.err &
	program=$!
	exec 9>hold
	wait_until grep -q '^ready' asleep.out
	wait_until is_asleep "$program"
	read -r _ _ second <asleep.out
}

# Closes the FIFO, and checks that nothing was felt.
end_asleep() {
	exec 9>&-
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 3 ] || fail "status $run_result"
	grep -qx 'second 2' asleep.out || fail "another result"
	grep -qx 'first 24, again 24' asleep.out || { cat asleep.out; fail "another result"; }
	! grep interrupted asleep.out || fail "its system call was interrupted"
}

# calls FILE NAME HOW: "level pid-or-second" of each, sorted
calls() {
	awk -v name="$2" -v how="$3" -v second="$second" '$1 ~ /^(CH)?FUNC$/ && $2 == name &&
		(NF < 10 ? "ret" : $10) == how { print $7, $9 == second ? "second" : "first" }' "$1" | sort
}

expect() { # FILE NAME HOW LINES
	found=$(calls "$1" "$2" "$3" | paste -sd,)
	[ "$found" = "$4" ] || { grep ^FUNC "$1"; fail "$1: calls of $2, $3: $found, not $4"; }
}

# They return while we are there.
start_asleep
start_attach seen -o seen.dat -f main,outermost,deep,innermost,thread_main "$program" 9>&-
end_asleep
end_recorder seen # with the program
status_is seen 0
well_formed seen.dat
expect seen.dat main before '0 first'
expect seen.dat outermost before '1 first'
expect seen.dat deep before '2 first,3 first,4 first,5 first,6 first'
expect seen.dat innermost before '1 second,7 first'
expect seen.dat thread_main before '0 second'
# And are called anew afterwards.
expect seen.dat outermost ret '1 first'
expect seen.dat deep ret '2 first,3 first,4 first,5 first,6 first'
expect seen.dat innermost ret '7 first'

# We go before they return, and come again. What they sleep in may be interrupted, so that they are
# looked at at once.
start_asleep -p
for round in 1 2 3; do
	rm -f left.dat # what is there is replaced by the first bytes, after it says that it has attached
	start_attach left -T 0.01 -o left.dat -f outermost,deep,innermost "$program" 9>&-
	wait_until has_lines left.dat ^OPEN 8
	stop_attach left
	is_own_code "$program" || fail "round $round: traps are left"
	well_formed left.dat
	expect left.dat outermost open '0 first'
	expect left.dat deep open '1 first,2 first,3 first,4 first,5 first'
	expect left.dat innermost open '0 second,6 first'
done
end_asleep
