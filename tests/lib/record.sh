# Shell helpers of the end-to-end tests; sourced, never run.
#
# The runner sets MPROF_TRACE (the binary), TARGETS (built target programs) and TESTS (tests/), and
# starts each test in an empty directory of its own.
# shellcheck shell=sh

# No core file of a target, and no word of timeout(1) about one; a test may ask for one.
# shellcheck disable=SC3045 # dash and bash have it
ulimit -S -c 0

fail() {
	printf 'FAIL: %s\n' "$*"
	exit 1
}

skip() {
	printf '%s\n' "$*"
	exit 77
}

need_command() {
	for command; do
		command -v "$command" >/dev/null 2>&1 || skip "$command is not installed"
	done
}

# run_as LABEL COMMAND...: bounded in time, with stdin from $RUN_INPUT or nowhere. Leaves LABEL.out,
# LABEL.err and LABEL.status. What hangs is killed: status 137. The limit is for what hangs, not for
# what a busy machine keeps waiting.
run_as() {
	label=$1
	shift
	run_result=0
	# What the shell itself says of a signal goes nowhere: dash would say it on the redirected
	# stderr, were the redirection not made in the subshell.
	{
		(exec timeout -k 5 -s KILL "${RUN_SECONDS:-300}" "$@" \
			<"${RUN_INPUT:-/dev/null}" >"$label.out" 2>"$label.err") || run_result=$?
	} 2>/dev/null
	printf '%s\n' "$run_result" >"$label.status"
}

# same_as_untraced LABEL: compares with the run labelled "plain", byte for byte.
same_as_untraced() {
	for part in status out err; do
		cmp -s "plain.$part" "$1.$part" && continue
		printf '%s: %s differs from the untraced run:\n' "$1" "$part"
		diff -a "plain.$part" "$1.$part" | head -n 12
		return 1
	done
}

# status_is LABEL STATUS
status_is() {
	read -r found <"$1.status"
	[ "$found" = "$2" ] && return
	head -n 5 "$1.err"
	fail "$1: exit status is $found, not $2"
}

# says LABEL REGEX: some line on its stderr matches.
says() {
	grep -aEq -- "$2" "$1.err" && return
	head -n 10 "$1.err"
	fail "$1: nothing on stderr matches: $2"
}

# says_one_line LABEL: exactly one line on stderr.
says_one_line() {
	[ "$(wc -l <"$1.err")" -eq 1 ] && return
	cat "$1.err"
	fail "$1: not one line on stderr"
}

# count_calls FILE NAME [HOW]: FUNC and CHFUNC records (HOW: "ret" unless given), condensed ones included.
count_calls() {
	awk -v name="$2" -v how="${3:-ret}" '
		$1 ~ /^(CH)?FUNC$/ && $2 == name && (NF < 10 ? "ret" : $10) == how { n++ }
		$1 == "MANY" && $2 == name && how == "ret" { n += $6 }
		END { print n + 0 }' "$1"
}

# wait_until COMMAND...: polls until it succeeds; minutes, for a machine that is very busy.
wait_until() {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 5000 ] || fail "waited in vain for: $*"
		sleep 0.05
	done
}

# well_formed FILE: every line is whole and of a known form.
well_formed() {
	"$TESTS/lib/check_records.py" --form "$1" || fail "$1 is not well formed"
}

# recorder_pids: the processes of mprof-trace that this test started. They are told from those of
# other tests by MPROF_TRACE_TEST in their environment, which start_recorder sets.
recorder_pids() {
	for process in /proc/[0-9]*; do
		[ "$(readlink "$process/exe" 2>/dev/null)" = "$(readlink -f "$MPROF_TRACE")" ] || continue
		tr '\0' '\n' <"$process/environ" 2>/dev/null |
			grep -qFx "MPROF_TRACE_TEST=$PWD" && echo "${process#/proc/}"
	done
}

# start_recorder LABEL WORD...: mprof-trace in the background, with SIGINT at its default (a shell
# ignores it in what it starts with &). Sets $recorder to its pid.
start_recorder() {
	label=$1
	shift
	: >"$label.out" # now, and not when the background gets to it: nobody must read the last one's
	: >"$label.err"
	MPROF_TRACE_TEST=$PWD env --default-signal=INT,QUIT "$MPROF_TRACE" "$@" \
		</dev/null >"$label.out" 2>"$label.err" &
	recorder=$!
}

# end_recorder LABEL: waits for it.
end_recorder() {
	run_result=0
	wait "$recorder" || run_result=$?
	printf '%s\n' "$run_result" >"$1.status"
}

# ready_pid LABEL: the pid that waits_for_signals says on its stdout, once it is ready.
ready_pid() {
	wait_until grep -q '^ready ' "$1.out"
	sed -n 's/^ready //p' "$1.out"
}

# gdb_count FUNCTION WORD...: how often gdb's breakpoint stops at the function's first instruction.
# Input as in run_as. Independent of everything that mprof-trace reads or does.
gdb_count() {
	gdb_function=$1
	shift
	# The program's own output goes the same way; it does not say what sed looks for.
	timeout -s KILL 300 gdb -nx -batch -iex 'set debuginfod enabled off' \
		-ex 'set breakpoint pending on' -ex "break *$gdb_function" -ex 'ignore 1 100000000' \
		-ex run -ex 'info breakpoints' --args "$@" <"${RUN_INPUT:-/dev/null}" 2>/dev/null |
		LC_ALL=C sed -n 's/.*breakpoint already hit \([0-9]*\) time.*/\1/p'
}

# functions_of FILE: the functions that a target's expectations name, as a list for -f.
functions_of() {
	awk '$1 == "expect" && ($2 == "calls" || $2 == "probe") { print $3 }' "$1" | sort -u | paste -sd,
}
