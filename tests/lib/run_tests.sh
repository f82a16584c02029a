#!/bin/bash
# Runs tests and counts them: unit test programs, shell scripts and target programs alike.
#
#   run_tests.sh [--jobs N] [--timeout SECONDS] [--again] TEST…
#
# A test is an executable, or target:NAME[:VARIANT], which stands for target.sh on that program. It
# runs in a fresh, empty directory that is removed afterwards, with no stdin, and in a process group of
# its own that is killed when the test ends or takes too long.
# Exit 0: passed. 77: skipped, its last line on stdout says why. Anything else: failed, and its
# output is shown. A script may say of itself near its top:
#
#   # timeout: SECONDS             it needs more time than all have
#   # asserts: unharmed target     when it fails, a program may have been harmed; so each target test
#
# With --again, what failed runs once more when all else has ended, so that no other test is beside it.
# What passes then is unsteady: it counts as passed, and is listed with the first lines of both
# outputs, those first and in capitals that assert an unharmed target. But more than three unsteady
# ones are no accident any more, and count as failed.
#
# The last line is `N passed, N failed, N skipped`; the exit status is 1 if any failed or none ran.
set -euo pipefail

jobs=1
timeout_s=900 # for what hangs: a slow machine may take twenty times as long as a quiet one
again=
while [[ ${1:-} == --* ]]; do
	case $1 in
	--jobs) jobs=$2 && shift ;;
	--timeout) timeout_s=$2 && shift ;;
	--again) again=yes ;;
	*)
		echo "run_tests.sh: unknown option $1" >&2
		exit 2
		;;
	esac
	shift
done

readonly SKIPPED=77
# timeout(1) exits with 124, or dies with its group by SIGKILL (137) when SIGTERM did not help.
readonly GRACE_S=10
readonly MOST_UNSTEADY=3
readonly FIRST_LINES=3 # of an output, in the list of unsteady tests

lib=$(dirname "$(realpath "$0")")
work=$(mktemp -d "${TMPDIR:-/tmp}/mprof-trace-tests.XXXXXX")

# The tests that run, by the pid of timeout(1), which leads the test's process group.
declare -A test_of=() dir_of=() start_us_of=()

kill_groups() {
	local pid
	[ ${#test_of[@]} -eq 0 ] || exec 2>/dev/null # bash would report each job that is killed
	for pid in "${!test_of[@]}"; do
		kill -KILL "$pid" 2>/dev/null
		kill -KILL -- "-$pid" 2>/dev/null
	done
	return 0
}
trap 'kill_groups; remove "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A process that has left the test's group may still be writing there: no test fails for that.
remove() {
	rm -rf "$1" 2>/dev/null || true
}

# Sets name, command, limit_s and is_unharmed_asserted of test $1. All without a fork, which is dear
# on some machines; there are hundreds of tests.
describe() {
	local lines=() line
	limit_s=$timeout_s
	is_unharmed_asserted=
	if [[ $1 == target:* ]]; then
		name="target ${1#target:}"
		command=("$lib/target.sh" "${1#target:}")
		is_unharmed_asserted=yes
		return
	fi
	name=${1##*/}
	name=${name%.sh}
	command=("$1")
	[[ $1 == /* ]] || command=("$PWD/$1")
	[[ $1 == *.sh && -r $1 ]] || return 0
	mapfile -t -n 15 lines <"$1"
	for line in "${lines[@]}"; do
		if [[ $line =~ ^'# timeout: '([0-9]+)$ ]]; then
			limit_s=$((BASH_REMATCH[1] > timeout_s ? BASH_REMATCH[1] : timeout_s))
		elif [[ $line == '# asserts: unharmed target' ]]; then
			is_unharmed_asserted=yes
		fi
	done
}

# Starts test $1 with its files under $2: scratch/, which exists, and out.
start_one() {
	local name command limit_s is_unharmed_asserted pid
	describe "$1"
	(
		cd "$2/scratch"
		exec timeout -k "$GRACE_S" "$limit_s" "${command[@]}" </dev/null >"$2/out" 2>&1
	) &
	pid=$!
	test_of[$pid]=$1
	dir_of[$pid]=$2
	start_us_of[$pid]=${EPOCHREALTIME/[.,]/}
}

passed=0
failed=0
failures=()      # names
skips=()         # names and reasons
failed_tests=()  # what may run once more, and where its output lies
failed_outputs=()

# Reports on test $1, which ended with status $2 after $3 tenths of a second; its output is in $4/out.
# Sets outcome.
report_one() {
	local name command limit_s is_unharmed_asserted reason status=$2 tenths=$3
	describe "$1"
	case $status in
	0)
		outcome=passed
		printf 'ok    %s (%d.%d s)\n' "$name" $((tenths / 10)) $((tenths % 10))
		;;
	"$SKIPPED")
		outcome=skipped
		reason=$(grep -v '^[[:space:]]*$' "$4/out" | tail -n 1) || reason='no reason given'
		skips+=("$name: $reason")
		printf 'skip  %s: %s\n' "$name" "$reason"
		;;
	*)
		outcome=failed
		if [ "$status" = 124 ] || { [ "$status" = 137 ] && [ "$tenths" -ge $((limit_s * 10)) ]; }; then
			status="took more than $limit_s s"
		else
			status="exit status $status"
		fi
		printf 'FAIL  %s (%s). Its output:\n' "$name" "$status"
		sed 's/^/    | /' "$4/out" || true
		;;
	esac
}

# Waits for one test and reports on it. Sets outcome, ended_test and ended_dir.
reap_one() {
	local pid='' status=0 tenths
	wait -n -p pid "${!test_of[@]}" || status=$?
	tenths=$(((${EPOCHREALTIME/[.,]/} - start_us_of[$pid]) / 100000))
	kill -KILL -- "-$pid" 2>/dev/null || true # whatever the test left behind
	ended_test=${test_of[$pid]}
	ended_dir=${dir_of[$pid]}
	unset "test_of[$pid]" "dir_of[$pid]" "start_us_of[$pid]"
	report_one "$ended_test" "$status" "$tenths" "$ended_dir"
}

# The same, in the first round.
reap_and_count() {
	reap_one
	case $outcome in
	passed) passed=$((passed + 1)) ;;
	failed)
		failed_tests+=("$ended_test")
		failed_outputs+=("$ended_dir")
		remove "$ended_dir/scratch"
		return
		;;
	esac
	remove "$ended_dir"
}

# first_lines LABEL FILE: of an output, without empty lines, which would end the list.
first_lines() {
	local line label=$1 count=0
	while [ "$count" -lt "$FIRST_LINES" ] && IFS= read -r line; do
		[[ $line == *[![:space:]]* ]] || continue
		count=$((count + 1))
		printf '        %-6s| %s\n' "$label" "$line"
		label=
	done < <(tr -d '\0' <"$2")
	[ "$count" -gt 0 ] || printf '        %-6s| (nothing)\n' "$label"
}

unsteady=0
unsteady_harm= # what is said of those that assert an unharmed target
unsteady_else=

# Runs once more what failed, alone, and sorts it into failed and unsteady.
run_again() {
	local i name command limit_s is_unharmed_asserted said
	[ ${#failed_tests[@]} -eq 0 ] || printf '\nOnce more, alone:\n'
	for i in "${!failed_tests[@]}"; do
		describe "${failed_tests[i]}"
		mkdir -p "$work/again$i/scratch"
		start_one "${failed_tests[i]}" "$work/again$i"
		reap_one
		if [ "$outcome" != passed ]; then
			# A test that is skipped now has not shown that it passes.
			[ "$outcome" = failed ] || unset 'skips[-1]'
			failures+=("$name")
			continue
		fi
		unsteady=$((unsteady + 1))
		said=$(first_lines first "${failed_outputs[i]}/out" && first_lines again "$ended_dir/out")$'\n'
		if [ -n "$is_unharmed_asserted" ]; then
			unsteady_harm+="    ${name^^}"$'\n'$said
		else
			unsteady_else+="    $name"$'\n'$said
		fi
	done
}

[ $# -eq 0 ] || seq -f "$work/%.0f/scratch" $# | xargs mkdir -p
number=0
for test in "$@"; do
	[ ${#test_of[@]} -lt "$jobs" ] || reap_and_count
	number=$((number + 1))
	start_one "$test" "$work/$number"
done
while [ ${#test_of[@]} -gt 0 ]; do
	reap_and_count
done
if [ -n "$again" ]; then
	run_again
else
	for test in "${failed_tests[@]}"; do
		describe "$test"
		failures+=("$name")
	done
fi
failed=${#failures[@]}

if [ ${#skips[@]} -gt 0 ]; then
	printf '\nSkipped:\n'
	printf '    %s\n' "${skips[@]}"
fi
if [ ${#failures[@]} -gt 0 ]; then
	printf '\nFailed:\n'
	printf '    %s\n' "${failures[@]}"
fi
if [ "$unsteady" -gt 0 ]; then
	printf '\nUnsteady: failed, and passed when run once more, alone; '
	printf 'in capitals what asserts an unharmed target\n'
	printf '%s%s' "$unsteady_harm" "$unsteady_else"
	if [ "$unsteady" -gt "$MOST_UNSTEADY" ]; then
		printf '    More than %d are unsteady: they count as failed.\n' "$MOST_UNSTEADY"
		failed=$((failed + unsteady))
	else
		passed=$((passed + unsteady))
	fi
fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" ${#skips[@]}
[ "$failed" -eq 0 ] && [ $((passed + ${#skips[@]})) -gt 0 ]
