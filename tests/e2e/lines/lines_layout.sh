#!/bin/sh
# The table of lines is memory_profiler's, byte for byte: both print the same figures, made up and extreme, with the
# same sources.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command /usr/bin/python3
/usr/bin/python3 -c 'import memory_profiler' 2>/dev/null || skip "there is no memory_profiler"

cat >example.c <<'SOURCE'
#include <stdlib.h>
#include <string.h>

static char *filled(size_t bytes)
{
	return memset(malloc(bytes), 1, bytes);
}

int main(void)
{
	char *a = filled(8 << 20);
	char *b = filled(160 << 20);

	free(b); /* größer als a */
	free(a);
	return 0;
}
SOURCE
printf 'int f(int a)\r\n{\r\n\treturn a;\r\n}\r\n' >crlf.c

cat >make.py <<'MAKE'
"""make.py PRECISION: writes both.dat for our command, and prints what memory_profiler prints."""
import os
import sys

import memory_profiler

# File, first and last line, what the process had before, line -> gained, after, count.
BLOCKS = [
    ("crlf.c", 1, 4, 0.25, {2: (0.05, 0.3, 7), 3: (0.15, 0.45, 7)}),
    ("example.c", 4, 7, 0, {5: (0, 99999.5, 2), 6: (168.0625, 169.296875, 12345678901), 7: (-0.000001, 1048576, 2)}),
    ("example.c", 9, 17, 1.234375, {10: (0, 1.234375, 1), 11: (8.0625, 9.296875, 1),
                                     12: (160, 169.296875, 1), 14: (-160.003906, 9.292969, 1),
                                     15: (-8, 1.292969, 1), 16: (0, 1.292969, 1), 17: (0, 1.292969, 1)}),
]


class CodeMap:
    def items(self):
        for path, first, last, before, lines in BLOCKS:
            start = min(lines)
            yield os.path.abspath(path), ((line, (lines[line][0] + (before if line == start else 0), *lines[line][1:])
                                           if line in lines else None) for line in range(first, last + 1))


class Profile:
    code_map = CodeMap()


with open("both.dat", "w") as dat:
    dat.write("CMDLINE ./example\nFORMAT 4 test\nPROC 7 1 1795310486.000000000 ./example\n"
              "MEM 1.000000 4000000000.000000000\n")
    for number, (path, first, last, before, lines) in enumerate(BLOCKS):
        gained = 0
        for line, (gain, after, count) in lines.items():
            gained += gain
            dat.write(f"LINE function{number} 7 {line} {count} {gain:.6f} {after:.6f} 0 {os.path.abspath(path)}\n")
        dat.write(f"LINES function{number} 7 {first} {last} 1 {before:.6f} {gained:.6f} 0 {os.path.abspath(path)}\n")
memory_profiler.show_results(Profile(), stream=sys.stdout, precision=int(sys.argv[1]))
MAKE

for precision in 0 1 3 6; do
	PYTHONIOENCODING=utf-8 /usr/bin/python3 make.py "$precision" >theirs.txt
	grep -q 'größer' theirs.txt || fail "memory_profiler prints: $(cat theirs.txt)"
	run_as ours "$MPROF_TRACE" lines --precision "$precision" both.dat
	status_is ours 0
	[ ! -s ours.err ] || fail "$(cat ours.err)"
	cmp theirs.txt ours.out || { diff theirs.txt ours.out; fail "another layout, with $precision decimals"; }
done
