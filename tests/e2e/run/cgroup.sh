#!/bin/sh
# --backend cgroup against the kernel's own figures, in a cgroup of version 1 that is made here; and of version 2, which has no
# memory controller on most machines that have one of version 1, against files that are bind-mounted in its place, in a
# mount namespace of their own.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cp "$TARGETS/beside_memory" beside
root=$(awk '$9 == "cgroup" || $8 == "cgroup" { if ($NF ~ /(^|,)memory(,|$)/) { print $5; exit } }' /proc/self/mountinfo)
own=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
group=$root${own%/}/mprof_test.$$
inner=$group/inner
v2=
cleanup() {
	rmdir "$inner" "$group" 2>/dev/null
	[ -z "$v2" ] || rmdir "$v2" 2>/dev/null
}
trap cleanup EXIT

version_1() {
	mkdir "$inner" && echo 300000000 >"$group/memory.limit_in_bytes" &&
		echo 500000000 >"$inner/memory.limit_in_bytes" 2>/dev/null
	# A limit above that of the group above is refused by some kernels.
	result=3
	for times in 1 2 4 8 16 32; do
		# shellcheck disable=SC2016
		# What the kernel says while the program is quiet, before and after each sample.
		run_as v1 "$MPROF_TRACE" run -q -T 0.01 --backend cgroup -o v1.dat sh -c '
			echo $$ >"$1/cgroup.procs"
			(sleep 0.1; while kill -0 $$ 2>/dev/null; do cat "$1/memory.usage_in_bytes"; sleep 0.01; done) >kernel 2>/dev/null &
			exec ./beside "$2"' sh "$inner" $((500 * times))
		status_is v1 0
		well_formed v1.dat
		mark=$(cat "$inner/memory.max_usage_in_bytes")
		result=0
		awk -v mark="$mark" 'FILENAME == "kernel" { if (!low || $1 < low) low = $1; if ($1 > high) high = $1; next }
			FILENAME == "v1.out" { from = $2; to = $3; next }
			$1 == "MEM" && $3 > from && $3 < to { count++; bytes = $2 * 1048576; if (bytes < low - 1048576 || bytes > high + 1048576) bad++ }
			$1 == "PEAK" && $3 * 1048576 > mark - 2 && $3 * 1048576 < mark + 2 { peak = 1 }
			END { print count, bad, low, high, mark; exit !high || count < 2 ? 3 : bad || !peak }' kernel v1.out v1.dat || result=$?
		[ "$result" -eq 3 ] || break
		echo 0 >"$inner/memory.max_usage_in_bytes"
	done
	[ "$result" -eq 0 ] || fail "version 1: $(grep -E '^(MEM|PEAK)' v1.dat | head -n 5)"
	grep -qx 'METRIC cgroup' v1.dat || fail "no METRIC cgroup"
	# The lowest limit counts, of whole pages.
	awk '$1 == "WITH" && $3 == "cgroup-limit" { mib = $4 } END { exit !(mib > 286 && mib < 286.2) }' v1.dat ||
		fail "another limit: $(grep cgroup-limit v1.dat)"
	! grep -q '^CHLD' v1.dat || fail "a child has a figure of its own"
	run_as plot "$MPROF_TRACE" plot -o v1.svg v1.dat
	status_is plot 0
	python3 -c 'import html, sys; sys.stdout.write(html.unescape(sys.stdin.read()))' <v1.svg |
		grep -q 'limit of the cgroup  286' || fail "no limit in the picture"
}

version_2() {
	hierarchy=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
	if [ -z "$hierarchy" ] || ! mkdir "$hierarchy/mprof_test.$$" 2>/dev/null; then
		echo "version 2 is not compared here: no such hierarchy that may be written to"
		return
	fi
	v2=$hierarchy/mprof_test.$$
	mkdir fake
	echo 44040192 >fake/memory.current
	echo 44040192 >fake/memory.peak
	echo max >fake/memory.max
	sleep 1000 &
	program=$!
	echo "0::/mprof_test.$$" >fake.cgroup
	# In the namespace the program is in that group, whose figures are these files.
	cat >inside.sh <<-'END'
		mount --bind fake "$1" && mount --bind fake.cgroup "/proc/$2/cgroup" || exit 77
		"$MPROF_TRACE" attach -q -T 0.01 --no-follow --backend cgroup --max-calls 1 -t 1000 -o v2.dat "$2" &
		while ! grep -q '^MEM 42.000000 ' v2.dat 2>/dev/null; do
			kill -0 $! 2>/dev/null || exit 1
			sleep 0.05
		done
		echo 94371840 >fake/memory.peak
		echo 104857600 >fake/memory.max
		echo 83886080 >fake/memory.current
		while ! grep -q '^MEM 80.000000 ' v2.dat || ! grep -q 'cgroup-limit 100 ' v2.dat; do
			kill -0 $! 2>/dev/null || exit 1
			sleep 0.05
		done
		kill "$2"
		wait $!
	END
	run_as v2 unshare -m sh inside.sh "$v2" $program
	kill $program 2>/dev/null
	if [ "$(cat v2.status)" = 77 ]; then
		echo "version 2 is not compared here: $(cat v2.err)"
		return
	fi
	status_is v2 0
	well_formed v2.dat
	[ "$(grep '^MEM' v2.dat | sed 's/^MEM \([0-9.]*\) .*/\1/' | uniq)" = "$(printf '42.000000\n80.000000')" ] ||
		fail "version 2: $(grep '^MEM' v2.dat | sed 's/ [^ ]*$//' | uniq -c)"
	# The mark has risen since; without that it would be of somebody before.
	grep -q '^PEAK [0-9]* 90.000000 ' v2.dat || fail "version 2: $(grep '^PEAK' v2.dat)"
}

if [ -n "$root" ] && mkdir "$group" 2>/dev/null; then
	version_1
else
	echo "version 1 is not compared here: no memory controller of it that may be written to"
fi
[ "$(id -u)" -ne 0 ] || version_2
[ -e v1.dat ] || [ -e v2.dat ] || skip "no cgroup can be made here"

# In none that counts memory.
if [ "$(id -u)" -eq 0 ]; then
	echo '9:name=systemd:/' >none.cgroup
	# shellcheck disable=SC2016
	run_as none unshare -m sh -c 'mount --bind none.cgroup /proc/$$/cgroup && exec "$MPROF_TRACE" run --backend cgroup true'
	status_is none 125
	says none '--backend cgroup: .* is in no cgroup that counts memory'
fi
