#!/bin/bash
# Fuzzes for some time: run.sh NAME|all BUILD SECONDS. What was found, and the corpus as it grows, stay in BUILD/fuzz.
# FUZZ_RUNS=N ends a fuzzer after so many executions instead; FUZZ_PLACE is another place than BUILD/fuzz for the rest. All of them: each for so long, one after another; status 1
# if any found something. Status 77, and why, where a fuzzer cannot be built.
set -euo pipefail

what=$1
build=$(realpath -m "$2")
seconds=$3
here=$(dirname "$(realpath "$0")")

if [ "$what" = all ]; then
	status=0
	for file in "$here"/fuzz_*.c "$here/relocation"; do
		name=${file##*/fuzz_}
		name=${name##*/}
		printf '\n== %s\n' "${name%.c}"
		"$0" "${name%.c}" "$build" "$seconds" || status=1
	done
	exit "$status"
fi

if [ "$what" = relocation ]; then # no libFuzzer: what is run is counted
	make --no-print-directory -C "$here/../.." BUILD="$build" "$build/tools/relocation"
	# All forms from 100 states each take about ten minutes.
	exec nice "$build/tools/relocation" --states $((seconds / 6 + 1)) --windows $((seconds * 100)) \
		--seed "${FUZZ_SEED:-1}"
fi

[ -f "$here/fuzz_$what.c" ] || {
	echo "run.sh: there is no fuzzer called '$what'" >&2
	exit 2
}
"$here/build.sh" "$what" "$build"
# A test has a place of its own, and an empty corpus.
place=${FUZZ_PLACE:-$build/fuzz}
mkdir -p "$place/corpus-$what"
cd "$place"
options=()
[ ! -f "$here/$what.dict" ] || options+=("-dict=$here/$what.dict")
read -r -a more <"$here/$what.options"
options+=("${more[@]}" "corpus-$what")
if [ -x "$here/${what}_seeds.sh" ]; then
	"$here/${what}_seeds.sh" "seeds-$what"
	options+=("seeds-$what")
fi
[ ! -d "$here/corpus-$what" ] || options+=("$here/corpus-$what")
# Freed memory that stays in the cache, and inputs of a few blocks (of 300 bytes), are twice as fast.
export ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=6
limit=(-max_total_time="$seconds")
[ -z "${FUZZ_RUNS:-}" ] || limit=(-runs="$FUZZ_RUNS" -seed=1)
# A slow input, a hang and too much memory are findings as a crash is.
exec nice "$build/fuzz/fuzz_$what" "${limit[@]}" -timeout="${FUZZ_TIMEOUT_S:-10}" -rss_limit_mb=1024 -print_final_stats=1 \
	"${options[@]}"
