#!/bin/sh
# Four ranks of Open MPI, with --with cpu,threads: each computes for a while, which their own clocks say, and the recording
# agrees, process by process and together.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command mpirun.openmpi mpicc.openmpi

cat >rank.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <mpi.h>
static double read_s(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
int main(int argc, char **argv)
{
	int rank;
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	double start = read_s(CLOCK_PROCESS_CPUTIME_ID);
	while (read_s(CLOCK_PROCESS_CPUTIME_ID) < start + 0.2 + 0.1 * rank)
		;
	double from = read_s(CLOCK_REALTIME), cpu = read_s(CLOCK_PROCESS_CPUTIME_ID);
	sleep(1); /* samples see it all */
	printf("rank %d pid %d cpu %.6f from %.6f to %.6f\n", rank, getpid(), cpu, from, read_s(CLOCK_REALTIME));
	fflush(stdout);
	MPI_Finalize();
	return 0;
}
END
mpicc.openmpi -O1 -o rank rank.c || fail "cannot compile"
as_root=
[ "$(id -u)" -ne 0 ] || as_root=--allow-run-as-root
# shellcheck disable=SC2086 # $as_root: a word, or none
run_as mpi "$MPROF_TRACE" run -q -T 0.02 --with cpu,threads -o mpi.dat mpirun.openmpi $as_root --oversubscribe -np 4 ./rank
[ "$(cat mpi.status)" = 0 ] || { head -n 5 mpi.err; skip "mpirun does not work here"; }
well_formed mpi.dat
[ "$(grep -c '^rank [0-3] ' mpi.out)" -eq 4 ] || { cat mpi.out; fail "not four ranks"; }
grep '^rank' mpi.out | while read -r _ rank _ pid _ cpu _ from _ to; do
	# Open MPI has threads of its own, which wake now and then.
	awk -v pid="$pid" -v cpu="$cpu" -v from="$from" -v to="$to" '
		$1 == "CHLD" && $2 == pid && $4 > from && $4 < to { seen = 1 }
		$1 == "WITH" && $2 == pid && $3 == "cpu" && $5 < to { last = $4 }
		END { exit seen && !(last <= cpu + 0.1 && last >= cpu - 0.001) }' mpi.dat ||
		fail "rank $rank: $(grep "^WITH $pid cpu" mpi.dat | tail -n 1), its own is $cpu"
done || exit 1

# All together: the sum of what each had, the launcher's own among them.
run_as report "$MPROF_TRACE" report --json mpi.dat
status_is report 0
python3 - mpi.dat report.out <<'END' || fail "another sum"
import json, sys
first, last = {}, {}
for line in open(sys.argv[1]):
    words = line.split()
    if words[:1] == ["WITH"] and words[2] == "cpu":
        first.setdefault(words[1], float(words[3]))
        last[words[1]] = float(words[3])
total = sum(last[p] - first[p] for p in last)
found = json.load(open(sys.argv[2]))["profiles"][0]["with"][0]
print(found, total)
sys.exit(not (found["name"] == "cpu" and abs(found["total"] - total) < 0.01 and found["processes"] >= 5))
END
run_as plot "$MPROF_TRACE" plot -o mpi.svg mpi.dat
status_is plot 0
python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' <mpi.svg | grep -q 'CPU, all [0-9]* processes' ||
	fail "no pane of CPU time"
