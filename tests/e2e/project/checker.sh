#!/bin/sh
# The checker of records itself: accepts a right recording, and sees each kind of damage to it.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

cat >right.dat <<-'END'
	CMDLINE ./program
	FORMAT 3 mprof-trace 0.1.0
	METRIC rss
	INTERVAL 0.1
	PROC 10 9 1795310486.000000000 ./program
	MEM 1.500000 1795310486.100000000
	OPEN outer 1.500000 1795310486.200000000 0 10 10
	FUNC inner(int) 2.000000 1795310486.300000000 66.000000 1795310486.400000000 1 10 10
	FUNC inner(int) 66.000000 1795310486.500000000 2.000000 1795310486.600000000 1 10 10 unwound
	FUNC outer 1.500000 1795310486.200000000 2.000000 1795310486.700000000 0 10 10
	FUNC worker 1.500000 1795310486.250000000 2.000000 1795310486.900000000 0 10 11 exit held-out
	PEAK 10 66.100000 1795310486.950000000
	DONE 10 1795310486.960000000 7
END
cat >expected <<-'END'
	expect calls inner 1
	expect calls inner 1 unwound
	expect calls outer 1
	expect calls worker 1 exit|unwound
	expect calls worker 1 any
	expect levels inner 1 1
	expect nested inner outer
	expect held outer 1 2
	expect threads worker 1
	expect lasts outer 0.4 0.6
	expect processes 1
	expect execs 0
	expect in_children inner 0
	expect peak 66 67
	other words of the program
END
"$TESTS/lib/check_records.py" right.dat expected 7 || fail "a right recording is refused"
"$TESTS/lib/check_records.py" --form right.dat || fail "a well formed file is refused"

# refuses WHAT STATUS: damaged.dat with wrong.
refuses() {
	"$TESTS/lib/check_records.py" damaged.dat wrong "$2" >said && fail "not seen: $1"
	[ -s said ] || fail "nothing said about: $1"
}

# damaged WHAT SED_SCRIPT
damaged() {
	sed "$2" right.dat >damaged.dat
	cmp -s right.dat damaged.dat && fail "no damage done: $1"
	cp expected wrong
	refuses "$1" 7
}
damaged "a lost call" '/FUNC outer/d'
damaged "a lost call that nothing notes" '/FUNC worker/d'
damaged "another ending" 's/ unwound$//'
damaged "a wrong level" 's/ 0 10 10$/ 1 10 10/'
damaged "a call that outlives the one around it" 's/486.600000000 1/487.600000000 1/'
damaged "an end before the start" 's/486.400000000/485.400000000/'
damaged "an open call without end" 's/^FUNC outer \(.*\)486.2/FUNC outer \1486.1/'
damaged "another thread" 's/ 1 10 10$/ 1 10 11/'
damaged "a held call without its end" 's/ 1 10 10$/& held/'
damaged "an unknown flag" 's/ 1 10 10$/& ret hold/'
damaged "a missing end" '/^DONE/d'
damaged "a wrong exit status" 's/^\(DONE.*\) 7/\1 0/'
damaged "two ends" '/^DONE/p'
damaged "a blank line" '2s/^/\n/'
damaged "an unknown record" '3s/^/X/'
damaged "a short time" 's/486.300000000/486.3/'
damaged "no peak" '/^PEAK/d'
damaged "another peak" 's/66.1/80.1/'
damaged "a call of no child" 's/^FUNC worker/CHFUNC worker/'
damaged "a child's call as one of the main process" '/^FUNC worker/{p;s/ 10 11/ 12 12/}'
damaged "a second process" '5p;5s/10/12/'
head -c -1 right.dat >damaged.dat
refuses "a torn last line" 7

# What is left by one that was killed may end within a line, and in the middle of a letter; all else must be right.
# faults_of FILE: prints how many there are when its last line may be cut.
faults_of() {
	PYTHONPATH=$TESTS/lib python3 -c '
import sys
from check_records import Recording
recording = Recording(sys.argv[1], may_be_cut=True)
print(len(recording.faults), len(recording.calls))' "$1"
}
{ cat right.dat; printf 'FUNC caf\303'; } >cut.dat
[ "$(faults_of cut.dat)" = '0 4' ] || fail "a cut last line: $(faults_of cut.dat)"
{ cat right.dat; printf 'FUNC outer\nFUNC ou'; } >cut.dat
[ "$(faults_of cut.dat)" = '1 4' ] || fail "another damaged line: $(faults_of cut.dat)"
cp right.dat damaged.dat
refuses "another exit status than the program's" 0

for line in 'calls inner 2' 'calls nobody 1' 'levels inner 0 1' 'nested outer inner' \
	'gain inner 63 65' 'held outer 2 3' 'threads inner 2' 'lasts outer 0 0.1' 'processes 2' \
	'execs 1' 'in_children inner 1' 'peak 10 20' 'gain nobody 0 1'; do
	echo "expect $line" >wrong
	refuses "expect $line" 7
done

# Condensed calls count.
echo 'MANY inner(int) 10 1795310486.800000000 1795310486.900000000 40 0.5 0.001 0.2 0.000000 3.000000 0' \
	>>right.dat
echo 'expect calls inner 41' >wrong
"$TESTS/lib/check_records.py" right.dat wrong 7 || fail "condensed calls are not counted"
