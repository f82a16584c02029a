#!/bin/sh
# plot --term: the curve in characters, as wide as the terminal, colours on a terminal only.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command python3
unset DISPLAY NO_COLOR

awk 'BEGIN {
	print "CMDLINE ./a \346\227\245\346\234\254 \327\251 a-rather-long-command-line-that-no-terminal-of-eighty-columns-has-room-for"
	print "METRIC rss\nPROC 100 1 1795310486.0 ./a"
	for (i = 0; i <= 1000; i++)
		printf "MEM %.6f %.9f\n", i / 10, 1795310486 + i / 100
	print "FUNC f(int,\302\240int) 20.0 1795310488.0 60.0 1795310492.0 0 100 100"
}' >line.dat
"$MPROF_TRACE" plot --term line.dat >out 2>err
[ ! -s err ] || fail "stderr: $(cat err)"
cat >look.py <<'END'
import sys, unicodedata
lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
columns = int(sys.argv[2])
for line in lines:
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
                for c in line)
    assert width <= columns, (width, line)
assert "\x1b" not in "".join(lines)
rows = [line for line in lines if "│" in line or "┤" in line]
left = min(line.index(c) for line in rows for c in "│┤" if c in line) + 1
# A straight line from the lower left: each column's dots are at its place, within a row.
inked = {}
for y, line in enumerate(reversed(rows)):
    for x, c in enumerate(line[left:]):
        if "\u2801" <= c <= "\u28ff" or c in "[]":
            inked.setdefault(x, []).append(y)
width = columns - left
# All ticks are as many rows apart as the first two.
ticks = [(y, float(line[:left].strip("┤ "))) for y, line in enumerate(reversed(rows)) if "┤" in line]
assert len(ticks) >= 3 and ticks[0] == (0, 0), ticks
rows_per_mib = ticks[1][0] / ticks[1][1]
assert all(y == rows_per_mib * mib for y, mib in ticks), ticks
for x, ys in inked.items():
    expected = x / (width - 1) * 100 * rows_per_mib
    assert all(abs(y - expected) <= 1.5 for y in ys), (x, ys, expected)
assert len(inked) == width, (len(inked), width)
text = "\n".join(lines)
assert text.count("[") >= 2 and "+40.0 MiB  4.00 s" in text and "a, pid 100  peak 100.0 MiB" in text, text
assert "time (s)" in text and "memory used (MiB, RSS)" in text and " 10" in text
row = [line for line in rows if "[" in line][0]
assert abs(row.index("[") - left - 0.2 * (width - 1)) <= 1, row
END
python3 look.py out 80 || fail "80 columns: $(cat out)"

# Many children, functions and threads: all of it is on a terminal of 80x24, with a line for the shell.
awk 'BEGIN {
	print "CMDLINE ./crowd\nMETRIC rss\nPROC 100 1 1000 ./crowd"
	for (i = 0; i <= 100; i++) {
		printf "MEM %.6f %.9f\n", 137 + i, 1000 + i / 10
		for (c = 1; c <= 20; c++)
			printf "CHLD %d %.6f %.9f\n", 100 + c, c * 5, 1000 + i / 10
	}
	for (k = 0; k < 30; k++)
		for (level = 0; level < 5; level++)
			printf "FUNC function_%02d 140 %.3f 141 %.3f %d 100 %d\n", k, 1001 + k / 5 + level / 100, 1001.15 + k / 5 - level / 100, level, 100 + k % 9
}' >crowd.dat
cat >fits.py <<'END'
import re, sys
lines = sys.stdin.read().split("\n")
assert lines.pop() == "" and len(lines) == int(sys.argv[2]) - 1, len(lines)
assert all(len(line) <= int(sys.argv[1]) for line in lines), max(lines, key=len)
text = "\n".join(lines)
# The main process, 20 children, 30 functions, two peaks.
(more,) = re.findall(r"… and (\d+) more$", text, re.M)
named = len(re.findall(r"(?:━━|──|\[\]|<>|{}|╌╌)  \S", text))
assert named + int(more) == 53 and (named >= 19 or sys.argv[3] == "lanes"), (named, more)
curves = [line for line in lines if "│" in line or "┤" in line]
assert len(curves) >= 6, len(curves)
at = [i for i, line in enumerate(curves) if "┤" in line]
assert len(at) >= 2 and len({b - a for a, b in zip(at, at[1:])}) == 1, at
axis = [line for line in lines if "└" in line][0]
labels = re.finditer(r"\d+", lines[lines.index(axis) + 1])
assert [m[0] for m in labels] == ["0", "2", "4", "6", "8", "10"], lines[lines.index(axis) + 1]
if sys.argv[3] == "lanes":
    assert "more threads" in text, text
END
for way in '' '-f lanes'; do
	# shellcheck disable=SC2086 # no word, or two
	set -- $way
	"$MPROF_TRACE" plot --term ${1:+"$1"} crowd.dat >out
	python3 fits.py 80 24 "${2:-plain}" <out || fail "80x24 $way: $(cat out)"
done

# On a terminal: its size, and colours.
cat >terminal.py <<'END'
import fcntl, os, pty, struct, sys, termios
columns = int(sys.argv[1])
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
seen = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    seen += data
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(seen.replace(b"\r\n", b"\n"))
sys.exit(os.waitstatus_to_exitcode(status))
END
for columns in 40 133; do
	NO_COLOR=1 python3 terminal.py "$columns" "$MPROF_TRACE" plot --term line.dat >out
	python3 look.py out "$columns" || fail "$columns columns: $(cat out)"
done
python3 terminal.py 100 "$MPROF_TRACE" plot --term line.dat >out
grep -q "$(printf '\033')\[38;2;31;119;180m" out || fail "no blue on a terminal"
python3 terminal.py 100 "$MPROF_TRACE" plot --term --theme dark line.dat >out
grep -q "$(printf '\033')\[38;2;90;170;240m" out || fail "no light blue on a dark terminal"
# Where there is no display the picture is a file, and a person is told of --term; a script is not.
python3 terminal.py 100 "$MPROF_TRACE" plot line.dat >out
grep -q '^line.png' out || fail "no path: $(cat out)"
grep -q -e '--term' out || fail "no word of --term: $(cat out)"
[ "$("$MPROF_TRACE" plot line.dat 2>&1)" = line.png ] || fail "a script was told more than the path"

# Lanes: a bar for the call, where it was, with its name; in its colour on a terminal.
"$MPROF_TRACE" plot --term -f line.dat >out
cat >lane.py <<'END'
import sys
lines = open("out", encoding="utf-8").read().split("\n")
lane = [i for i, line in enumerate(lines) if line.strip() == "pid 100"][0]
bar = lines[lane + 1]
axis = [line for line in lines if "└" in line][0]
start, end = axis.index("└") + 1, len(axis)
assert abs(bar.index("[") - start - 0.2 * (end - start)) <= 1, bar
assert abs(bar.index("]") + 1 - start - 0.6 * (end - start)) <= 1, bar
assert "[f(int, int)" in bar and bar.endswith("]"), bar
END
python3 lane.py || fail "lane: $(cat out)"
python3 terminal.py 100 "$MPROF_TRACE" plot --term -f line.dat >out
grep -q "$(printf '\033')\[48;2;251;114;13m.*f(int, int)" out || fail "no orange bar: $(cat -v out)"

for wrong in "-o x.png" "--backend svg"; do
	status=0
	# shellcheck disable=SC2086 # words are wanted
	"$MPROF_TRACE" plot --term $wrong line.dat >out 2>err || status=$?
	if [ "$status" -ne 125 ] || [ "$(wc -l <err)" -ne 1 ]; then fail "$wrong: $status $(cat err)"; fi
done
if [ -c /dev/full ]; then
	if "$MPROF_TRACE" plot --term line.dat >/dev/full 2>err; then fail "a full disk went unnoticed"; fi
	grep -q 'cannot write the plot' err || fail "full: $(cat err)"
fi
