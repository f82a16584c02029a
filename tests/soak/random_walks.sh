#!/bin/sh
# Random walks with longjmps and signals in three threads, from 100 seeds.
# timeout: 3600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

seed=0
while [ "$seed" -lt "${SOAK_ROUNDS:-100}" ]; do
	seed=$((seed + 1))
	run_as plain "$TARGETS/random_walk" 2000 "$seed"
	run_as traced "$MPROF_TRACE" run -q -f 'walk_?' -o traced.dat "$TARGETS/random_walk" 2000 "$seed"
	same_as_untraced traced || fail "seed $seed: the program behaves in another way"
	"$TESTS/lib/check_records.py" traced.dat plain.out 0 || fail "seed $seed"
done
