#!/bin/sh
# --split: the parts of the memory are together what smaps_rollup has, to the page, without probes and with them; each
# kind has what the program made of it; a child has its own; and a file does not grow while nothing changes.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

readonly QUIET_MS=100
cp "$TARGETS/memory_parts" parts

# Pages of hugetlbfs are there when they are reserved, which only root may do.
reserved=/proc/sys/vm/nr_hugepages
before=
program=
cleanup() {
	[ -z "$before" ] || echo "$before" >$reserved
	[ -z "$program" ] || kill "$program" 2>/dev/null
}
trap cleanup EXIT
if [ -w $reserved ]; then
	before=$(cat $reserved)
	echo $((before + 8)) >$reserved
fi

# agrees OPTION…: on a machine that is too busy to take samples, the program is quiet for longer.
agrees() {
	for times in 1 2 4 8 16 32 64; do
		run_as split "$MPROF_TRACE" run -q -T 0.01 --split=maps "$@" -o split.dat ./parts $((QUIET_MS * times))
		status_is split 0
		well_formed split.dat
		result=0
		"$TESTS/lib/check_parts.py" split.dat split.out >result || result=$?
		[ "$result" -eq 3 ] || break
	done
	cat result
	[ "$result" -eq 0 ] || fail "--split=maps $*"
}

agrees --no-probes
agrees -f 'take_*' --probe breakpoint
agrees -f 'take_*,has' --probe pad
agrees -C --backend pss

# The counters alone; what did not change is not written again.
run_as counters "$MPROF_TRACE" run -q -T 0.01 --split -o counters.dat ./parts 500
status_is counters 0
grep -q '^PART [0-9]* anon ' counters.dat || fail "no counters"
! grep -Eq '^PART [0-9]+ (heap|maps|library) ' counters.dat || fail "mappings without =maps"
awk '$1 == "PART" { if (last[$2, $3] == $4) exit 1; last[$2, $3] = $4 }' counters.dat ||
	fail "a part was written again that had not changed"

# A child's parts are its own.
# shellcheck disable=SC2016 # for the shell that is recorded
run_as child "$MPROF_TRACE" run -q -T 0.01 --split=maps -o child.dat sh -c '
	./parts 100000 &
	until grep -q "^PART $! maps " child.dat; do sleep 0.05; done
	kill $!'
status_is child 0
for word in CHLD 'PART'; do
	awk -v word=$word '$1 == "PROC" { if (!main) main = $2 }
		$1 == word && $2 != main && (word == "CHLD" || $3 == "maps") { found = 1 }
		END { exit !found }' child.dat || fail "no $word of the child"
done

# Attached: what is there already is all of it.
./parts 100000 >parts.out &
program=$!
wait_until sh -c "grep -q '^VmRSS:[^0-9]*[3-9][0-9][0-9][0-9][0-9] kB' /proc/$program/status"
"$MPROF_TRACE" attach -q -T 0.01 --split=maps -o attached.dat $program &
tracer=$!
wait_until grep -q ' maps ' attached.dat
wait_until grep -q ' mapped 6.000000 ' attached.dat
kill $program
program=
wait $tracer || fail "attach failed"
well_formed attached.dat
for part in 'heap 5' 'arena 3' 'jit 1.0' 'shared 4.0'; do
	grep -q "^PART [0-9]* $part" attached.dat || fail "attached: no $part: $(grep ^PART attached.dat)"
done

run_as wrong "$MPROF_TRACE" run --split=pages true
status_is wrong 125
says wrong '--split=pages: say --split or --split=maps'
