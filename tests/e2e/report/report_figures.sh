#!/bin/sh
# The figures of report are those that awk computes of the file's lines, of real runs and of one that is made.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/tree_peak.sh
. "$TESTS/lib/tree_peak.sh"
# shellcheck source=tests/lib/call_sums.sh
. "$TESTS/lib/call_sums.sh"

cat >made.dat <<'END'
CMDLINE ./app --now
FORMAT 3 mprof-trace
METRIC rss
INTERVAL 0.1
PROC 100 99 1795310486.000000000 ./app --now
MEM 10.000000 1795310486.000000000
FUNC fib 12.000000 1795310486.300000000 13.000000 1795310486.350000000 2 100 100
FUNC fib 11.000000 1795310486.200000000 14.000000 1795310486.400000000 1 100 100
MEM 77.500000 1795310486.410000000
PROC 101 100 1795310486.450000000 ./child
CHLD 101 20.000000 1795310486.450000000
CHFUNC work 20.000000 1795310486.460000000 25.250000 1795310486.600000000 2 101 101 ret held-in
CHFUNC main 11.000000 1795310486.450000000 22.000000 1795310486.700000000 0 101 101 forked
CHLD 101 40.000000 1795310486.650000000
DONE 101 1795310486.700000000 139
PEAK 101 41.500000 1795310486.700000000
FUNC fib 14.000000 1795310486.500000000 12.000000 1795310486.800000000 1 100 100 unwound
MANY tick 100 1795310486.100000000 1795310486.900000000 1000 0.250000000 0.000100000 0.001000000 -1.500000 79.000000 0
FUNC main 10.000000 1795310486.100000000 30.000000 1795310486.950000000 0 100 100
MEM 30.000000 1795310487.000000000
PEAK 100 80.250000 1795310487.000000000
DONE 100 1795310487.050000000 0
END

# sums FILE: what report's CSV says, as call_sums does.
sums()
{
	"$MPROF_TRACE" report --csv "$1" >report.csv || fail "report --csv $1"
	awk -F , 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ printf "%s %d %.0f %.6f %.6f %.0f\n", $at["function"], $at["calls"], $at["total_s"] * 1e9,
			$at["gained_mib"], $at["released_mib"], $at["longest_s"] * 1e9 }' report.csv |
		awk '$2 > 0' | sort
}

# figures_are FILE: of a file whose names have no spaces.
figures_are()
{
	call_sums "$1" >expected
	sums "$1" >found
	[ -s expected ] || fail "$1 has no calls"
	diff expected found || fail "$1: figures differ (above: awk's, report's)"
}

figures_are made.dat

# field FILE KEY NAME: of the row whose last field is NAME, in its CSV.
field()
{
	awk -F , -v key="$2" -v name="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		$NF == name { print $at[key] }' "$1"
}
is()
{
	found=$(field "$1" "$2" "$3")
	[ "$found" = "$4" ] || fail "$3: $2 is '$found', not '$4': $(cat "$1")"
}
# Self time: main without the two outer calls of fib; what is condensed may be within.
is report.csv self_s main 0.35
is report.csv self_at_most main 1
is report.csv self_s fib 0.5
is report.csv inherited main 1
is report.csv unwound fib 1
is report.csv held work 1
is report.csv condensed tick 1000
is report.csv highest_mib fib 14
is report.csv highest_mib main 77.5
is report.csv highest_mib work 25.25
is report.csv highest_mib tick 79
is report.csv worst_mib fib 3
is report.csv worst_at_s fib 0.2
is report.csv worst_pid fib 100
is report.csv mean_s fib 0.183333333
is report.csv shortest_s fib 0.05

"$MPROF_TRACE" report --processes --csv made.dat >processes.csv
is processes.csv peak_mib './app --now' 80.25
is processes.csv peak_is_exact './app --now' 1
is processes.csv sampled_peak_mib './app --now' 77.5
is processes.csv sampled_peak_at_s './app --now' 0.41
is processes.csv end_mib './app --now' 30
is processes.csv lifetime_s './app --now' 1.05
is processes.csv samples './app --now' 3
is processes.csv peak_mib ./child 41.5
is processes.csv ended ./child SIGSEGV
is processes.csv status ./child 139
is processes.csv parent_pid ./child 100
is processes.csv slope_mib_per_s ./child 100

# With all together the highest of main is the sum.
"$MPROF_TRACE" report -C --csv made.dat >tree.csv
is tree.csv highest_mib main 117.5
"$MPROF_TRACE" report --json made.dat >made.json
grep -q '"together_peak_mib": 117.5,' made.json || fail "all together: $(cat made.json)"
[ "$(tree_peak made.dat)" = 117.500 ] || fail "awk: $(tree_peak made.dat)"

"$MPROF_TRACE" report --threads --csv made.dat >threads.csv
is threads.csv outermost_calls main 1
is threads.csv in_calls_s main 0.85
is threads.csv inherited work 1

# Real runs: several threads, children, recursion.
for program in fork_grows fork_calls fork_active recursion_mutual recursion_some_returns threads_many exception_threads; do
	[ -x "$TARGETS/$program" ] || continue
	run_as run "$MPROF_TRACE" run -q -T 0.01 -f '/./' -o "$program.dat" "$TARGETS/$program"
	grep -q '^FUNC\|^CHFUNC' "$program.dat" || continue
	[ "$(wc -l <"$program.dat")" -lt 3000 ] || continue
	figures_are "$program.dat"
	together=$("$MPROF_TRACE" report --json "$program.dat" | sed -n 's/.*"together_peak_mib": \([0-9.]*\).*/\1/p')
	expected=$(tree_peak "$program.dat")
	awk -v a="$together" -v b="$expected" 'BEGIN { exit !(a - b < 0.001 && b - a < 0.001) }' ||
		fail "$program: all together $together, not $expected"
	echo "$program: $(wc -l <found) functions"
done
