#!/bin/bash
# lines as a user has it: memory_profiler's classic example, written in C, has memory_profiler's table; the increments
# are what was allocated, and add up; what is kept, printed again, refused.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command "${CC:-cc}" /usr/bin/python3

cat >classic.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void *filled(size_t mib)
{
	void *block = mmap(NULL, mib << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(block, mib << 20, MADV_NOHUGEPAGE);
	return memset(block, 1, mib << 20);
}
int my_func(void) {
	void *a = filled(8);
	void *b = filled(32);
	munmap(b, 32 << 20);
	return a == NULL;
}
int depth(int n)
{
	filled(1);
	if (n > 1)
		depth(n - 1);
	return n;
}
int never(void)
{
	return 1;
}
int main(int argc, char **argv)
{
	munmap(filled(1), 1 << 20);
	puts("it runs");
	fflush(stdout);
	if (argc > 1 && strcmp(argv[1], "waits") == 0)
		pause();
	if (argc > 1 && strcmp(argv[1], "aborts") == 0)
		abort();
	my_func();
	depth(4);
	return argc > 1 ? atoi(argv[1]) : argc > 5 && never();
}
END
"${CC:-cc}" -g -O0 classic.c -o classic || fail "no program"
"${CC:-cc}" -O0 classic.c -o no_dwarf || fail "no program"

# The table of both, figures and text apart. The first line of C is the one with the brace: no line is above it here.
run_as ours "$MPROF_TRACE" lines -f my_func ./classic
status_is ours 0
[ ! -s ours.err ] || fail "$(cat ours.err)"
[ "$(head -n 1 ours.out)" = 'it runs' ] || fail "the program's output does not come first: $(cat ours.out)"
sed -i 1d ours.out
cat >shape.py <<'END'
"""Of each line of a table: where its figures end, and what is no figure; each shape once."""
import re
import sys

shapes = []
for line in open(sys.argv[1], encoding="utf-8"):
    if line.startswith("Filename: "):
        line = "Filename: x\n"
    row = re.match(r" *\d+( .* MiB +\d+   )", line)
    shape = [part.end() for part in re.finditer(r"\S+", row[0])] if row else line
    if shape not in shapes or row is None:
        shapes.append(shape)
print(*shapes, sep="\n")
END
if /usr/bin/python3 -c 'import memory_profiler' 2>/dev/null; then
	cat >classic.py <<'END'
from memory_profiler import profile
@profile
def my_func():
    a = [1] * (10 ** 6)
    b = [2] * (2 * 10 ** 7)
    del b
    return a
my_func()
END
	/usr/bin/python3 classic.py >theirs.out
	# Theirs has a line more, for the decorator.
	sed -i '/def my_func/d' theirs.out
	diff <(/usr/bin/python3 shape.py theirs.out) <(/usr/bin/python3 shape.py ours.out) ||
		{ cat theirs.out ours.out; fail "another layout"; }
fi

# Exactly what was allocated; the sum is what the function has gained, in its record and by its call.
run_as json "$MPROF_TRACE" lines --json -o kept.dat -f my_func,depth ./classic 7
status_is json 7
says json 'it runs' # on stderr: stdout is JSON alone
python3 - json.out kept.dat <<'END' || fail "$(cat json.out)"
import json
import sys

functions = {function["name"]: function for function in json.load(open(sys.argv[1]))["functions"]}
calls = {}
for line in open(sys.argv[2], encoding="utf-8"):
    fields = line.split()
    if fields[0] == "FUNC" and fields[6] == "0":
        calls[fields[1]] = float(fields[4]) - float(fields[2])
lines = {name: {line["text"].strip(): line for line in function["lines"]} for name, function in functions.items()}
PAGE = 1 / 256
for name, text, gained, count in (
        ("my_func", "void *a = filled(8);", 8, 1), ("my_func", "void *b = filled(32);", 32, 1),
        ("my_func", "munmap(b, 32 << 20);", -32, 1), ("my_func", "return a == NULL;", 0, 1),
        ("depth", "filled(1);", 4, 4), ("depth", "depth(n - 1);", 0, 3), ("depth", "return n;", 0, 4)):
    line = lines[name][text]
    # A page of the stack, and those of page tables in other kernels' counts, are not the line's own.
    assert abs(line["gained_mib"] - gained) <= 2 * PAGE + 1e-6, (text, line)
    assert line["count"] == count, (text, line)
for name, function in functions.items():
    total = sum(line["gained_mib"] for line in function["lines"])
    assert abs(total - function["gained_mib"]) < 2e-6 * len(function["lines"]), (total, function)
    assert abs(total - calls[name]) < 2e-6 * len(function["lines"]), (total, calls)
    assert not function["is_optimised"] and function["file"].endswith("/classic.c"), function
assert functions["my_func"]["calls"] == 1 and functions["depth"]["calls"] == 4, functions
END

# What was kept is printed again; of it, what is asked for.
well_formed kept.dat
run_as again "$MPROF_TRACE" lines --json kept.dat
status_is again 0
cmp json.out again.out || fail "another table from the file"
run_as some "$MPROF_TRACE" lines -f 'dep*' kept.dat
status_is some 0
! grep -q my_func some.out || fail "not only depth: $(cat some.out)"
grep -q 'return n;' some.out || fail "no depth: $(cat some.out)"
mkdir here && cp kept.dat here/mprofile_20300101000000.dat
(cd here && "$MPROF_TRACE" lines) >newest.out || fail "the newest is not found"
grep -q 'return n;' newest.out || fail "not the newest: $(cat newest.out)"

# Without -o nothing is left; a program's end by a signal is its own.
mkdir tmp
TMPDIR=$PWD/tmp run_as aborts "$MPROF_TRACE" lines -f main ./classic aborts
status_is aborts 134
grep -q 'abort();' aborts.out || fail "the line where it ended is not there: $(cat aborts.out)"
[ -z "$(ls tmp)" ] || fail "left: $(ls tmp)"
! ls mprofile_* 2>/dev/null || fail "a recording is left"

# Who ends us ends the program, and the table is of what ran.
"$MPROF_TRACE" lines -f main ./classic waits >waits.out 2>waits.err &
front=$!
wait_until grep -q 'it runs' waits.out
kill -TERM "$front" # an interrupt is ignored in the background
status=0
wait "$front" || status=$?
[ "$status" -eq 143 ] || fail "ended: status $status"
grep -Eq ' 1 .*pause' waits.out || fail "no table after a signal: $(cat waits.out waits.err)"

# What records is killed: the table is of what was written, and it is no success.
"$MPROF_TRACE" lines -T 0.01 -f main -o killed.dat ./classic waits >killed.out 2>killed.err &
front=$!
wait_until grep -q '^LINES main' killed.dat
read -r engine _ <"/proc/$front/task/$front/children"
kill -9 "$engine"
status=0
wait "$front" || status=$?
kill -9 "$(awk '$1 == "PROC" { print $2; exit }' killed.dat)" 2>/dev/null || true
[ "$status" -eq 125 ] || fail "killed: status $status"
grep -q 'int main(' killed.out || fail "no table of a recording that was killed: $(cat killed.out killed.err)"
says_one_line killed

refused() { # refused WORDS ARGUMENT…: one clear line
	words=$1
	shift
	run_as refused "$MPROF_TRACE" lines "$@"
	status_is refused 125
	says_one_line refused
	says refused "$words"
	[ ! -s refused.out ] || fail "$*: a table of nothing"
}
refused 'is no profile; .* -f' ./classic
refused 'no profile in the current directory'
refused 'which PROGRAM' -f main
refused 'whole number from 0 to 6' --precision 7 -f main ./classic
refused 'whole number' --max-hits x -f main ./classic
refused 'no such directory' --source-dir nowhere -f main ./classic
refused 'regular file' -o /dev/full -f main ./classic
refused 'live' --live -f main ./classic
refused 'nothing to be recorded' -o x.dat kept.dat
refused 'has no lines of these functions' -f main kept.dat
grep -v '^LINE' kept.dat >without.dat
refused 'has no lines: ' without.dat
run_as missing "$MPROF_TRACE" lines -f main ./nothing
status_is missing 127
says_one_line missing

# What cannot be had of a program that runs.
run_as no_dwarf "$MPROF_TRACE" lines -f my_func ./no_dwarf
says_one_line no_dwarf
says no_dwarf 'my_func.*no debugging information.*-g'
run_as never "$MPROF_TRACE" lines -f never ./classic
status_is never 0
says_one_line never
says never 'never.*never called'
run_as none "$MPROF_TRACE" lines -f no_such_function ./classic
status_is none 125
says none 'no_such_function.*not found'

# Nobody reads the table: no success, and the program has run.
"$MPROF_TRACE" lines -f my_func ./classic >/dev/full 2>full.err && fail "a table that is lost is a success"
grep -q 'No space left' full.err || fail "$(cat full.err)"
