#!/bin/bash
# However few descriptors there are: the program ends as untraced, and from some number on all of it is
# recorded, although the memory and the figures of each process would want two.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >children.sh <<'END'
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	"$1" &
done | sort
wait
END
run_as plain sh children.sh "$TARGETS/many_things"
[ "$(grep -c handled plain.out)" -eq 14 ] || fail "the program does not run: $(head plain.out)"

for limit in 8 9 10 11 12 13 14 15 16 17 18 20 24 30; do
	run_as few bash -c "ulimit -n $limit; exec \"\$@\"" few \
		"$MPROF_TRACE" run -q -f leaf -o few.dat sh children.sh "$TARGETS/many_things"
	if [ ! -s few.out ] && [ -s few.err ]; then # not begun, and why
		status_is few 125
		[ $limit -lt 15 ] || fail "nothing can be recorded with $limit descriptors: $(cat few.err)"
		continue
	fi
	cmp plain.out few.out || fail "the program ends otherwise where there are $limit descriptors"
	[ "$(wc -l <few.err)" -le 6 ] || fail "$(wc -l <few.err) lines are said of $limit descriptors"
	[ $limit -lt 16 ] || status_is few 0
	[ $limit -lt 16 ] || [ "$(count_calls few.dat leaf)" -eq $((14 * 15)) ] ||
		fail "with $limit descriptors $(count_calls few.dat leaf) calls are recorded: $(cat few.err)"
	[ $limit -lt 16 ] || [ "$(awk '$1 == "PEAK" && $3 > 0 { print $2 }' few.dat | sort -u | wc -l)" -ge $((14 * 3)) ] ||
		fail "with $limit descriptors processes have no memory: $(cat few.err)"
done
