#!/bin/bash
# Fuzzes the profile reader for some time: run.sh DIRECTORY SECONDS. What was found, and the corpus as
# it grows, stay in DIRECTORY. FUZZ_RUNS=N ends it after so many executions instead.
set -euo pipefail

directory=$1
seconds=$2
here=$(dirname "$(realpath "$0")")
mkdir -p "$directory/corpus"
"$here/build.sh" "$directory/fuzz_profile"
cd "$directory"
if [ -n "${FUZZ_RUNS:-}" ]; then
	limit=(-runs="$FUZZ_RUNS")
else
	limit=(-max_total_time="$seconds")
fi
# Freed memory that stays in the cache, and inputs of a few blocks (of 300 bytes), are twice as fast:
# 10^7 executions took 41 minutes of a core that was shared.
export ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=6
# A slow input, a hang and too much memory are findings as a crash is.
exec nice ./fuzz_profile "${limit[@]}" -max_len=1024 -timeout=5 -rss_limit_mb=1024 \
	-dict="$here/profile.dict" -print_final_stats=1 corpus "$here/corpus"
