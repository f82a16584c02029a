#!/bin/sh
# Where sources are found, and that whatever a profile calls one is harmless: binaries, devices, pipes, files and
# lines without end, control characters, a text that has changed.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# profile FIRST LAST LINE PATH >x.dat: line LINE of a function ran.
profile() {
	cat <<END
CMDLINE ./x
FORMAT 4 test
PROC 7 1 1795310486.000000000 ./x
MEM 1.000000 4000000000.000000000
LINE f 7 $3 2 1.500000 2.500000 0 $4
LINES f 7 $1 $2 1 1.000000 1.500000 0 $4
END
}

# shows WHAT EXPECTED: what lines prints of x.dat.
shows() {
	run_as lines "$MPROF_TRACE" lines x.dat
	status_is lines 0
	grep -qF "$2" lines.out || { cat lines.out lines.err; fail "$1: not shown"; }
	[ "$(wc -c <lines.out)" -lt 100000 ] || fail "$1: $(wc -c <lines.out) bytes"
	! LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" lines.out || fail "$1: control characters"
	iconv -f UTF-8 -t UTF-8 lines.out >/dev/null || fail "$1: not UTF-8"
}
none='   (no source)'

# By its own path; by --source-dir, by all of the path or an end of it; the directory comes first.
mkdir -p real/src other/deep/real/src third
printf 'one\n\ttwo\nthree\n' >real/src/a.c
profile 1 3 2 "$PWD/real/src/a.c" >x.dat
shows 'its own path' '     2      2.5 MiB      2.5 MiB           2   	two'
printf 'mapped\nby its end\n' >third/a.c
run_as lines "$MPROF_TRACE" lines --source-dir "$PWD/other" --source-dir third x.dat
grep -qF '   by its end' lines.out || fail "an end of the path is not found: $(cat lines.out)"
mkdir -p "other$PWD/real/src"
printf 'mapped\nby all of it\n' >"other$PWD/real/src/a.c"
run_as lines "$MPROF_TRACE" lines --source-dir third --source-dir other x.dat
grep -qF '   by its end' lines.out || fail "not the first directory: $(cat lines.out)"
run_as lines "$MPROF_TRACE" lines --source-dir other x.dat
grep -qF '   by all of it' lines.out || fail "the whole path is not found: $(cat lines.out)"
profile 1 3 2 "/nowhere/../../real/src/a.c" >x.dat
run_as lines "$MPROF_TRACE" lines --source-dir . x.dat
grep -qF '	two' lines.out || fail "behind a '..': $(cat lines.out)"

# One that was changed after the recording is said to be.
profile 1 3 2 "$PWD/real/src/a.c" | sed 's/^MEM 1.000000 .*/MEM 1.000000 1000000000.000000000/' >x.dat
shows 'a changed file' '	two'
grep -q 'a.c: changed since' lines.err || fail "that it has changed is not said: $(cat lines.err)"

# No source, said once, with what to do.
profile 1 3 2 /nowhere/b.c >x.dat
shows 'no file' "$none"
grep -q '/nowhere/b.c: no such file; --source-dir' lines.err || fail "$(cat lines.err)"
[ "$(grep -c . lines.err)" -eq 1 ] || fail "more than a line: $(cat lines.err)"
[ "$(grep -c 'MiB' lines.out)" -eq 1 ] || fail "other lines than the one that ran: $(cat lines.out)"

# What the debugging information holds itself is taken where there is no file, and only there.
{ profile 1 3 2 /nowhere/c.c && echo 'TEXT 2 /nowhere/c.c |    embedded' && echo 'TEXT 3 /nowhere/c.c |'; } >x.dat
shows 'an embedded text' '     2      2.5 MiB      2.5 MiB           2       embedded'
[ ! -s lines.err ] || fail "an embedded text: $(cat lines.err)"
grep -q '^     3 ' lines.out || fail "an empty line is not there: $(cat lines.out)"
{ profile 1 3 2 "$PWD/real/src/a.c" && echo "TEXT 2 $PWD/real/src/a.c |embedded"; } >x.dat
shows 'the file first' '	two'
if clang --version >/dev/null 2>&1; then
	mkdir gone
	printf 'int main(void)\n{\n\treturn 0; /* größe, \033[1m */\n}\n' >gone/e.c
	clang -g -gdwarf-5 -gembed-source -O0 gone/e.c -o embedded || fail "no program"
	rm gone/e.c
	run_as lines "$MPROF_TRACE" lines -f main ./embedded
	status_is lines 0
	grep -q '^     3 .*1           return 0; /\* größe' lines.out || fail "not embedded: $(cat lines.out)"
fi

# What is no file that people write.
mkfifo pipe
truncate -s 1G huge.c
: >empty.c
for path in "$PWD" "$PWD/pipe" "$PWD/huge.c" "$PWD/empty.c" /dev/zero /dev/tty /proc/self/maps /proc/kmsg; do
	profile 1 3 2 "$path" >x.dat
	shows "$path" "$none"
done

# A binary; control characters, bytes that are no UTF-8, marks of direction; no newline at the end.
cat /bin/ls /bin/ls >binary.c
profile 1 100 2 "$PWD/binary.c" >x.dat
shows 'a binary' "$none"
printf 'a\033[31mb\n\302\233c \342\200\256d \377ef\ng' >escapes.c
profile 1 3 2 "$PWD/escapes.c" >x.dat
shows 'escapes' 'd'
[ "$(grep -c '^ *[123] ' lines.out)" -eq 3 ] || fail "not all lines: $(cat lines.out)"

# A line of 10 MB; a function that is longer than its file, and one without end.
{ printf 'first\n'; head -c 10000000 /dev/zero | tr '\0' x; printf '\nlast\n'; } >long.c
profile 1 3 2 "$PWD/long.c" >x.dat
shows 'a long line' 'xxxx…'
grep -q ' 3 .*last$' lines.out || fail "what follows a long line is missing"
profile 1 2147483647 5 "$PWD/real/src/a.c" >x.dat
shows 'a long function' '     5      2.5 MiB      2.5 MiB           2   '
profile 1 2147483647 2147483647 "$PWD/real/src/a.c" >x.dat
shows 'the last line of all' '2147483647      2.5 MiB'

# Lines that no file has, figures that are none: damage, which is told of.
profile 0 3 0 "$PWD/real/src/a.c" >x.dat
run_as lines "$MPROF_TRACE" lines x.dat
status_is lines 125
grep -q 'x.dat has no lines' lines.err || fail "$(cat lines.err)"
