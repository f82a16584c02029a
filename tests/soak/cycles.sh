#!/bin/sh
# CYCLES times attached to and left, a loaded program whose eight threads call hot functions, also in a signal handler
# and between transfers, with jumps that lead to pads: its own checks hold, its code is its own again, and what stays
# in it is told of. Told, too: for how long threads were held.
# asserts: unharmed target
# timeout: 36000
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

cycles=${CYCLES:-2000}
seed=${SOAK_SEED:-$$}
# A random number below $1.
random() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	random=$((seed / 65536 % $1))
}

descriptors() {
	find "/proc/$program/fd" -mindepth 1 | wc -l
}

# Mappings with code that is no file's.
code_of_ours() {
	mappings_of "$program" | awk '$2 ~ /x/ && $3 == ""'
}

# is_alive: it has not died.
is_alive() {
	kill -0 "$program" 2>/dev/null && ! is_in_state "$program" Z
}

# Of the numbers of $1, sorted, the one that $2 percent are not above.
percentile() {
	sort -n "$1" | awk -v percent="$2" '{ all[NR] = $1 }
		END { if (NR > 0) { n = int((NR * percent + 99) / 100); print all[n < 1 ? 1 : n] } }'
}

echo "seed $seed"
: >held_us
: >longest_us
start_busy -l -j 8 -r "${BUSY_HITS:-40000}"
descriptors_before=$(descriptors)
start_s=$(date +%s)
cycle=0
with_jumps=0
left_count=0
left_most=0
while [ "$cycle" -lt "$cycles" ]; do
	# Within SOAK_SECONDS, if it is given.
	[ $(($(date +%s) - start_s)) -lt "${SOAK_SECONDS:-36000}" ] || break
	cycle=$((cycle + 1))
	case $((cycle % 5)) in
	0) functions=work_leaf ;;
	1) functions='work_*' ;;
	2) functions='work_*,take_result,on_number' ;; # in a signal handler, and between transfers
	3) functions='work_*,now_ns' ;;
	4) functions=work_outer,work_deep,compare_work ;;
	esac
	random 3
	probe=$(echo 'auto pad pad' | cut -d' ' -f$((random + 1)))
	start_attach cycle -v -T 0.01 --probe "${PROBE:-$probe}" --max-calls 1000 -f "$functions" -o cycle.dat \
		"$program"
	random 4 # in one of four it ends at once
	[ "$random" -eq 0 ] || wait_until has_lines cycle.dat ^FUNC 200
	stop_attach cycle
	is_alive || {
		run_result=0
		wait "$program" || run_result=$?
		tail -n 5 cycle.err
		fail "cycle $cycle: it died with status $run_result ($functions, $probe)"
	}
	grep -q ' [1-9][0-9]* of them recorded by' cycle.err && with_jumps=$((with_jumps + 1))
	sed -n 's/.* held for \([0-9]*\) us at .*/\1/p' cycle.err >>held_us
	sed -n 's/.* percentile, \([0-9]*\) us at most.*/\1/p' cycle.err >>longest_us
	# Where no thread could be stopped without its noticing, the next attach takes the mappings over.
	left=$(code_of_ours | wc -l)
	[ "$left" -eq 0 ] || left_count=$((left_count + 1))
	[ "$left" -le "$left_most" ] || left_most=$left
	[ $((cycle % 20)) -ne 0 ] && continue
	is_own_code "$program" || fail "cycle $cycle: patches are left in its code"
	well_formed cycle.dat
done
is_own_code "$program" || fail "patches are left in its code"
echo "$cycle cycles in $(($(date +%s) - start_s)) s, $with_jumps with calls recorded by jumps"
echo "held, 99th percentile of a cycle: median $(percentile held_us 50) us," \
	"99 % of cycles within $(percentile held_us 99) us, worst $(percentile held_us 100) us"
echo "held longest in a cycle: median $(percentile longest_us 50) us," \
	"99 % of cycles within $(percentile longest_us 99) us, worst $(percentile longest_us 100) us"
echo "$left_count cycles left mappings for the next one, $left_most at most;" \
	"now $(code_of_ours | wc -l); descriptors: $descriptors_before before, $(descriptors) after"
# What a cycle leaves, the next one takes over: nothing piles up. One attach has no more than these, with the pages that
# punned jumps lead to.
left=$(code_of_ours | wc -l)
[ "$left" -le "$left_most" ] || left_most=$left
[ "$left_most" -le 64 ] || fail "mappings pile up"
[ "$(descriptors)" -le $((descriptors_before + 1)) ] || fail "descriptors pile up"
end_busy
[ "$with_jumps" -gt 0 ] || skip "no call was recorded by a jump"
