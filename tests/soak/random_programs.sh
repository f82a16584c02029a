#!/bin/sh
# Random programs from seeds (tests/soak/programs), recorded with random options: they behave as untraced, and what is
# recorded agrees with the book that each keeps of itself. For SOAK_S seconds from a random seed on; SEED=N: that one
# alone. RECORDS recordings of each. A program that fails is kept in SOAK_KEEP, and its seed is said.
# timeout: 36000
# asserts: unharmed target
here=$(realpath "$(dirname "$0")")
export MPROF_TRACE="${MPROF_TRACE:-$(realpath "$here/../../build/mprof-trace")}"
keep=${SOAK_KEEP:-${TMPDIR:-/tmp}/mprof-trace-soak.$$}
if [ -n "${SEED:-}" ]; then
	set -- --seeds "$SEED:${SEEDS:-1}"
else
	set -- --seconds "${SOAK_S:-1800}"
fi
mkdir -p "$keep"
result=0
/usr/bin/python3 "$here/programs/random_programs.py" "$keep" --records "${RECORDS:-3}" "$@" || result=$?
rmdir "$keep" 2>/dev/null
exit "$result"
