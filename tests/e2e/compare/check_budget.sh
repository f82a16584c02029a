#!/bin/sh
# check --budget: a file in the options' own words, refused with its line where it is not understood; --write-budget makes one
# that its profiles keep, and that profiles with more, or with much less, do not.
set -eu
# shellcheck source=tests/lib/compare.sh
. "$TESTS/lib/compare.sh"

for scale in 1 2 3; do
	made_profile $scale >"$scale.dat"
done
cat >budget.txt <<'END'
# what was agreed on
--max-peak 95M
--max-peak 120M --tree      # with its workers

--func load --max-calls 22
--func 'std::map<a, b>::at' --max-gain 1M --band 100
--func tick --max-calls 1000 --band 5
END
expect 0 "$MPROF_TRACE" check --budget budget.txt 1.dat
[ "$(grep -c '^ok ' out)" -eq 5 ] || fail "not five limits: $(cat out)"
expect 1 "$MPROF_TRACE" check --budget budget.txt 2.dat
[ "$(grep -c '^BROKEN ' out)" -ge 2 ] || fail "not two broken: $(cat out)"
# Those of the command line come on top.
expect 1 "$MPROF_TRACE" check --budget budget.txt 1.dat --func load --max-gain 1M
[ "$(grep -c '^ok ' out)" -eq 5 ] || fail "not five kept limits: $(cat out)"

# Far below, by the band of the file, of the line, of the command line.
echo '--func tick --max-calls 1300' >far.txt
expect 1 "$MPROF_TRACE" check --budget far.txt 1.dat
says 'LOW'
says 'lower it in far.txt:1'
expect 0 "$MPROF_TRACE" check --budget far.txt --band 25 1.dat
echo '--func tick --max-calls 1300 --band 25' >far.txt
expect 0 "$MPROF_TRACE" check --budget far.txt --band 10 1.dat

# What is written is kept by what it was made of, and follows up and down.
expect 0 "$MPROF_TRACE" check --write-budget made.txt 1.dat 2.dat 3.dat
[ ! -s out ] || fail "no limits, but: $(cat out)"
grep -q -- '^--max-peak 105.6M ' made.txt || fail "not half a band above 96 MiB: $(cat made.txt)"
grep -q -- "^--func 'std::map<a, b>::at' --max-calls 2 " made.txt || fail "$(cat made.txt)"
grep -q -- '^# --func load --max-time ' made.txt || fail "a time is no comment: $(cat made.txt)"
expect 0 "$MPROF_TRACE" check --budget made.txt 1.dat 2.dat 3.dat
expect 1 "$MPROF_TRACE" check --budget made.txt 3.dat
says 'BROKEN'
expect 1 "$MPROF_TRACE" check --budget made.txt 1.dat
says 'LOW'
# So are the limits in comments.
sed 's/^# --/--/' made.txt >all.txt
expect 0 "$MPROF_TRACE" check --budget all.txt 1.dat 2.dat 3.dat
says 'duration'
# A budget that is there is replaced, but none of a profile; and nothing is left of one that cannot be written.
expect 0 "$MPROF_TRACE" check --write-budget made.txt 1.dat
expect 0 "$MPROF_TRACE" check --budget made.txt 1.dat
expect 125 "$MPROF_TRACE" check --write-budget 2.dat 1.dat
says 'it is a profile' err

# refuse PART-OF-MESSAGE TEXT
refuse() {
	printf '%s\n' "$2" >bad.txt
	expect 125 "$MPROF_TRACE" check --budget bad.txt 1.dat
	[ ! -s out ] || fail "$2: printed $(cat out)"
	says "$1" err
}
refuse "bad.txt:2: '--max-leak' is not known" '--max-peak 1G
--max-leak 3M'
refuse 'bad.txt:1: --max-peak: 500: give a size' '--max-peak 500'
refuse 'bad.txt:1: --max-gain is of a function' '--max-gain 5M'
refuse 'bad.txt:1: there is a second limit' '--max-peak 5M --max-slope 1M/s'
refuse 'bad.txt:1: a quote is not closed' "--func 'load --max-gain 5M"
refuse 'has no limits' '# nothing'
refuse 'bad.txt:1:' '--func server.c:12 --max-calls 5'
expect 125 "$MPROF_TRACE" check --budget nosuch.txt 1.dat
says 'No such file' err
expect 125 "$MPROF_TRACE" check --budget /dev/zero 1.dat
expect 125 "$MPROF_TRACE" check --budget . 1.dat
