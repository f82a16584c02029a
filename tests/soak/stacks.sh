#!/bin/bash
# Stacks of ten stopped programs as mprof-trace, gdb and libunwind see them; and the culprit of a peak, twenty times each:
# alone, among threads, in a child, with probes and without.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
shapes=()
for shape in nested recursive thread handler altstack vla; do
	shapes+=("$TARGETS/stack_shapes:$shape")
done
for shape in templates lambda virtual inlined; do
	shapes+=("$TARGETS/stack_cxx:$shape")
done
/usr/bin/python3 "$TESTS/lib/check_stacks.py" "$MPROF_TRACE" "$TARGETS/../tools/walk_stack" "${shapes[@]}"

failed=0
for shape in alone threads child; do
	for probes in '' '-f computes'; do
		named=0
		for _ in $(seq 20); do
			# shellcheck disable=SC2086 # two words, or none
			"$MPROF_TRACE" run -q --stacks=peak $probes -o peak.dat "$TARGETS/peak_culprit" $shape >/dev/null
			awk -f "$TESTS/lib/peak_culprit.awk" -v name=culprit peak.dat >/dev/null && named=$((named + 1))
		done
		echo "the culprit, $shape${probes:+, with $probes}: named in $named of 20 runs"
		[ "$named" -eq 20 ] || failed=1
	done
done
exit "$failed"
