#!/bin/sh
# What people see of a report: columns that fit, marks and what they mean, calls as a tree, parts of a profile.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >made.dat <<'END'
CMDLINE ./app --now
METRIC rss
INTERVAL 0.1
PROC 100 99 1000.000000000 ./app --now
MEM 10.000000 1000.000000000
FUNC app::fib(int) 12.000000 1000.300000000 13.000000 1000.350000000 2 100 100
FUNC app::fib(int) 11.000000 1000.200000000 14.000000 1000.400000000 1 100 100 ret held-out
PROC 101 100 1000.450000000 ./child
CHLD 101 20.000000 1000.450000000
CHFUNC app::work 20.000000 1000.460000000 25.250000 1000.600000000 0 101 101
DONE 101 1000.700000000 139
FUNC app::fib(int) 14.000000 1000.500000000 12.000000 1000.800000000 1 100 100 unwound
MANY app::tick 100 1000.100000000 1000.900000000 1000 0.250000000 0.000100000 0.001000000 -1.500000 79.000000 0
FUNC main 10.000000 1000.100000000 30.000000 1000.950000000 0 100 100
MEM 30.000000 1001.000000000
MISS parse* matches no function
END

report()
{
	run_as report "$MPROF_TRACE" report "$@"
	status_is report 0
}
has() { grep -qF -- "$1" report.out || fail "no '$1': $(cat report.out)"; }
has_not() { grep -qF -- "$1" report.out && fail "'$1': $(cat report.out)"; true; }

# Where stdout is no terminal: all columns. COLUMNS: as many as fit, and never more.
report made.dat
has 'worst at'
has_not 'too narrow'
COLUMNS=80 report made.dat
cat >expected <<'END'
made.dat: ./app --now
  recorded for 1.00 s, a sample every 100 ms
  peak 30.0 MiB (RSS)
  highest of 1 child: 25.2 MiB (RSS), pid 101
  all together: 30.0 MiB at 0.450 s
END
head -n 5 report.out | diff expected - || fail "the head is not as expected (above: expected, found)"
has '850 ms  ≤350 ms'
has '≤ at most: condensed calls may have been within'
has '~ memory that was held'
has 'no calls of parse*: matches no function'
has 'SIGSEGV'
has '(too narrow for: '
for columns in 40 60 80 100 132; do
	COLUMNS=$columns report made.dat
	# Lines of tables; characters, not bytes. Of words there may be more.
	/usr/bin/python3 - "$columns" <<'END' || fail "$columns columns: $(cat report.out)"
import sys
lines = [line.rstrip("\n") for line in open("report.out", encoding="utf-8")]
tables = [line for line in lines if line[:1] == " " and not line.startswith("  ")]
sys.exit(not tables or max(map(len, tables)) > int(sys.argv[1]))
END
done

# Calls lie within each other; windows behind the threads of their process.
report --calls made.dat
/usr/bin/python3 - <<'END' || fail "calls: $(cat report.out)"
lines = open("report.out", encoding="utf-8").read().split("\n\n")[1].split("\n")
start = lines[0].index("function")
found = [line[start:] for line in lines[1:7]]
assert found == ["main", "  app::fib(int)", "    app::fib(int)", "  app::fib(int)", "app::tick", "app::work"], found
END
grep -q '0\.100 s .* 250 ms  *1000 .*−1\.5 MiB .*79\.0 MiB  *condensed  *app::tick$' report.out ||
	fail "condensed: $(cat report.out)"
grep -q '0\.200 s .*11\.0 MiB  *~14\.0 MiB  *~+3\.0 MiB' report.out || fail "held: $(cat report.out)"
# Of some functions only what is around them and shown counts.
report --calls -f 'app::fib' made.dat
[ "$(grep -c '  app::fib(int)$' report.out)" = 3 ] || fail "calls of fib: $(cat report.out)"
has_not main
report --calls --sort change --top 2 made.dat
grep -q '… and 4 more calls' report.out || fail "top: $(cat report.out)"
[ "$(awk '/MiB/ && /s  / { print $NF }' report.out | tail -n 2 | tr '\n' ' ')" = 'main app::work ' ] ||
	fail "sorted: $(cat report.out)"

# Parts of it.
report -f app::work --pid 101 made.dat
has app::work
has_not main
has ./child
has_not '--now  '
report -w 0.45,0.65 made.dat
has 'of it 0.45 s to 0.65 s'
has app::work
report -w 0.2,0.25 --csv made.dat
[ "$(awk -F , '{ print $NF }' report.out | tr '\n' ' ')" = 'function main app::tick app::fib(int) ' ] ||
	fail "in the window: $(cat report.out)"
report --sort function --csv made.dat
[ "$(awk -F , '{ print $NF }' report.out | tr '\n' ' ')" = 'function app::fib(int) app::tick app::work main ' ] ||
	fail "sorted by name: $(cat report.out)"

# Several; indices; CSV says which file.
cp made.dat mprofile_20260101000000.dat
report --csv made.dat -1
[ "$(cut -d , -f 1 report.out | sort -u | tr '\n' ' ')" = 'made.dat mprofile_20260101000000.dat profile ' ] ||
	fail "files: $(cat report.out)"
report
has mprofile_20260101000000.dat

# Nothing but samples, one of them; a file of mprof's.
printf 'MEM 1.5 1000\n' >one.dat
report one.dat
has 'peak 1.5 MiB'
printf 'CMDLINE python x.py\nMEM 1.5 1000.5\nFUNC __main__.f 1.0 1000.6 2.0 1000.7\nMEM 1.5 1001\n' >mprof.dat
report --calls mprof.dat
has '__main__.f'

# Lines are said to be there, unless they are of a process that is not shown.
cp made.dat lines.dat
echo 'LINE app::work 101 7 1 0.500000 25.250000 0 /src/work.c' >>lines.dat
report lines.dat
has '  lines were recorded: mprof-trace lines lines.dat prints them'
report --pid 100 lines.dat
has_not 'lines were recorded'
report made.dat
has_not 'lines were recorded'

# JSON that others can read.
report --json made.dat one.dat mprof.dat
/usr/bin/python3 - <<'END' || fail "JSON: $(cat report.out)"
import json
profiles = json.load(open("report.out", encoding="utf-8"))["profiles"]
assert [p["profile"] for p in profiles] == ["made.dat", "one.dat", "mprof.dat"]
assert {f["function"]: f["calls"] for f in profiles[0]["functions"]} == {
    "main": 1, "app::fib(int)": 3, "app::tick": 1000, "app::work": 1}
assert profiles[0]["processes"][1]["ended"] == "SIGSEGV"
assert profiles[0]["threads"][0]["in_calls_s"] == 0.85
assert profiles[1]["functions"] == [] and profiles[2]["functions"][0]["total_s"] == 0.1
END

# What cannot be.
refused() # refused WORDS OPTION...
{
	words=$1
	shift
	run_as refused "$MPROF_TRACE" report "$@"
	status_is refused 125
	grep -qF -- "$words" refused.err || fail "$*: no '$words': $(cat refused.err)"
}
refused 'no such column; there are: total_s, self_s' --sort size made.dat
refused 'choose one' --csv --json made.dat
refused 'choose one of' --csv --calls --threads made.dat
refused 'give a number of rows' --top 0 made.dat
refused 'no function of made.dat matches --func; it has: app::fib(int)' -f nothing made.dat
refused 'No such file' missing.dat
refused '--window 3,1' -w 3,1 made.dat
if [ -e /dev/full ]; then
	for format in --csv --json --processes; do
		if "$MPROF_TRACE" report "$format" made.dat >/dev/full 2>full.err; then
			fail "a full disk with $format"
		fi
		grep -q 'No space left' full.err || fail "$format: $(cat full.err)"
	done
fi
