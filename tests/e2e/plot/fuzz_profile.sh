#!/bin/bash
# The fuzzer of the profile reader: its corpus, and some thousand inputs made of it.
set -euo pipefail

status=0
"$TESTS/fuzz/build.sh" profile "$PWD/fuzz_profile" || status=$?
[ "$status" -eq 0 ] || exit "$status"
runs=${FUZZ_RUNS:-3000}
mkdir corpus
export ASAN_OPTIONS=
./fuzz_profile -runs="$runs" -max_len=4096 -timeout=100 -rss_limit_mb=1024 -seed=1 \
	-dict="$TESTS/fuzz/profile.dict" corpus "$TESTS/fuzz/corpus" >log 2>&1 || {
	tail -40 log
	exit 1
}
tail -1 log
