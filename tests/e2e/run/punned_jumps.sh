#!/bin/sh
# Functions around which no five bytes may be overwritten are recorded by jumps all the same, and those that begin with
# an endbr64 or their type are.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# jumps LABEL FUNCTIONS PROGRAM: sets $recorded, $stops, and $punned jumps.
jumps() {
	label=$1
	functions=$2
	shift 2
	run_as "$label" "$MPROF_TRACE" run -v --probe pad -f "$functions" -o "$label.dat" "$@"
	said=$(grep 'of them recorded by' "$label.err") || fail "$label: nothing is said of jumps"
	recorded=${said%% of them*} recorded=${recorded##* }
	punned=${said%% are punned*} punned=${punned##*(}
	stops=${said%% by stops*} stops=${stops##* }
	echo "$label: $recorded hits by jumps, of which $punned are punned, $stops by stops"
}

jumps punned one_byte,two_bytes,three_bytes,four_bytes,short_branch "$TARGETS/punned" calls
[ "$punned" -gt 0 ] || grep -q 'nothing could be mapped where' punned.err ||
	fail "no jump is punned: $(grep 'stays a trap' punned.err)"
[ "$punned" -eq 0 ] || [ "$recorded" -gt "$stops" ] || fail "most hits were stops"

# What leads nowhere needs the next instruction, too.
jumps evicted evicts_whole,evicts_punned,evicts_down,evicts_pushes "$TARGETS/punned" calls
for name in evicts_whole evicts_punned evicts_down evicts_pushes; do
	grep -q "$name at .* stays a trap" evicted.err &&
		fail "no jump: $(grep 'stays a trap' evicted.err)"
done
grep -q 'has made way' evicted.err || fail "nothing has made way"
[ "$recorded" -gt "$stops" ] || fail "most hits of those that need a second jump were stops"

# Nor do the next instruction's bytes help in a program that has nothing below it: that after it makes way, or both.
jumps further third_helps,both_help "$TARGETS/punned_fixed" calls
if grep -q 'stays a trap: nothing could be mapped' further.err; then
	echo "its heap is in the way this time: $(grep -c 'stays a trap' further.err) sites"
else
	grep -q 'stays a trap' further.err && fail "no jump: $(grep 'stays a trap' further.err)"
	[ "$(grep -c 'has made way' further.err)" -ge 3 ] || fail "not enough has made way"
	[ "$recorded" -gt "$stops" ] || fail "most hits of those that need two more jumps were stops"
fi

jumps marked loops_to_mark,loops_behind,compiled "$TARGETS/call_marks" calls
grep -q 'loops_to_mark at .* stays a trap' marked.err &&
	fail "no jump behind an endbr64: $(grep 'stays a trap' marked.err)"
[ "$recorded" -gt "$stops" ] || fail "most hits of functions with an endbr64 were stops"
# A branch to what follows the endbr64 is no call.
grep -q 'loops_behind at .* stays a trap' marked.err ||
	fail "there is a jump where the function itself branches to"

# Whole ones behind the type.
jumps typed typed,typed_endbr "$TARGETS/type_marks" calls
grep -qE 'stays a trap|no whole jump' typed.err &&
	fail "no jump behind a type: $(grep -E 'stays a trap|no whole jump' typed.err)"
[ "$recorded" -gt "$stops" ] || fail "most hits of functions with a type were stops"
