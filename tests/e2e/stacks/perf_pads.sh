#!/bin/bash
# perf record --call-graph dwarf of a traced program: samples in the code of jumps have no stack, and whole ones after perfdata; other
# samples are as they were, and perf shows them all.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command perf
perf record -q -e cpu-clock:u --call-graph dwarf -o try.data true >try.out 2>&1 || skip "perf cannot record here: $(tail -n 1 try.out)"

# stacks FILE: a line a sample, of names from the innermost out, and [pad] where no name is known of code without a file.
stacks() {
	perf script -i "$1" --no-inline -F comm,ip,sym,dso 2>"$1.err" |
		awk -v RS= -F '\n' '$1 ~ /^hot_until_abort/ {
			line = ""
			for (i = 2; i <= NF; i++) {
				split($i, word, " ")
				line = line " " (word[2] == "mprof_trace_pad" || $i ~ /\/tmp\/perf-[0-9]*\.map/ ? "[pad]" : word[2])
			}
			print substr(line, 2)
		}'
}
is_recorded() {
	[ "$(count_calls hot.dat innermost)" -ge 5000000 ]
}

perf record -q -F 999 -e cpu-clock:u --call-graph dwarf,2048 -o hot.data "$MPROF_TRACE" run -q --probe pad \
	--max-calls 1000 -T 0.01 -f innermost,inner,outer -o hot.dat "$TARGETS/hot_until_abort" 2 >hot.out 2>hot.err &
waited=$!
wait_until grep -q '^ready' hot.out
wait_until is_recorded
kill -USR1 "$(sed -n 's/^ready //p' hot.out)"
wait "$waited" || true
well_formed hot.dat

run_as perfdata "$MPROF_TRACE" perfdata -o pads.data hot.data
status_is perfdata 0
stacks hot.data >before
stacks pads.data >after
[ "$(stat -c %a pads.data)" = 600 ] || fail "pads.data has mode $(stat -c %a pads.data)"

pads=$(grep -c '^\[pad\]' before)
[ "$pads" -ge 100 ] || fail "only $pads samples of $(wc -l <before) are in pads"
! grep -E '^\[pad\] ' before || fail "perf has unwound code that is mapped from no file"
whole=$(grep -cE '^\[pad\] ((inner )?outer )?works( |$)' after)
echo "$whole of $pads samples in pads are whole"
[ "$whole" -ge $((pads * 85 / 100)) ] || { sort after | uniq -c | sort -rn | head -n 20; fail "only $whole of $pads are whole"; }
diff <(grep -v '^\[pad\]' before) <(grep -v '^\[pad\]' after) >differs || fail "other samples have changed: $(head -n 5 differs)"

# With the names of inlined functions, too, for which perf asks addr2line.
run_as report perf report --stdio -i pads.data
status_is report 0
grep -q mprof_trace_pad report.out || fail "perf report names no pad"

# Again, in place of what there is; but of nothing that is not its own.
run_as again "$MPROF_TRACE" perfdata -o pads.data hot.data
status_is again 0
echo mine >other.data.so
refused() { # refused WORDS ARGUMENT...
	run_as refused "$MPROF_TRACE" perfdata "${@:2}"
	status_is refused 125
	says_one_line refused
	says refused "$1"
	[ ! -e other.data ] || fail "$*: it has written a file"
}
refused 'another file is there' -o other.data hot.data
[ "$(cat other.data.so)" = mine ] || fail 'a file of another kind is replaced'
rm other.data.so
refused 'is the recording itself' -o hot.data hot.data
refused 'no code that jumps' -o other.data try.data
refused 'no file of perf' -o other.data hot.dat
refused 'No such file' -o other.data nothing.data
refused 'with -o' hot.data
refused 'one recording' -o other.data hot.data hot.data
[ ! -e other.data.so ] || fail 'it has written a file'
