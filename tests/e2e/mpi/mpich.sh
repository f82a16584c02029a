#!/bin/sh
# The same with MPICH, whose ranks wait by computing; one is killed, and then one's mprof-trace.
# timeout: 900
# shellcheck source=tests/lib/mpi_ranks.sh
. "$TESTS/lib/mpi_ranks.sh"
compile_ranks mpich

launch plain 8 ./ranks status
[ "$(grep -c '^rank' plain.out)" -eq 8 ] || { head -n 5 plain.err; skip "mpirun does not work here"; }
record traced 8 --mpi -f work,leaf,grow,main ./ranks status
as_untraced traced plain
whole traced 8
calls_are traced 8 10
after_init traced 8

# The mark is what times can be counted from; a process began before it.
run_as align "$MPROF_TRACE" report --by rank --align MPI_Init --csv traced
status_is align 0
for rank in 0 7; do
	found=$(awk -F, -v rank="$rank" '$2 == rank { print $4 }' align.out)
	awk -v found="$found" '$1 == "PROC" { from = $4 } $1 == "MARK" { mark = $4 }
		END { exit !(found < 0 && found > from - mark - 0.001 && found < from - mark + 0.001) }' "traced/$rank.dat" ||
		fail "rank $rank starts at $found: $(grep -E '^(PROC|MARK)' "traced/$rank.dat")"
done

begin_hang killed 3
kill -KILL "${pids##*
}"
end_hang killed 3

# A launcher ends what it has started: the program does not outlive that.
begin_hang front 2
engine=$(awk '$1 == "TracerPid:" { print $2 }' "/proc/${pids##*
}/status")
kill -KILL "$(awk '$1 == "PPid:" { print $2 }' "/proc/$engine/status")"
end_hang front 2

# Not one that calls MPI_Init.
run_as never "$MPROF_TRACE" run --mpi -f main -o never.dat true
status_is never 0
says never 'no process has come back from MPI_Init'
! grep -E '^(MEM|FUNC)' never.dat || fail "it was recorded"
run_as never "$MPROF_TRACE" run --mpi --no-probes true
status_is never 125
