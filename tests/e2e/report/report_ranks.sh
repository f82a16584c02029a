#!/bin/sh
# The report of a directory of ranks: its figures are those that Python computes of the files; what is no rank is said.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

make_ranks() { python3 "$TESTS/tools/make_ranks.py" "$@"; }
report() { "$MPROF_TRACE" report "$@"; }

# figures_are DIRECTORY [FUNCTION]: of the whole report, aligned by the function's first calls.
figures_are()
{
	report --json ${2:+--align "$2"} "$1" >report.json 2>err || fail "report --json $1: $(cat err)"
	python3 "$TESTS/lib/check_ranks.py" "$1" report.json ${2:+"$2"} || fail "$1 ${2:-}: figures differ"
}

# refused WORDS ARGUMENTS…: with one line that has the words.
refused()
{
	words=$1
	shift
	status=0
	report "$@" >out 2>err </dev/null || status=$?
	[ "$status" -eq 125 ] || fail "report $*: status $status"
	[ ! -s out ] || fail "report $*: printed $(cat out)"
	[ "$(wc -l <err)" -eq 1 ] || fail "report $*: not one line: $(cat err)"
	grep -qF -- "$words" err || fail "report $*: '$words' is not in $(cat err)"
}

make_ranks eight 8 60 2
make_ranks many 70 40 5
make_ranks 'no hosts' 5 40 0
for directory in eight many 'no hosts'; do
	figures_are "$directory"
	figures_are "$directory" MPI_Init
done

# A rank whose program forks: its memory is that of both, and of the one that is left.
mkdir forks
cat >forks/run.0.dat <<'END'
CMDLINE ./app
FORMAT 4 mprof-trace
METRIC rss
RANK 0 2 77 node one
PROC 100 1 1795310486.000000000 ./app
MEM 10.000000 1795310486.000000000
PROC 101 100 1795310486.400000000 ./app
CHLD 101 20.000000 1795310486.450000000
FUNC load 10.000000 1795310486.100000000 30.000000 1795310486.700000000 0 100 100
MEM 30.000000 1795310486.500000000
CHLD 101 25.000000 1795310486.550000000
DONE 101 1795310486.600000000 0
MEM 31.000000 1795310487.000000000
PEAK 100 31.500000 1795310487.100000000
DONE 100 1795310487.100000000 0
TICKS 4 0 0 0.000058417 0.000091020
END
sed 's/^RANK 0/RANK 1/; s/ 1795310487/ 1795310488/g; s/ 1795310486/ 1795310487/g; s/31.000000/60.000000/; s/^DONE 100 \(.*\) 0$/DONE 100 \1 9/' \
	forks/run.0.dat >forks/run.1.dat
figures_are forks
report forks >out
grep -q '^  1 rank failed: 1 (9)$' out || fail "who failed: $(cat out)"
grep -q 'node one$' out || fail "a host with a space: $(cat out)"

# People: a table that does not grow with the ranks, at most 80 columns wide, and all of it.
COLUMNS=80 report many >out
[ "$(wc -l <out)" -lt 45 ] || fail "too long: $(cat out)"
awk 'length($0) > 82 { exit 1 }' out || fail "too wide: $(cat out)" # characters of three bytes among them
grep -q '^many: job 4711, 70 ranks on 5 hosts: ./solver --grid 512$' out || fail "head: $(cat out)"
grep -q '  49 .*highest' out || fail "the highest rank: $(cat out)"
grep -q '… and [0-9]* more ranks; --all has all' out || fail "those left out: $(cat out)"
grep -q '^  1 rank failed: 1 (SIGKILL)$' out || fail "who failed: $(cat out)"
[ "$(report --by rank --all many | grep -c '^ *[0-9]* *node')" -eq 70 ] || fail "--all: $(report --by rank --all many)"
[ "$(report --by rank --top 3 --sort peak many | grep -c '^ *[0-9]* *node')" -eq 3 ] || fail "--top 3"
report --csv --sort rank many >ranks.csv
[ "$(wc -l <ranks.csv)" -eq 71 ] || fail "--csv: $(cat ranks.csv)"
[ "$(report --csv --by host many | wc -l)" -eq 6 ] || fail "--csv --by host"
report --csv --by function -f 'MPI_*' many >functions.csv
[ "$(wc -l <functions.csv)" -eq 3 ] || fail "--csv --by function: $(cat functions.csv)"

# Which rank is missing, and which is there twice.
mv many/run.7.dat kept
cp many/run.9.dat many/again.9.dat
report many >out
grep -q '^  no profile of these ranks: 7$' out || fail "a rank is missing: $(cat out)"
grep -q '^  1 of the profiles is of a rank that has another one, too$' out || fail "a rank is there twice: $(cat out)"
mv kept many/run.7.dat
rm many/again.9.dat

# What is no profile is left out, with one line; links count.
cp -r eight 'with others'
(
	cd 'with others'
	mkdir within
	echo 'no profile' >job.out
	: >empty.dat
	printf 'CMDLINE ./x\nFORMAT 4 mprof-trace\n' >run.90.dat
	mkfifo pipe.dat
	mv run.3.dat ../elsewhere.dat
	ln -s ../elsewhere.dat run.3.dat
	ln -s nowhere run.99.dat
	mv run.4.dat 'a rank  4.dat'
)
report 'with others' >out 2>err || fail "$(cat err)"
[ "$(wc -l <err)" -eq 1 ] || fail "not one line: $(cat err)"
grep -q 'with others: 4 files are left out; the first: with others/empty.dat is empty' err || fail "$(cat err)"
grep -q '^with others: job 4711, 8 ranks on 2 hosts' out || fail "$(cat out)"

# Damage, and recordings without an end.
cp -r eight damaged
echo 'MEM x y' >>damaged/run.2.dat
sed -i '/^TICKS/d; /^DONE/d' damaged/run.5.dat
touch -d '1 hour ago' damaged/run.5.dat
report damaged >out 2>err
grep -q 'damaged: 1 damaged line in 1 file; the rest is used' err || fail "damage: $(cat err)"
grep -q '^  the recording broke off: 1 rank$' out || fail "no end: $(cat out)"
grep -q ' 5 .*broke off' out || fail "no end, in its row: $(cat out)"

# Several jobs in one place.
make_ranks two 4 30 2 12
python3 "$TESTS/tools/make_ranks.py" other 3 30 1 34
for file in other/*; do mv "$file" "two/job34.${file#other/}"; done
figures_are two
[ "$(report two | grep -c '^two: job')" -eq 2 ] || fail "two jobs: $(report two)"
[ "$(report --csv --job 34 two | grep -c '^34,')" -eq 3 ] || fail "--job 34: $(report --csv --job 34 two)"

# Ranks that never made the call are left out of what is counted from it.
sed -i '/MPI_Init/d' eight/run.6.dat
report --align MPI_Init eight >out 2>err
grep -q 'eight: left out 1 profile without a call of MPI_Init' err || fail "--align: $(cat err)"
grep -q '7 ranks' out || fail "--align: $(cat out)"
grep -q 'times are from the first call of MPI_Init in each rank' out || fail "--align: $(cat out)"

# Nor are those whose times nobody can reckon with.
cp -r forks apart
printf 'FUNC load 1 -4611686017.0 1 -4611686016.0 0 100 100\nMEM 1 4611686017.0\n' >>apart/run.1.dat
report --align load apart >out 2>err
grep -q 'left out: apart/run.1.dat is damaged: its times are decades apart' err || fail "times: $(cat err)"
grep -q '^apart: job 77, 1 rank' out || fail "times: $(cat out)"

mkdir nothing others
echo x >others/x.dat
refused "nothing has no profile: record into it with 'run -o nothing/run.%r.dat'" nothing
refused 'others has no profile that can be used; 1 other file: others/x.dat is not a profile' others
refused 'no profile in eight has a call of no_such' --align no_such eight
refused 'no profile in eight is of the job 5' --job 5 eight
refused 'no function in eight matches --func' -f no_such eight
refused '--window is of one profile, but eight is a directory: name one in it' -w 1,2 eight
refused '--calls is of one profile' --calls eight
refused '--pid is of one profile' --pid 3 eight
refused 'a directory of ranks is reported by itself' eight eight/run.1.dat
refused '--by host is of a directory of ranks: name one' --by host eight/run.1.dat
refused '--csv: choose one of --by rank, --by host and --by function' --csv --by rank --by host eight
refused '--by nonsense: say function, growth, rank or host' --by nonsense eight
refused '--all is of a directory of ranks: name one' --all eight/run.1.dat
refused '--sort nonsense: no such column; there are: job, ranks, peak_mib' --sort nonsense eight
