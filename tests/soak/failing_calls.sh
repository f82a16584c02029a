#!/bin/bash
# Each kind of system call of the engine fails with each error, at its 1st, 2nd, 10th and at random
# occurrences, once, some times in a row and for good.
# shellcheck source=tests/lib/failing_calls.sh
. "$TESTS/lib/failing_calls.sh"

for _ in $(seq "${SOAK_ROUNDS:-3}"); do
	for kind in $kinds; do
		for errno in "${!errnos[@]}"; do
			random 400
			for at in 1 2 10 $((random + 1)); do
				fails_unharmed "$kind" "$errno" "$at" 1 --survival=no
				fails_unharmed "$kind" "$errno" "$at" 3 --backend=pss
			done
		done
	done
done
