#!/bin/sh
# mprof-trace mark: into the recording of the script that calls it, of a pid, of a file; none, several, and one that is over.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# A name is one word of the file, whatever it holds: two lines, a tab, an escape, no UTF-8.
cat >script.sh <<'EOF'
"$MPROF_TRACE" mark "phase one" || exit 1
"$MPROF_TRACE" mark "$(printf 'two\nlines\t\033[2J\377 <b>')" || exit 1
EOF
for option in --probe=auto --no-probes -C; do
	# The file that was there has an end: it is not this recording's.
	"$MPROF_TRACE" run -q -o run.dat true || fail "an earlier recording"
	run_as marked "$MPROF_TRACE" run $option -o run.dat sh script.sh
	status_is marked 0
	well_formed run.dat
	grep -aq "^MARK mark:phase$(printf '\302\240')one [0-9.]* [0-9.]* [0-9]* [0-9]*\( held\)\{0,1\}\$" run.dat ||
		fail "$option: $(grep -a ^MARK run.dat)"
	[ "$(grep -ac '^MARK mark:two' run.dat)" -eq 1 ] || fail "$option: an odd name"
	! grep -a '^MARK' run.dat | grep -q "$(printf '\033')" || fail "an escape gets through"
done
# Its time is when it was set, and its memory that of the process then.
awk '$1 == "MEM" { last = $3 } $1 == "MARK" { at = $4 ; n++; if ($3 <= 0) bad = 1 }
	$1 == "PROC" && !first { first = $4 } END { exit bad || n != 2 || at < first || at > last + 1 }' run.dat ||
	fail "time or memory: $(grep -aE '^(MARK|MEM|PROC)' run.dat)"

# By pid and by file, of a process that runs already; the recording reads on.
sleep 1000 &
pid=$!
start_recorder attached attach -T 0.02 -o attached.dat $pid
wait_until grep -aq ^MEM attached.dat
"$MPROF_TRACE" mark 'by pid' $pid || fail "by pid"
"$MPROF_TRACE" mark 'by file' ./attached.dat || fail "by file"
first=$recorder
start_recorder other run -T 0.02 -o other.dat sleep 1000
wait_until grep -aq ^MEM other.dat
run_as several "$MPROF_TRACE" mark anywhere
status_is several 125
says several '[0-9] recordings are being made, such as ' # those of other tests, too
says_one_line several
"$MPROF_TRACE" mark 'by pid' "$(awk '$1 == "PROC" { print $2; exit }' other.dat)" || fail "by pid, of two"
kill $pid
kill "$(awk '$1 == "PROC" { print $2; exit }' other.dat)"
end_recorder other
recorder=$first
end_recorder attached
well_formed attached.dat
[ "$(grep -ac '^MARK mark:by' attached.dat)" -eq 2 ] || fail "by pid and by file: $(grep -a ^MARK attached.dat)"
[ "$(grep -ac '^MARK mark:by' other.dat)" -eq 1 ] || fail "of two: $(grep -a ^MARK other.dat)"

# One clear line.
# refused TEXT ARG...
refused() {
	text=$1
	shift
	run_as refused "$MPROF_TRACE" mark "$@"
	status_is refused 125
	says_one_line refused
	says refused "$text"
}
refused 'no recording writes to it' over attached.dat
refused 'there is no such file' x ./nothing.dat
refused 'no recording of process 1 is being made' x 1
refused 'what is the mark to be called'
refused 'a mark needs a name' ''
refused 'quoted' a b c
refused 'longer than 4096 bytes' "$(head -c 5000 /dev/zero | tr '\0' x)"

run_as plot "$MPROF_TRACE" plot -o picture.png attached.dat
status_is plot 0
run_as exported "$MPROF_TRACE" export --json attached.dat
status_is exported 0
grep -q 'mark:by pid' exported.out || fail "what is exported has no mark: $(cat exported.out)"
