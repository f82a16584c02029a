#!/bin/sh
# Attached to and left 50 times, a loaded program whose eight threads call hot functions, so that jumps
# lead to pads when it is left: it feels nothing, its code is its own again, and nothing of ours stays
# in its memory but what the next attach takes over.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

# Descriptors that somebody has opened to read the memory of the program.
statm_count() {
	find "/proc/$program/fd" -lname '*/statm' | wc -l
}

start_busy -l -j 8 -r "${BUSY_HITS:-40000}"
# Mappings with code that is no file's.
code_of_ours() {
	mappings_of "$program" | awk '$2 ~ /x/ && $3 == ""'
}

round=0
with_jumps=0
left_count=0
while [ "$round" -lt "${ATTACH_ROUNDS:-50}" ]; do
	round=$((round + 1))
	case $((round % 5)) in
	0) functions=work_leaf ;;
	1) functions='work_*' ;;
	2) functions='work_*,take_result,on_number' ;; # in a signal handler, and between transfers
	3) functions='work_*,now_ns' ;;
	4) functions=work_outer,work_deep,compare_work ;;
	esac
	start_attach hot -v -T 0.01 --probe "${PROBE:-auto}" --max-calls 1000 -f "$functions" -o hot.dat \
		"$program"
	wait_until has_lines hot.dat ^FUNC 500
	stop_attach hot
	is_own_code "$program" || fail "round $round: patches are left in its code"
	well_formed hot.dat
	# Where no thread could be stopped without its noticing, the next attach takes the mappings over.
	[ -z "$(code_of_ours)" ] || left_count=$((left_count + 1))
	grep -q ' [1-9][0-9]* of them recorded by' hot.err && with_jumps=$((with_jumps + 1))
done
echo "$left_count of $round rounds left mappings for the next one; $(statm_count) descriptors are left"
end_busy
[ "$with_jumps" -gt 0 ] || skip "no call was recorded by a jump"
echo "$with_jumps of $round rounds had calls recorded by jumps"
