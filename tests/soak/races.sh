#!/bin/bash
# The targets where order depends on luck, many times over.
# timeout: 7200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

mapfile -t targets < <("$TESTS/lib/list_targets.sh" 'thread*' 'fork*' 'exec*' 'signal*' 'sigtrap*' 'vfork*' \
	exception_threads 'killed*' zombies 'process*')
[ ${#targets[@]} -gt 0 ] || fail "no targets"
for ((round = 1; round <= ${SOAK_ROUNDS:-30}; round++)); do
	"$TESTS/lib/run_tests.sh" "${targets[@]}" >round.log || {
		cat round.log
		fail "round $round"
	}
done
tail -n 1 round.log
