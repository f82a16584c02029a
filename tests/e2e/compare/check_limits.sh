#!/bin/sh
# check: a line a limit, all of them judged; 0, 1, 125; several profiles are their median; what is not judged never passes.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"

for scale in 1 2 3; do
	made_profile $scale >"$scale.dat"
done
# Main has 93 MiB, gained 41.25 in 11 outer calls of load, 22 in all, and 0.385 s.
expect 0 "$MPROF_TRACE" check 1.dat --max-peak 93M --func load --max-gain 41.25M --max-calls 22 --max-time 400ms
[ "$(grep -c '^ok ' out)" -eq 4 ] || fail "not four lines: $(cat out)"
expect 1 "$MPROF_TRACE" check 1.dat --max-peak 92.9M --func load --max-gain 41M --max-calls 22 --max-time 100ms
[ "$(grep -c '^BROKEN ' out)" -eq 3 ] || fail "not three broken limits: $(cat out)"
[ "$(grep -c '^ok ' out)" -eq 1 ] || fail "the kept limit has no line: $(cat out)"
calls=$(awk '$1 == "FUNC" && $2 == "load" { n++ } END { print n }' 1.dat)
expect 0 "$MPROF_TRACE" check 1.dat --func load --max-calls "$calls"
expect 1 "$MPROF_TRACE" check 1.dat --func load --max-calls $((calls - 1))

# All together, and the slope, against another reader's figures.
expected_figures 3.dat >expected
tree=$(awk -F'|' '$1 == "run" && $3 == "tree" { print $4 }' expected)
slope=$(awk -F'|' '$1 == "run" && $3 == "slope" { print $4 }' expected)
above() { awk -v x="$1" 'BEGIN { printf "%.6f", x + 0.00001 }'; }
below() { awk -v x="$1" 'BEGIN { printf "%.6f", x - 0.00001 }'; }
expect 0 "$MPROF_TRACE" check 3.dat --tree --max-peak "$(above "$tree")M"
expect 1 "$MPROF_TRACE" check 3.dat --max-peak "$(below "$tree")M" --tree
expect 0 "$MPROF_TRACE" check 3.dat --max-slope "$(above "$slope")M/s"
expect 1 "$MPROF_TRACE" check 3.dat --max-slope "$(below "$slope")M/s"
expect 0 "$MPROF_TRACE" check 3.dat --max-duration 20951ms
expect 1 "$MPROF_TRACE" check 3.dat --max-duration 20.9s

# The median of three: 93, 96, 99.
expect 0 "$MPROF_TRACE" check --max-peak 96M 1.dat 2.dat 3.dat
says 'Medians of 3 profiles'
expect 1 "$MPROF_TRACE" check --max-peak 95.9M 1.dat 2.dat 3.dat
expect 1 "$MPROF_TRACE" check --func tick --max-calls 1999 3.dat 1.dat 2.dat
expect 0 "$MPROF_TRACE" check --func tick --max-calls 2000 3.dat 1.dat 2.dat

# Patterns: each function that matches; the worst is named.
expect 1 "$MPROF_TRACE" check 1.dat --func '*' --max-calls 100
says 'tick'
expect 0 "$MPROF_TRACE" check 1.dat --func 'std::map<a, b>::at' --max-calls 2
expect 1 "$MPROF_TRACE" check 1.dat --func 'std::map::at' --max-calls 1
# None that matches is 125, of one profile of several too; and no reason to hide a broken one.
expect 125 "$MPROF_TRACE" check 1.dat --func nosuch --max-calls 100 --max-peak 1G
says 'UNKNOWN'
says 'no function of 1.dat matches'
grep -v '^MANY' 2.dat >other.dat
expect 125 "$MPROF_TRACE" check 1.dat other.dat --func tick --max-calls 100000
says 'no function of other.dat matches'
expect 1 "$MPROF_TRACE" check 1.dat --func nosuch --max-calls 100 --max-peak 1M
printf 'MEM 1 1795310486\n' >one.dat
expect 125 "$MPROF_TRACE" check one.dat --max-slope 1M/s
expect 0 "$MPROF_TRACE" check one.dat --max-peak 1M
sed 's/^METRIC rss/METRIC rss tree/; /^PEAK 100/d' 1.dat >tree.dat
expect 125 "$MPROF_TRACE" check tree.dat --max-peak 1G
expect 0 "$MPROF_TRACE" check tree.dat --max-peak 1G --tree
# Far below fails only with a band.
expect 0 "$MPROF_TRACE" check 1.dat --max-peak 500M
expect 1 "$MPROF_TRACE" check 1.dat --max-peak 500M --band 20
says 'LOW'
says 'lower it'
expect 0 "$MPROF_TRACE" check 1.dat --max-peak 100M --band 20
expect 0 "$MPROF_TRACE" check 1.dat --max-peak 500M --band 100
# The newest profile is the default.
cp 1.dat mprofile_20261101000000.dat
expect 0 "$MPROF_TRACE" check --max-peak 93M
expect 1 "$MPROF_TRACE" check -1 --max-peak 92M
# A full disk is no pass.
if [ -c /dev/full ]; then
	status=0
	"$MPROF_TRACE" check 1.dat --max-peak 1G >/dev/full 2>err || status=$?
	[ "$status" -eq 125 ] || fail "verdicts to a full disk: status $status"
fi

# What cannot be written is no pass.
expect 125 "$MPROF_TRACE" check 1.dat --max-peak 1G --junit no/such/dir.xml
expect 125 "$MPROF_TRACE" check 1.dat --write-budget no/such/budget
grep -q 'cannot write no/such/budget: ' err || fail "which file cannot be written: $(cat err)"
says 'No such file' err

# refuse PART-OF-MESSAGE ARGUMENT...
refuse() {
	part=$1
	shift
	expect 125 "$MPROF_TRACE" check 1.dat "$@"
	[ ! -s out ] || fail "$*: printed $(cat out)"
	[ "$(wc -l <err)" -eq 1 ] || fail "$*: not one line: $(cat err)"
	says "$part" err
}
refuse 'no limits'
refuse 'give a size' --max-peak 500
refuse 'give a size' --max-peak 5s
refuse 'name it with --func' --max-gain 5M --func load
refuse '--tree goes with' --tree --func load --max-gain 5M
refuse 'percent' --max-peak 5M --band 0
refuse 'percent' --max-peak 5M --band 5M
refuse 'memory over time' --max-slope 5M
refuse 'whole number' --func load --max-calls 1.5
refuse 'No such file' nosuch.dat --max-peak 5M
refuse 'it is a profile' --junit 1.dat --max-peak 5M
