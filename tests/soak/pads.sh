#!/bin/sh
# Random mixtures of what must not disturb hot functions, with jump pads in the program from the first hit on, and
# attached to and left at random. Each seed behaves as when untraced. SOAK_SEED=N begins with that one.
# timeout: 3600
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

first=${SOAK_SEED:-1}
seed=$first
while [ "$seed" -lt $((first + ${SOAK_ROUNDS:-100})) ]; do
	run_as plain "$TARGETS/hot_mixture" "$seed" 100
	for probe in auto pad; do
		run_as "$probe" "$MPROF_TRACE" run -q --probe "$probe" --max-calls 20000 -f 'hot_*' \
			-o "$probe.dat" "$TARGETS/hot_mixture" "$seed" 100
		same_as_untraced "$probe" || fail "seed $seed, $probe: the program behaves in another way"
	done
	"$TESTS/lib/check_records.py" auto.dat pad.dat plain.out 0 || fail "seed $seed"

	start_program left "$TARGETS/hot_mixture" "$seed" 3000
	rounds=0
	while kill -0 "$program" 2>/dev/null && [ "$rounds" -lt 5 ]; do
		rounds=$((rounds + 1))
		start_recorder attached attach -T 0.01 --probe pad --max-calls 1000 -f 'hot_*' -o left.dat \
			"$program"
		wait_until sh -c "grep -q '^FUNC hot' left.dat || ! kill -0 $recorder"
		kill -INT "$recorder" 2>/dev/null
		end_recorder attached
	done
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 0 ] || fail "seed $seed: attached to and left, it ended with $run_result"
	seed=$((seed + 1))
done
