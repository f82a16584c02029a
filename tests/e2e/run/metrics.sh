#!/bin/sh
# Each metric agrees to the page with what the program itself reads in /proc, without probes, with a
# few and with all of its functions probed; and what we add is taken off.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

readonly QUIET_MS=100
cp "$TARGETS/memory_kinds" kinds # of its own: nobody else shares its code
# The same addresses each time, where that may be asked for.
fixed=
setarch -R true 2>/dev/null && fixed='setarch -R'

# Pages of hugetlbfs are there when they are reserved, which only root may do.
reserved=/proc/sys/vm/nr_hugepages
if [ -w $reserved ]; then
	before=$(cat $reserved)
	trap 'echo "$before" >$reserved' EXIT
	echo $((before + 8)) >$reserved
fi

# shellcheck disable=SC2086 # $fixed: two words, or none
run_as plain $fixed ./kinds $QUIET_MS
status_is plain 0
sed -n 's/^cannot /not compared here: /p' plain.out

# agrees METRIC FUNCTIONS: on a machine that is too busy to take samples, the program is quiet for longer.
agrees() {
	for times in 1 2 4 8 16 32 64; do
		# shellcheck disable=SC2086
		run_as traced "$MPROF_TRACE" run -q --probe breakpoint -T 0.01 --backend "$1" ${2:+-f "$2"} -o traced.dat \
			$fixed ./kinds $((QUIET_MS * times))
		status_is traced 0
		well_formed traced.dat
		grep -qx "METRIC $1" traced.dat || fail "the file does not say that it is $1"
		result=0
		"$TESTS/lib/check_metric.py" "$1" traced.dat traced.out plain.out >result || result=$?
		[ "$result" -eq 3 ] || break
	done
	cat result
	[ "$result" -eq 0 ] || fail "--backend $1 -f '$2'"
	case $1 in
	rss | vms) grep -q '^PEAK' traced.dat || fail "no high-water mark of $1" ;;
	*) ! grep -q '^PEAK' traced.dat || fail "a high-water mark of something else than $1" ;;
	esac
}

for metric in rss pss uss anon rss+huge; do
	agrees $metric ''
	agrees $metric 'takes_*,writes_copy'
	agrees $metric '[a-z]*'
done
for metric in vms swap; do
	agrees $metric '[a-z]*'
done

# What rss leaves out is said; of what counts it, nothing.
if grep -q '^quiet hugetlb ' plain.out; then
	for metric in rss rss+huge; do
		run_as $metric "$MPROF_TRACE" run --backend $metric -o huge.dat ./kinds 1
	done
	says rss '^mprof-trace: 2.0 MiB of huge pages \(hugetlbfs\) .* in no figure of rss: --backend rss\+huge '
	! grep -q hugetlbfs rss+huge.err || fail "rss+huge leaves huge pages out"
	# The program's own figures with and without differ by its page.
	awk '$1 == "quiet" && $2 == "hugetlb" { exit !($19 - $7 >= 2 * 1048576) }' plain.out ||
		fail "$(grep '^quiet hugetlb' plain.out)"
fi

# Attached: what is there already is not ours, and what comes with us is.
for metric in anon vms; do
	for times in 3 6 12 24 48; do
		: >kinds.out
		./kinds $((times * QUIET_MS)) >kinds.out &
		kinds=$!
		wait_until grep -q '^quiet start ' kinds.out
		run_as attached "$MPROF_TRACE" attach -q --probe breakpoint -T 0.01 --backend $metric -f 'takes_*,writes_copy' \
			-o attached.dat $kinds
		wait $kinds || fail "the program's status is not its own"
		result=3
		# We may have come when it was over, or nearly so.
		[ "$(cat attached.status)" = 0 ] || continue
		grep -q '^ADDED' attached.dat || continue
		well_formed attached.dat
		result=0
		"$TESTS/lib/check_metric.py" --attached $metric attached.dat kinds.out plain.out || result=$?
		[ "$result" -eq 3 ] || break
	done
	[ "$result" -eq 0 ] || fail "--backend $metric, attached"
done
