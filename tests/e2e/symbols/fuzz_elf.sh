#!/bin/bash
# The fuzzer of ELF files: files of several kinds, what was found before, and some thousand made of
# them.
set -euo pipefail

status=0
"$TESTS/fuzz/build.sh" elf "$PWD/fuzz_elf" || status=$?
[ "$status" -eq 0 ] || exit "$status"
"$TESTS/fuzz/elf_seeds.sh" seeds
runs=${FUZZ_RUNS:-3000}
mkdir corpus
corpora=(corpus seeds)
[ ! -d "$TESTS/fuzz/corpus-elf" ] || corpora+=("$TESTS/fuzz/corpus-elf")
export ASAN_OPTIONS=
./fuzz_elf -runs="$runs" -max_len=16384 -timeout=100 -rss_limit_mb=1024 -seed=1 "${corpora[@]}" \
	>log 2>&1 || {
	tail -40 log
	exit 1
}
tail -1 log
