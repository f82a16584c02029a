#!/bin/bash
# Files of every format that there has been, and mprof's own, are read by all commands, with the figures that they
# have by hand (and by a program of another language). One of a format to come is read as far as it is known,
# and that is said.
set -euo pipefail

kept=$TESTS/records/formats
fail() {
	echo "FAIL: $*"
	exit 1
}

# Runs a command that must say nothing on stderr.
quiet() {
	"$MPROF_TRACE" "$@" 2>said.err || fail "$*: $(cat said.err)"
	[ ! -s said.err ] || fail "$* says: $(cat said.err)"
}

same() { # same WHAT EXPECTED GOT
	[ "$2" = "$3" ] || fail "$1: expected
$2
got
$3"
}

# function, calls, held, total_s, net_mib
functions() {
	quiet report --csv --by function "$1" | awk -F, 'NR > 1 { print $NF, $4, $9, $1, $15 }' | sort
}

# pid, peak_mib, samples, status
processes() {
	quiet report --csv --processes "$1" | awk -F, 'NR > 1 { print $1, $6, $12, $14 }'
}

figures() { # figures FILE FUNCTIONS PROCESSES TREE-PEAK MARKS
	local file=$1.dat
	cp "$kept/$1.dat" .
	same "$file, functions" "$2" "$(functions "$file")"
	same "$file, processes" "$3" "$(processes "$file")"
	same "$file, all together" "$4" "$(quiet peak -C "$file" | sed -n '1s/.*\t\([0-9.]*\) MiB.*/\1/p')"
	same "$file, samples exported" "$(awk -F'[ ]' '{ sum += $3 } END { print sum }' <<<"$3")" "$(quiet export --csv "$file" | tail -n +2 | wc -l)"
	quiet export --json "$file" >whole.json
	same "$file, marks" "$5" "$(/usr/bin/python3 -c 'import json; print(str(json.load(open("whole.json"))).count("half"))')"
	quiet export --chrome "$file" >whole.json
	/usr/bin/python3 -c 'import json; json.load(open("whole.json"))' || fail "$file: no trace"
	quiet plot -o picture.svg "$file"
	quiet plot -o picture.png "$file"
	quiet plot -o page.html "$file"
	local name
	while read -r name _; do
		[ -z "$name" ] || grep -q "$name" picture.svg || fail "$file: $name is not in the picture"
	done <<<"$2"
	quiet diff --csv "$file" "$file" >none.csv
	! awk -F, 'NR > 1 && $8 != "" && $8 != 0' none.csv | grep . || fail "$file differs from itself"
	quiet check --max-peak 1G "$file" >/dev/null
}

figures 1 'child_work 1 0 0.127653178 4.003906
drop 1 0 0.062887702 -8.003906
load 2 0 0.265775674 12.191406
tick 30 0 0.077478613 0' '12900 9.222656 10 0
12913 13.179687 4 3' 22.402 1

figures 2 'child_work 1 0 0.127062532 4.003906
drop 1 0 0.06136964 -8.003906
load 2 0 0.254094809 12.074219
tick 30 0 0.078033487 0' '12940 9.003906 10 0
12961 12.9375 5 3' 21.941 1

figures 3 'child_work 1 0 0.157347309 4.027343
drop 1 0 0.060928355 -8.003906
load 2 0 0.293727802 11.980468
tick 30 29 0.072447724 -0.035156' '24517 8.144531 12 0
24521 4.058593 6 3' 8.109 1

figures 4 'child_work 1 0 0.122776816 4.128906
drop 1 0 0.060840164 -8.003906
load 2 0 0.384174065 12.390625
tick 30 0 0.032975446 0' '24527 9.351562 9 0
24547 13.308593 4 3' 22.660 1

figures mprof '__main__.load 1 0 0.3121 8.0039' ' 29.7305 16 ' 29.730 0
figures mprof_children '' ' 9.089844 7 
13107 12.355469 2 ' 21.445 0

# One with another: a file of the first format against one of the last.
quiet diff --csv 1.dat 4.dat | grep -q '^run,,peak,9.222656,0,9.351562,0,0.128906,' || fail 'the peaks of 1.dat and 4.dat are not compared'
quiet plot -o two.svg mprof.dat 4.dat

# A format to come has words, fields and a number of its own.
sed -e 's/^FORMAT 4 mprof-trace 1.0.0/FORMAT 5 mprof-trace 1.1.0/' -e 's/^\(MEM\|CHLD\) .*/& later 1/' \
	-e 's/^FUNC .*/NEWWORD 1 2 3\n&/' -e 's/^\(DONE\|PEAK\|PROC\) .*/&/' 4.dat >5.dat
for command in peak report 'report --json' 'export --csv' 'plot -o later.svg' 'diff 4.dat' 'check --max-peak 1G' 'list'; do
	# shellcheck disable=SC2086 # words
	case $command in
	list) "$MPROF_TRACE" list >later.out 2>later.err ;;
	*) "$MPROF_TRACE" $command 5.dat >later.out 2>later.err || fail "$command of a later format fails: $(cat later.err)" ;;
	esac
	[ "$command" = list ] || [ "$(grep -c '5.dat: its format is 5, of a later mprof-trace; this one knows 4' later.err)" -eq 1 ] ||
		fail "$command does not say once that the format is a later one: $(cat later.err)"
	! grep -i damaged later.err || fail "$command takes a later format for damage"
done
same 'of a later format, functions' "$(functions 4.dat)" \
	"$("$MPROF_TRACE" report --csv --by function 5.dat 2>/dev/null | awk -F, 'NR > 1 { print $NF, $4, $9, $1, $15 }' | sort)"
same 'of a later format, processes' "$(processes 4.dat)" \
	"$("$MPROF_TRACE" report --csv --processes 5.dat 2>/dev/null | awk -F, 'NR > 1 { print $1, $6, $12, $14 }')"

# The newest of them is of the format that is written, and of each there is one.
format=$(sed -n 's/.*PROFILE_FORMAT_VERSION = \([0-9]*\);.*/\1/p' "$TESTS/../tracer/base/profile_format.h")
for ((i = 1; i <= format; i++)); do
	grep -q "^FORMAT $i " "$kept/$i.dat" || fail "no recording of format $i is kept"
done
