#!/bin/sh
# Every target that says what it expects: untraced, traced with its functions probed, traced without
# probes, and probed with --no-follow. Same stdout, stderr and exit status; and the recording holds
# what was expected, of the first process alone with --no-follow.
# Arguments choose targets by name; none means all.
# timeout: 2400
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# Runs one target in a directory of its own. Prints what is wrong.
check_target() {
	program=$TARGETS/$1
	[ -x "$program" ] || { echo "was not built"; return 1; }
	run_as plain "$program"
	read -r plain_status <plain.status
	if [ "$plain_status" -eq 77 ]; then
		tail -n 1 plain.out
		return 77
	fi
	functions=$(functions_of plain.out)
	[ -n "$functions" ] || { echo "names no function (untraced status $plain_status)"; return 1; }

	run_as probed "$MPROF_TRACE" run -q -f "$functions" -o probed.dat "$program"
	same_as_untraced probed || return 1
	"$TESTS/lib/check_records.py" probed.dat plain.out "$plain_status" || return 1

	run_as watched "$MPROF_TRACE" run -q -o watched.dat "$program"
	same_as_untraced watched || return 1
	"$TESTS/lib/check_records.py" --form watched.dat || return 1

	run_as alone "$MPROF_TRACE" run -q --no-follow --allow-missing -f "$functions" -o alone.dat \
		"$program"
	same_as_untraced alone || return 1
	"$TESTS/lib/check_records.py" --form alone.dat || return 1
	[ "$(grep -c '^PROC' alone.dat)" -eq 1 ] || { echo "alone: not one process is recorded"; return 1; }
}

names=$*
[ -n "$names" ] || names=$(cd "$TESTS/targets" && grep -l '"expect.h"' ./*.c ./*.cc |
	sed 's|^\./||; s|\.cc*$||' | grep -v '^lib' | sort)
failed=0 passed=0 skipped=0
for name in $names; do
	mkdir -p "$name"
	result=0
	(cd "$name" && check_target "$name" >log 2>&1) || result=$?
	case $result in
	0) passed=$((passed + 1)) ;;
	77)
		skipped=$((skipped + 1))
		printf 'skipped %s: %s\n' "$name" "$(tail -n 1 "$name/log")"
		;;
	*)
		failed=$((failed + 1))
		printf 'FAILED %s\n' "$name"
		sed 's/^/    /' "$name/log" | cut -c1-300
		;;
	esac
done
printf 'targets: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
