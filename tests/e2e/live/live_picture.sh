#!/bin/sh
# What the live view shows, sorted as keys say, on terminals of several sizes; its figures are those of
# the file.
# timeout: 900
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"

cat >look.py <<'END'
import os
from live_terminal import Terminal

terminal = Terminal("sh", "-c", 'echo before; "$MPROF_TRACE" live -o x.dat -T 0.05 -f grow,hold '
                    './told orders "$(printf "\\033[31mred\\342\\200\\256")"; echo status $?; read line')
terminal.wait_for("recording", "the view")
modes = terminal.modes()
orders = os.open("orders", os.O_RDWR)

def tell(order):
    os.write(orders, (order + "\n").encode())

def rows(title):
    """The lines of a table, as lists of words."""
    lines = terminal.text().split("\n")
    start = [i for i, line in enumerate(lines) if line.endswith(title)]
    if not start:
        return []
    found = []
    for line in lines[start[0] + 1:]:
        words = line.split()
        if not words or not words[0][0].isdigit():
            break
        found.append(words)
    return found

def mib(words, at=1):
    """A figure and its unit."""
    return float(words[at]) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[words[at + 1]]

def processes():
    return rows("PROCESS")

assert terminal.is_second()
terminal.wait_for(lambda: len(processes()) == 1, "one process")
main_pid = int(processes()[0][0])
tell("grow 30")
terminal.wait_for(lambda: processes() and mib(processes()[0]) >= 30, "30 MiB")
tell("child 60")
tell("child 10")
terminal.wait_for(lambda: len(processes()) == 3 and mib(processes()[0]) >= 90, "two children")
figures = [mib(words) for words in processes()]
assert figures == sorted(figures, reverse=True), figures
# main has 30, the children these and their own
assert int(processes()[2][0]) == main_pid, terminal.text()

# Every figure is a sample of the file.
terminal.type(" ")
terminal.wait_for("paused", "a pause")
samples = {}
for line in open("x.dat"):
    words = line.split()
    if words[0] == "MEM":
        samples.setdefault(main_pid, set()).add("%.1f" % float(words[1]))
    elif words[0] == "CHLD":
        samples.setdefault(int(words[1]), set()).add("%.1f" % float(words[2]))
for words in processes():
    assert words[1] in samples[int(words[0])], (words, samples[int(words[0])])
still = terminal.text()
tell("grow 20")
terminal.type(" ")
terminal.wait_for(lambda: "recording" in terminal.text() and len(processes()) == 3 and
                  min(map(mib, processes())) >= 41, "the recording again")
assert terminal.text() != still

for key in "sss":
    terminal.type(key)
terminal.wait_for("s pid", "the order by pid")
assert int(processes()[0][0]) == main_pid
terminal.type("s")
terminal.wait_for("s memory", "the order by memory")

# Functions, and a call that goes on. Of grow each process made its own.
tell("hold")
terminal.wait_for(lambda: any(words[-1] == "hold" for words in rows("OPEN CALL")), "an open call")
grown = [words for words in rows("FUNCTION") if words[-1] == "grow"][0]
assert grown[0] == "4", grown
tell("release")
terminal.wait_for(lambda: not rows("OPEN CALL"), "the end of the call")
assert any(words[-1] == "hold" and words[0] == "1" for words in rows("FUNCTION"))

# Nothing of a name is obeyed, and no line is torn.
first = terminal.lines()[0]
assert first.startswith("./told orders") and "red" in first and first.rstrip().endswith("recording"), first
assert all(cell.fg == "default" for cell in terminal.screen.buffer[0].values())

def curves():
    return sum(0x2801 <= ord(c) <= 0x28ff for c in terminal.text())

assert curves() > 10 and "memory used (MiB, RSS)" in terminal.text()
terminal.type("t")
terminal.wait_for(lambda: curves() == 0 and processes(), "tables alone")
terminal.type("t")
terminal.wait_for(lambda: curves() > 10, "the curves again")
terminal.type("h")
terminal.wait_for("Any key: back", "help")
terminal.type("x")
terminal.wait_for(lambda: curves() > 10, "the picture again")
terminal.type("w")
terminal.wait_for("w 10 s", "a window")
terminal.type("www")
terminal.type("w")
terminal.wait_for("w all", "all of the time")
terminal.type("\x1b[A")  # an arrow: nothing, and none of its letters is a key

for columns, lines in (132, 50), (80, 24), (40, 12), (200, 16), (20, 5), (80, 24):
    terminal.screen.erase_in_display(2)
    terminal.resize(columns, lines)
    terminal.wait_for(lambda: terminal.lines()[lines - 1].startswith("q leave"), "the new size")
    terminal.wait_for(lambda: lines < 24 or len(processes()) == 3, "tables")
    assert (curves() > 10) == (lines >= 16), (columns, lines, terminal.text())

# Behind another's words everything is drawn again.
tell("say 1")
terminal.type("\f")
tell("exit 3")
terminal.wait_for("status 3", "the end")
assert terminal.is_plain() and "before" in terminal.text() and "PROCESS" not in terminal.text()
assert "profile x.dat" in terminal.text().replace("\n", " "), terminal.text()
terminal.type("\n")
terminal.end()
END
/usr/bin/python3 look.py
well_formed x.dat
