#!/bin/sh
# Code made at run time is called as its compiler says in /tmp/perf-PID.map: the later line counts, what is no line is skipped, and
# names are made harmless. A map that is no file of the user's own is not read.
set -eu
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# stacks FILE: of calls: "f g h", the innermost first, spaces of names as _.
stacks() {
	awk '{ gsub("\302\240", "_") } $1 == "FRAME" { outer[$2] = $3; name[$2] = $4; module[$2] = $5 }
		$1 == "STACK" && $7 == "entry" {
			line = ""
			for (id = $2; id != 0; id = outer[id])
				line = line " " name[id] (module[id] == "[JIT]" ? "!" : "")
			print substr(line, 2)
		}' "$1"
}

run_as plain "$TARGETS/jit_map"
status_is plain 0
for how in breakpoint auto; do
	run_as named "$MPROF_TRACE" run -q --stacks=calls --probe "$how" -f grows -o named.dat "$TARGETS/jit_map"
	same_as_untraced named
	well_formed named.dat
	stacks named.dat >stacks.txt
	[ "$(wc -l <stacks.txt)" -eq 2 ] || { cat stacks.txt; fail "$how: not two stacks"; }
	sed -n 1p stacks.txt | grep -Eq '^grows jitted_inner_/app/x.js:1! jitted_outer_\?\[31m\?! main ' ||
		{ cat stacks.txt; fail "$how: the first call's stack has other names"; }
done

# A symbolic link, though to a good file, is not followed.
run_as linked "$MPROF_TRACE" run -q --stacks=calls -f grows -o linked.dat "$TARGETS/jit_map" "$PWD/elsewhere.map"
status_is linked 0
stacks linked.dat >stacks.txt
grep -q '^grows \[code_in_no_file\] main ' stacks.txt || { cat stacks.txt; fail "a link was followed"; }
! grep -q jitted stacks.txt || fail "a link was followed"
