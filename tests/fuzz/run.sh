#!/bin/bash
# Fuzzes the profile reader for some time: run.sh DIRECTORY SECONDS. What was found, and the corpus as
# it grows, stay in DIRECTORY.
set -euo pipefail

directory=$1
seconds=$2
here=$(dirname "$(realpath "$0")")
mkdir -p "$directory/corpus"
"$here/build.sh" "$directory/fuzz_profile"
cd "$directory"
# A slow input, a hang and too much memory are findings as a crash is.
./fuzz_profile -max_total_time="$seconds" -max_len=8192 -timeout=5 -rss_limit_mb=1024 \
	-dict="$here/profile.dict" -print_final_stats=1 corpus "$here/corpus"
