#!/bin/bash
# Fuzzes for some time: run.sh profile|elf DIRECTORY SECONDS. What was found, and the corpus as it
# grows, stay in DIRECTORY.
set -euo pipefail

what=$1
directory=$2
seconds=$3
here=$(dirname "$(realpath "$0")")
mkdir -p "$directory/corpus-$what"
"$here/build.sh" "$what" "$directory/fuzz_$what"
cd "$directory"
case $what in
profile) options=(-max_len=8192 -dict="$here/profile.dict" corpus-profile "$here/corpus") ;;
elf)
	"$here/elf_seeds.sh" elf-seeds
	options=(-max_len=16384 -detect_leaks=0 corpus-elf elf-seeds "$here/corpus-elf")
	;;
esac
# A slow input, a hang and too much memory are findings as a crash is.
"./fuzz_$what" -max_total_time="$seconds" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
	"${options[@]}"
