#!/bin/bash
# Fuzzes for some time: run.sh profile|elf DIRECTORY SECONDS. What was found, and the corpus as it
# grows, stay in DIRECTORY. FUZZ_RUNS=N ends it after so many executions instead.
set -euo pipefail

what=$1
directory=$2
seconds=$3
if [ "$what" = relocation ]; then
	make --no-print-directory BUILD="${directory%/*}" "${directory%/*}/tools/relocation"
	# All forms from 100 states each take about so long; what is left of the time is for windows.
	exec nice "${directory%/*}/tools/relocation" --states $((seconds / 6 + 1)) --windows $((seconds * 100)) --seed "${FUZZ_SEED:-1}"
fi
here=$(dirname "$(realpath "$0")")
mkdir -p "$directory/corpus-$what"
"$here/build.sh" "$what" "$directory/fuzz_$what"
cd "$directory"
if [ -n "${FUZZ_RUNS:-}" ]; then
	limit=(-runs="$FUZZ_RUNS")
else
	limit=(-max_total_time="$seconds")
fi
case $what in
profile)
	# Freed memory that stays in the cache, and inputs of a few blocks (of 300 bytes), are twice
	# as fast: 10^7 executions took 41 minutes of a core that was shared.
	export ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=6
	options=(-max_len=1024 -dict="$here/profile.dict" corpus-profile "$here/corpus")
	;;
elf)
	"$here/elf_seeds.sh" elf-seeds
	options=(-max_len=16384 -detect_leaks=0 corpus-elf elf-seeds)
	[ ! -d "$here/corpus-elf" ] || options+=("$here/corpus-elf")
	;;
esac
# A slow input, a hang and too much memory are findings as a crash is.
exec nice "./fuzz_$what" "${limit[@]}" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
	"${options[@]}"
