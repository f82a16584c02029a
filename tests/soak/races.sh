#!/bin/bash
# The targets where order depends on luck, many times over.
# timeout: 7200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

names=()
for source in "$TESTS"/targets/{thread,fork,exec,signal,sigtrap,vfork,exception_threads,killed,zombies,process}*.c*; do
	grep -q '"expect.h"' "$source" && names+=("$(basename "${source%.*}")")
done
for ((round = 1; round <= ${SOAK_ROUNDS:-30}; round++)); do
	mkdir "$round"
	(cd "$round" && "$TESTS/e2e/targets.sh" "${names[@]}") >"$round.log" || {
		cat "$round.log"
		fail "round $round of ${names[*]}"
	}
	rm -r "$round"
done
tail -n 1 "$((round - 1)).log"
