#!/bin/sh
# The chapter of mprof-trace-tutorial(7) about the ranks of a parallel job, as tutorial.sh does it with the others.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# Eight ranks on few CPUs, and as root: the page says what Open MPI wants for that.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
mkdir bin work
ln -s "$(readlink -f "$MPROF_TRACE")" bin/mprof-trace
cd work || exit 1
PATH=$OLDPWD/bin:$PATH exec /usr/bin/python3 "$TESTS/lib/tutorial.py" "$TESTS/../man/mprof-trace-tutorial.7" 'A PARALLEL JOB'
