#!/bin/bash
# Runs tests and counts them: unit test programs and shell scripts alike.
#
#   run_tests.sh [--jobs N] [--timeout SECONDS] TEST…
#
# A test is an executable. It runs in a fresh, empty directory that is removed afterwards, with no
# stdin, and in a process group of its own that is killed when the test ends or takes too long.
# Exit 0: passed. 77: skipped, its last line on stdout says why. Anything else: failed, and its
# output is shown. A script may ask for more time than all have with a line `# timeout: SECONDS` near
# its top.
#
# The last line is `N passed, N failed, N skipped`; the exit status is 1 if any failed or none ran.
set -euo pipefail

jobs=1
timeout_s=900 # for what hangs: a slow machine may take twenty times as long as a quiet one
while [[ ${1:-} == --* ]]; do
	case $1 in
	--jobs) jobs=$2 ;;
	--timeout) timeout_s=$2 ;;
	*)
		echo "run_tests.sh: unknown option $1" >&2
		exit 2
		;;
	esac
	shift 2
done

readonly SKIPPED=77
# timeout(1) exits with 124, or dies with its group by SIGKILL (137) when SIGTERM did not help.
readonly GRACE_S=10

work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-tests.XXXXXX")
declare -A group_of=() # job's pid -> file that holds its process group

kill_groups() {
	local pid file
	[ ${#group_of[@]} -eq 0 ] || exec 2>/dev/null # bash would report each job that is killed
	for pid in "${!group_of[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		file=${group_of[$pid]}
		[ -s "$file" ] && kill -KILL -- "-$(<"$file")" 2>/dev/null
	done
	return 0
}
trap 'kill_groups; remove "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The time that the test asks for, the runner's at least.
test_limit_s() {
	local asked=
	if [[ $1 == *.sh ]]; then
		asked=$(sed -n -E '1,15s/^# timeout: ([0-9]+)$/\1/p' "$1")
	fi
	echo $((${asked:-0} > timeout_s ? asked : timeout_s))
}

# Who has left the test's process group may still be writing there: no test fails for that.
remove() {
	rm -rf "$1" 2>/dev/null || true
}

# Runs test $1 with its files under $2: scratch/, out, group, status, seconds, limit.
run_one() {
	local limit_s start_us status=0 group
	limit_s=$(test_limit_s "$1")
	mkdir -p "$2/scratch"
	start_us=${EPOCHREALTIME/[.,]/}
	# timeout(1) makes itself the leader of a new process group.
	(cd "$2/scratch" && exec timeout -k "$GRACE_S" "$limit_s" "$1" </dev/null >"$2/out" 2>&1) &
	group=$!
	echo "$group" >"$2/group"
	wait "$group" 2>/dev/null || status=$?
	kill -KILL -- "-$group" 2>/dev/null || true # whatever the test left behind
	echo "$limit_s" >"$2/limit"
	echo $(((${EPOCHREALTIME/[.,]/} - start_us) / 100000)) >"$2/tenths"
	echo "$status" >"$2/status"
	remove "$2/scratch"
}

passed=0
failed=0
failures=()
skips=()

# Reports on the finished test $1 with its files under $2.
report_one() {
	local name status tenths reason
	name=$(basename "$1" .sh)
	status=$(cat "$2/status" 2>/dev/null) || status='none: it could not be run'
	tenths=$(cat "$2/tenths" 2>/dev/null) || tenths=0
	case $status in
	0)
		passed=$((passed + 1))
		printf 'ok    %s (%d.%d s)\n' "$name" $((tenths / 10)) $((tenths % 10))
		;;
	"$SKIPPED")
		reason=$(grep -v '^[[:space:]]*$' "$2/out" | tail -n 1) || reason='no reason given'
		skips+=("$name: $reason")
		printf 'skip  %s: %s\n' "$name" "$reason"
		;;
	*)
		failed=$((failed + 1))
		failures+=("$name")
		if [ "$status" = 124 ] || { [ "$status" = 137 ] && [ "$tenths" -ge $(($(<"$2/limit") * 10)) ]; }; then
			status="took more than $(<"$2/limit") s"
		else
			status="exit status $status"
		fi
		printf 'FAIL  %s (%s). Its output:\n' "$name" "$status"
		sed 's/^/    | /' "$2/out" || true
		;;
	esac
	remove "$2"
}

declare -A test_of=() # job's pid -> the test

# Waits for one job and reports on it.
reap_one() {
	local pid
	wait -n -p pid "${!test_of[@]}" || true
	report_one "${test_of[$pid]}" "$(dirname "${group_of[$pid]}")"
	unset "test_of[$pid]" "group_of[$pid]"
}

number=0
for test in "$@"; do
	[ ${#test_of[@]} -lt "$jobs" ] || reap_one
	number=$((number + 1))
	dir=$work/$number
	mkdir "$dir"
	run_one "$(realpath "$test")" "$dir" &
	test_of[$!]=$test
	group_of[$!]=$dir/group
done
while [ ${#test_of[@]} -gt 0 ]; do
	reap_one
done

if [ ${#skips[@]} -gt 0 ]; then
	printf '\nSkipped:\n'
	printf '    %s\n' "${skips[@]}"
fi
if [ ${#failures[@]} -gt 0 ]; then
	printf '\nFailed:\n'
	printf '    %s\n' "${failures[@]}"
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" ${#skips[@]}
[ "$failed" -eq 0 ] && [ $((passed + ${#skips[@]})) -gt 0 ]
