#!/bin/sh
# A program that has a Python interpreter's symbols, and frames such as none has: its stacks are whole, without functions of Python
# where they are not to be believed, and neither it nor the recording hangs.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# stack FILE: of the only call: " f g h", the innermost first.
stack() {
	awk '{ gsub("\302\240", "_") } $1 == "FRAME" { outer[$2] = $3; name[$2] = $4; module[$2] = $5 }
		$1 == "STACK" && $7 == "entry" {
			line = ""
			for (id = $2; id != 0; id = outer[id])
				line = line " " name[id] (module[id] == "fake.py" ? "!" : "")
			print line
		}' "$1"
}

for how in good round wild type long escapes; do
	run_as plain "$TARGETS/fake_python" "$how"
	status_is plain 0
	run_as "$how" "$MPROF_TRACE" run -v --stacks=calls -f probed -o "$how.dat" "$TARGETS/fake_python" "$how"
	status_is "$how" 0
	cmp -s plain.out "$how.out" || fail "$how: the program says something else"
	well_formed "$how.dat"
	stack "$how.dat" >stack.txt
	case $how in
	good) wanted=' probed py_inner! py_outer! evaluates main .*' ;;
	round) wanted=' probed( py_inner! py_outer!){128} \[cut\] evaluates main .*' ;;
	escapes) wanted=' probed py_inner! py\?\]0;\?\?#! evaluates main .*' ;;
	*) wanted=' probed evaluates main .*' ;;
	esac
	grep -Exq "$wanted" stack.txt || { cut -c 1-500 stack.txt; fail "$how: another stack"; }
	told=$(grep -c 'functions of Python are not named on stacks: its frames' "$how.err" || true)
	case $how in
	good | round | escapes) [ "$told" -eq 0 ] ;;
	*) [ "$told" -eq 1 ] ;;
	esac || fail "$how: it is said $told times that frames are odd"
done
