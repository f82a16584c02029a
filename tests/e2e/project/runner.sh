#!/bin/bash
# The runner of tests: how it counts, what it runs once more, and what it says of unsteady tests.
# shellcheck disable=SC2016 # the planted tests expand it
set -euo pipefail
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# plant NAME LINE…: a test; $planted is where all of them lie.
planted=$PWD/planted
mkdir "$planted"
plant() {
	local file=$planted/$1.sh
	shift
	printf '%s\n' '#!/bin/bash' "$@" >"$file"
	chmod +x "$file"
}

# run_planted STATUS COUNT OPTION… TEST…: the runner ends with the status, and with the count alone on
# the last line. Leaves out.
run_planted() {
	local wanted_status=$1 count=$2 status=0 word words=()
	shift 2
	for word; do
		[ ! -e "$planted/$word.sh" ] || word=$planted/$word.sh
		words+=("$word")
	done
	rm -f "$planted"/*.ran
	"$TESTS/lib/run_tests.sh" "${words[@]}" >out 2>&1 || status=$?
	[ "$status" -eq "$wanted_status" ] || fail "$*: status $status, not $wanted_status: $(<out)"
	[ "$(tail -n 1 out)" = "$count" ] || fail "$*: the last line is not '$count': $(<out)"
}

# shows TEXT: the text is somewhere in what the runner said, line ends included.
shows() {
	[[ $'\n'$(<out)$'\n' == *$'\n'"$1"$'\n'* ]] || fail "not shown: $1: $(<out)"
}

fails_once=('[ -e "$0.ran" ] && { echo right now; exit 0; }' 'touch "$0.ran"')

plant passes 'echo fine'
plant fails 'echo wrong' 'exit 3'
plant skips 'echo a first line' 'echo there is no moon' 'exit 77'
plant leaves_a_child 'sleep 1000 & echo $! >'"$planted/child"
plant too_slow 'sleep 1000'
plant slow '# timeout: 60' 'sleep 2'
plant clean '[ -z "$(ls -A)" ] && ! read -r && touch here'
plant unsteady "${fails_once[@]}" 'echo' 'echo a; echo b; echo c; echo d; exit 1'
plant unsteady_silent "${fails_once[@]/echo right now;/}" 'exit 1'
plant unsteady_harm '# asserts: unharmed target' "${fails_once[@]}" 'echo it felt something; exit 1'
plant unsteady_more "${fails_once[@]}" 'exit 1'
plant skips_then "${fails_once[@]/exit 0/exit 77}" 'exit 1'

# Counting.
run_planted 0 '1 passed, 0 failed, 0 skipped' passes
run_planted 1 '1 passed, 1 failed, 0 skipped' passes fails
shows $'    | wrong'
shows $'Failed:\n    fails'
run_planted 0 '1 passed, 0 failed, 1 skipped' --jobs 2 skips passes
shows $'Skipped:\n    skips: there is no moon'
run_planted 1 '0 passed, 0 failed, 0 skipped'
run_planted 1 '1 passed, 1 failed, 0 skipped' "$planted/nowhere.sh" passes
run_planted 0 '2 passed, 0 failed, 0 skipped' --jobs 2 clean clean

# Time, and what is left behind.
run_planted 1 '1 passed, 1 failed, 0 skipped' --jobs 2 --timeout 1 too_slow slow
grep -q '^FAIL  too_slow (took more than 1 s)' out || fail "no word of the time: $(<out)"
run_planted 0 '1 passed, 0 failed, 0 skipped' leaves_a_child
child_is_gone() { ! kill -0 "$(<"$planted/child")"; }
wait_until child_is_gone

# Side by side: each waits for the other two.
for name in one two three; do
	plant "meets_$name" "touch $planted/$name.ran" \
		"until [ -e $planted/one.ran ] && [ -e $planted/two.ran ] && [ -e $planted/three.ran ]; do" \
		'sleep 0.05; done'
done
run_planted 0 '3 passed, 0 failed, 0 skipped' --jobs 3 --timeout 60 meets_one meets_two meets_three

# Once more, alone. Without the option nothing is run again.
run_planted 1 '0 passed, 1 failed, 0 skipped' unsteady
run_planted 1 '1 passed, 1 failed, 0 skipped' --again passes fails
shows $'Failed:\n    fails'
[ "$(grep -c '^FAIL  fails' out)" -eq 2 ] || fail "it did not run twice: $(<out)"
! grep -q '^Unsteady' out || fail "something is unsteady: $(<out)"
run_planted 0 '2 passed, 0 failed, 0 skipped' --again passes passes
! grep -q 'Once more' out || fail "something was run again: $(<out)"
run_planted 1 '0 passed, 1 failed, 0 skipped' --again skips_then
run_planted 0 '4 passed, 0 failed, 0 skipped' --again unsteady unsteady_silent passes unsteady_harm
list=$(sed -n '/^Unsteady/,/^$/p' out)
[ "${list#*$'\n'}" = '    UNSTEADY_HARM
        first | it felt something
        again | right now
    unsteady
        first | a
              | b
              | c
        again | right now
    unsteady_silent
        first | (nothing)
        again | (nothing)' ] || fail "the list of unsteady tests: $list"

# A test that fails twice fails the run, whatever is unsteady beside it.
run_planted 1 '1 passed, 1 failed, 0 skipped' --again fails unsteady
shows $'Failed:\n    fails'

# More than three are no accident.
run_planted 1 '1 passed, 4 failed, 0 skipped' --again --jobs 2 unsteady unsteady_silent passes \
	unsteady_harm unsteady_more
shows '    More than 3 are unsteady: they count as failed.'

# No other test is beside the one that runs again.
plant alone '[ -e "$0.ran" ] || { touch "$0.ran"; exit 1; }' "! [ -e $planted/beside.ran ]"
plant beside "touch $planted/beside.ran" 'sleep 1' "rm $planted/beside.ran"
run_planted 0 '2 passed, 0 failed, 0 skipped' --again --jobs 2 alone beside

# Target programs: one that is, one that is not; each asserts an unharmed target.
run_planted 0 '1 passed, 0 failed, 0 skipped' target:calls_nested
grep -q '^ok    target calls_nested (' out || fail "no word of the target: $(<out)"
run_planted 1 '0 passed, 1 failed, 0 skipped' target:nowhere
cat >stub <<-'END'
	#!/bin/bash
	# Does the first time what no program may feel, then all as it should.
	if [ -e "$0.ran" ]; then exec "$0.real" "$@"; fi
	touch "$0.ran"
	exit 9
END
chmod +x stub
ln -s "$MPROF_TRACE" stub.real
MPROF_TRACE=$PWD/stub run_planted 0 '1 passed, 0 failed, 0 skipped' --again target:calls_nested
shows '    TARGET CALLS_NESTED'

# The list of target programs.
list=$("$TESTS/lib/list_targets.sh")
[ "$(wc -l <<<"$list")" -gt 100 ] || fail "only these targets: $list"
! grep -qE '^target:(lib|demo|busy)' <<<"$list" || fail "they do not say what they expect: $list"
[ "$("$TESTS/lib/list_targets.sh" 'calls_*')" = target:calls_nested ] || fail "calls_* is not one program"
! "$TESTS/lib/list_targets.sh" nowhere 2>/dev/null || fail "a program that does not exist is listed"
