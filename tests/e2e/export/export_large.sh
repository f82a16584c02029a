#!/bin/sh
# What would be larger than 200 MB is reduced, says so, and keeps its extremes and sums; --all writes all.
# timeout: 600
set -eu
# shellcheck source=tests/lib/export.sh
. "$TESTS/lib/export.sh"

# Long names make much of little: 150,000 samples of a process whose name takes 2000 bytes, 300 MB of CSV.
# A tooth in ten thousand stands out, up or down.
awk 'BEGIN {
	for (i = 0; i < 2000; i++)
		name = name "x"
	print "CMDLINE long\nPROC 7 1 1795310486.0 " name
	for (i = 0; i < 150000; i++)
		printf "MEM %d %.3f\n", i % 10007 == 5000 ? 900 : i % 10007 == 7000 ? 1 : 100 + i % 10, 1795310486 + i / 1000
}' >samples.dat

# reduced KIND PROFILE: exports to KIND.out, which must be said to be reduced, and be.
reduced() {
	export_as "$1" "$1.out" "$2" 2>err || fail "$1: $(cat err)"
	[ "$(grep -c 'warning: reduced to 200 MB' err)" -eq 1 ] || fail "$1: $(cat err)"
	grep -q -- '--all' err || fail "$1: $(cat err)"
	bytes=$(stat -c %s "$1.out")
	echo "$1: $bytes bytes; $(cat err)"
	if [ "$bytes" -gt 200000000 ] || [ "$bytes" -lt 150000000 ]; then fail "$1: $bytes bytes"; fi
}

reduced csv samples.dat
# All that stay are samples; the first, the last and each that stands out are among them, in order.
cut -d , -f 1,4 csv.out | tail -n +2 >some
rm csv.out
awk '$1 == "MEM" { sub(/\.?0+$/, "", $3); print $3 "," $2 }' samples.dat >every
[ "$(wc -l <some)" -lt 100000 ] || fail "nothing was left out"
sort -u every >sorted
sort -u every some | cmp - sorted || fail "samples that the profile does not have"
[ "$(grep -c ',900$' some) $(grep -c ',1$' some)" = "$(grep -c ',900$' every) $(grep -c ',1$' every)" ] || fail "extremes are lost"
[ "$(head -1 some) $(tail -1 some)" = "$(head -1 every) $(tail -1 every)" ] || fail "an end is lost"
sort -c -n some || fail "the order"

# Of 200,000 calls of such a process the longest stay, and the sums of all.
awk 'BEGIN {
	for (i = 0; i < 2000; i++)
		name = name "x"
	print "PROC 7 1 1000 " name "\nMEM 1 1000\nMEM 1 9000"
	srand(3)
	for (i = 0; i < 200000; i++) {
		mib = i % 100 / 100
		printf "FUNC f_%d 1.0 %.9f %.2f %.9f 0 7 7\n", i % 3, 1000 + i / 100, 1 + mib, 1000 + i / 100 + rand() / 200
	}
}' >calls.dat
cat >sums.awk <<'EOF'
# count, nanoseconds, hundredths of a MiB gained, the longest call
{ n = split($4, out, "."); split($3, in_, "."); ns = (out[1] - in_[1]) * 1e9 + out[2] - in_[2]
  count++; sum += ns; gained += $5 * 100 - 100; if (ns > longest) longest = ns }
END { printf "%d %.0f %.0f %.0f\n", count, sum, gained, longest }
EOF
awk '/^FUNC/ { print "FUNC", $2, $4, $6, $5 }' calls.dat | awk -f sums.awk >wanted

reduced calls calls.dat
awk -F , 'NR > 1 {
	count += $9; sum += $10 * 1e9; gained += $15 * 100; if ($12 * 1e9 > longest) longest = $12 * 1e9; kinds[$1]++
	if ($1 == "call" && (shortest == "" || $10 < shortest)) shortest = $10
	if ($1 == "condensed" && $12 > dropped) dropped = $12
} END {
	printf "%d %.0f %.0f %.0f\n", count, sum, gained, longest
	print kinds["call"] + 0, kinds["condensed"] + 0, shortest, dropped >"kinds"
}' calls.out >got
cmp wanted got || fail "calls: $(cat got), not $(cat wanted)"
# What is dropped is shorter than what stays, but for calls of one class.
awk '{ exit !($1 > 50000 && $1 < 150000 && $2 == 3 && $4 < $3 * 1.0626) }' kinds || fail "calls: $(cat kinds)"
rm calls.out

"$MPROF_TRACE" export --csv --calls --all calls.dat 2>err | wc -c >bytes
[ ! -s err ] || fail "--all: $(cat err)"
[ "$(cat bytes)" -gt 400000000 ] || fail "--all: $(cat bytes) bytes"

# Recursion of 30,000 calls: all stacks together would take 5 GB. What is too deep is added to what stays.
awk 'BEGIN {
	print "MEM 1 1000\nMEM 1 9000"
	for (i = 0; i < 30000; i++)
		printf "FUNC recursion_%d 1.0 %.9f 2.0 %.9f %d 7 7\n", i % 2, 1000 + i / 100, 9000 - i / 100, i
}' >deep.dat
reduced time deep.dat
awk '{ sum += $NF } END { exit !(sum == 8000e9) }' time.out || fail "recursion: $(awk '{ s += $NF } END { printf "%.0f", s }' time.out)"
