#!/bin/sh
# Ranks of Open MPI, each recorded for itself: as untraced, whole whatever ends them, and with --mpi from MPI_Init on.
# timeout: 900
# shellcheck source=tests/lib/mpi_ranks.sh
. "$TESTS/lib/mpi_ranks.sh"
compile_ranks openmpi

launch plain 8 ./ranks
[ "$(cat plain.status)" = 0 ] || { head -n 5 plain.err; skip "mpirun does not work here"; }
record traced 8 -f work,leaf,grow,main,'MPI_*' ./ranks
as_untraced traced plain
whole traced 8
calls_are traced 8 11
[ "$(count_calls traced/5.dat MPI_Allreduce)" -eq 1 ] || fail "no MPI_Allreduce"

launch status.plain 2 ./ranks status
record mpi 2 --mpi -f work,leaf,grow,main,'MPI_*' ./wrapped status
as_untraced mpi status.plain
whole mpi 2
calls_are mpi 2 10
after_init mpi 2

# The ranks of one that aborts are killed.
launch abort.plain 3 ./ranks abort
record abort 3 -f work,leaf,grow ./ranks abort
status_is abort "$(cat abort.plain.status)"
whole abort 3

begin_hang int 3
kill -INT "$launcher"
end_hang int 3
