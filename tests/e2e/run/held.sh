#!/bin/sh
# Memory that a jump has recorded without having read it is held: so it is with a program that filters its system
# calls, with one that closes the descriptor, and with a metric that jumps cannot read. Each is told, with its reason;
# a breakpoint's memory is never held, nor is that of jumps that read it.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# record LABEL WORD...: what its FUNC records say of held memory, sorted, is in LABEL.held
record() {
	label=$1
	shift
	run_as "$label" "$MPROF_TRACE" run -v -f 'before,deeper,within' -o "$label.dat" "$@"
	status_is "$label" 0
	well_formed "$label.dat"
	awk '$1 == "FUNC" { print $2, NF < 11 ? "read" : $11 }' "$label.dat" | sort | uniq -c |
		awk '{ print $2, $3, $1 }' >"$label.held"
}

# none_held LABEL
none_held() {
	! grep -Eq ' (held|held-in|held-out) ' "$1.held" || { cat "$1.held"; fail "$1: memory is held"; }
	! grep -q 'is held' "$1.err" || fail "$1: held memory is told of"
}

run_as plain "$TARGETS/seccomp_filter"
read -r plain_status <plain.status
[ "$plain_status" -ne 77 ] || skip "$(tail -n 1 plain.out)"

record traps --probe breakpoint "$TARGETS/seccomp_filter"
none_held traps

record pads --probe pad "$TARGETS/seccomp_filter"
grep -Eq 'recorded by [1-9][0-9]* jumps' pads.err || skip 'no jump can be made here'
grep -q '^before read 1$' pads.held || { cat pads.held; fail 'what came before the filter is held'; }
# The first call of each comes in through a breakpoint, and the first return at each place.
grep -Eq '^deeper held [1-9]' pads.held || { cat pads.held; fail 'no call behind the filter is held'; }
says pads 'memory at [1-9][0-9]* of [1-9][0-9]* entries and returns .* is held.*seccomp.*--probe breakpoint'
# Held is what was read last, which is some of what the process had.
awk '$1 == "FUNC" && ($3 < 0.1 || $5 < 0.1) { bad = 1 } END { exit bad }' pads.dat ||
	{ cat pads.dat; fail 'held memory is none that the process had'; }

record anon --probe pad --backend anon "$TARGETS/held"
says anon 'is held.*/proc/self/statm.*--backend rss'
! grep -q ' read ' anon.held || awk '$2 == "read" { n += $3 } END { exit n > 4 }' anon.held ||
	{ cat anon.held; fail 'jumps read what they cannot'; }

record read --probe pad "$TARGETS/held"
none_held read

record closed --probe pad "$TARGETS/held" closes
says closed 'is held.*closed the descriptor'
# What was read just before is not known to have been of the descriptor that we opened.
grep -Eq '^deeper held [1-9]' closed.held || { cat closed.held; fail 'no call is held'; }

# A vfork child calls first: what it might open would be gone with it.
run_as vfork "$MPROF_TRACE" run -v --probe pad --max-calls 100000 -f in_child,in_parent -o vfork.dat "$TARGETS/vfork_calls"
status_is vfork 0
[ "$(grep -c '^FUNC in_parent' vfork.dat)" -gt 0 ] || fail 'vfork: nothing is recorded of the parent'
! grep '^FUNC in_parent.* held' vfork.dat | head -n 2 | grep . || fail "vfork: the parent's memory is held"

# Condensed calls count theirs.
record condensed --probe pad --backend anon --max-calls 1 "$TARGETS/held"
awk '$1 == "MANY" && $2 == "within" { n += $6; held += $NF } END { exit !(held > 0 && held <= n) }' \
	condensed.dat || { grep MANY condensed.dat; fail 'no condensed call is held'; }

run_as plot "$MPROF_TRACE" plot -o picture.svg pads.dat
status_is plot 0
python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' \
	<picture.svg >picture.text
grep -q 'memory held: the last known' picture.text || fail 'the plot does not tell'
run_as term "$MPROF_TRACE" plot --term pads.dat
status_is term 0
grep -q '^()  memory held' term.out || { cat term.out; fail 'the plot in characters does not tell'; }
