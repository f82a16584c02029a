#!/bin/sh
# -C of plot and peak sums the processes that were recorded one by one, as a recording with -C would have.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
# shellcheck source=tests/lib/tree_peak.sh
. "$TESTS/lib/tree_peak.sh"
unset DISPLAY

# tree_is FILE: the tree's peak is what the file's lines sum up to.
tree_is()
{
	run_as peak "$MPROF_TRACE" peak -C "$1"
	status_is peak 0
	expected=$(tree_peak "$1")
	grep -q "^$1	$expected MiB (sum of RSS)\$" peak.out || fail "$1: not $expected MiB: $(cat peak.out)"
}

# Children that come and go, one without an end, one that the kernel knows a higher peak of; gaps between.
awk 'BEGIN {
	print "CMDLINE ./a\nMETRIC rss\nPROC 100 1 1795310486.000000000 ./a"
	srand(3)
	for (i = 0; i <= 200; i++) {
		printf "MEM %.6f %.9f\n", 50 + 20 * rand(), 1795310486 + i / 10
		for (c = 0; c < 4; c++) {
			if (i == 20 + 30 * c)
				printf "PROC %d 100 %.9f ./b\n", 101 + c, 1795310486 + i / 10
			if (i >= 20 + 30 * c && i < 60 + 35 * c)
				printf "CHLD %d %.6f %.9f\n", 101 + c, 100 * rand(), 1795310486 + i / 10 + 0.0001 * c
			if (i == 60 + 35 * c && c != 2)
				printf "DONE %d %.9f 0\n", 101 + c, 1795310486 + i / 10
		}
	}
	print "PEAK 102 150.000000 1795310500.000000000"
}' >made.dat
tree_is made.dat
[ "$(grep -c Child peak.out)" = 4 ] || fail "children: $(cat peak.out)"
grep -q '  Child 102			150.000 MiB' peak.out || fail "a child's own peak: $(cat peak.out)"

# Of a real run, and of one that was asked for the sum: that stays what it was.
run_as run "$MPROF_TRACE" run -q -T 0.01 -f holds,grows -o real.dat "$TARGETS/fork_grows"
status_is run 0
tree_is real.dat
run_as run "$MPROF_TRACE" run -q -C -T 0.01 -o sum.dat "$TARGETS/fork_grows"
run_as with "$MPROF_TRACE" peak -C sum.dat
run_as without "$MPROF_TRACE" peak sum.dat
cmp with.out without.out || fail "-C of a sum: $(cat with.out)"

# What one process had by the kernel's mark all had, too, however few samples there are: whoever is asked.
printf 'METRIC rss\nPROC 1 0 1000.000000000 a\nMEM 10 1000.1\nPROC 7 1 1000.200000000 b\nCHLD 7 1 1000.2\nPEAK 7 90.000000 1000.3\nDONE 7 1000.3 0\nMEM 11 1000.4\n' >mark.dat
run_as peak "$MPROF_TRACE" peak -C mark.dat
grep -q '^mark.dat	90.000 MiB (sum of RSS)$' peak.out || fail "a mark above the sum: $(cat peak.out)"
run_as report "$MPROF_TRACE" report mark.dat
grep -q '^  all together: at least 90.0 MiB$' report.out || fail "a report's: $(cat report.out)"
run_as report "$MPROF_TRACE" report -C mark.dat
grep -q '^  peak 90.0 MiB (sum of RSS)$' report.out || fail "a report's, with -C: $(cat report.out)"
run_as report "$MPROF_TRACE" report --json mark.dat
grep -q '"together_peak_mib": *90\(\.0*\)\?,' report.out || fail "JSON's: $(cat report.out)"
grep -q '"together_peak_at_s": *null' report.out || fail "when it was is not known: $(cat report.out)"
run_as check "$MPROF_TRACE" check --tree --max-peak 1M mark.dat
grep -q 'peak of all  90.0 MiB' check.out || fail "a check's: $(cat check.out)"
run_as plot "$MPROF_TRACE" plot -C --term mark.dat
grep -q 'peak 90.0 MiB, highest sample at' plot.out || fail "a picture's: $(cat plot.out)"

# Where the kernel keeps no peak, what was read for calls counts, whoever is asked; of a pipe samples alone.
printf 'METRIC pss\nPROC 1 0 1000.000000000 a\nMEM 10 1000.1\nFUNC f 10 1000.2 25 1000.3 0 1 1\nMEM 11 1000.4\n' >pss.dat
run_as peak "$MPROF_TRACE" peak pss.dat
grep -q '^pss.dat	25.000 MiB (PSS)$' peak.out || fail "peak of calls: $(cat peak.out)"
run_as report "$MPROF_TRACE" report pss.dat
grep -q '^  peak 25.0 MiB (PSS)$' report.out || fail "a report's: $(cat report.out)"
run_as check "$MPROF_TRACE" check --max-peak 1M pss.dat
grep -q 'peak *25.0 MiB' check.out || fail "a check's: $(cat check.out)"
mkfifo pipe
cat pss.dat >pipe &
run_as peak "$MPROF_TRACE" peak pipe
status_is peak 0
wait

# In a call: what all had meanwhile.
printf 'METRIC rss\nMEM 10 1000\nCHLD 7 30 1000.1\nFUNC f 10 1000.2 11 1000.3 0 1 1\nCHLD 7 90 1000.4\nMEM 9 1000.5\n' >call.dat
run_as peak "$MPROF_TRACE" peak -C --func f call.dat
grep -q '^call.dat	40.000 MiB (sum of RSS)$' peak.out || fail "in a call: $(cat peak.out)"

# The picture has one line, named after the sum; with --children those of the children, too.
plot()
{
	run_as plot "$MPROF_TRACE" plot --term "$@"
	status_is plot 0
}
plot -C made.dat
grep -q 'sum of RSS' plot.out || fail "no sum: $(cat plot.out)"
grep -q 'child 10' plot.out && fail "children: $(cat plot.out)"
plot -C --children 2 made.dat
grep -q 'child 10' plot.out || fail "no children: $(cat plot.out)"
grep -q '2 other children' plot.out || fail "no other children: $(cat plot.out)"
