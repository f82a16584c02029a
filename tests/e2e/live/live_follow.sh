#!/bin/sh
# plot --follow --term: a live view of a file that somebody else writes, with its own end, and job control.
# timeout: 600
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"

cat >follow.py <<'END'
import os, signal
from live_terminal import Terminal, children

START = 1795310486

def append(text):
    with open("x.dat", "a") as file:
        file.write(text)

def begin(ending="echo status $?; read line"):
    terminal = Terminal("sh", "-c", 'trap : INT; echo before; '
                        '"$MPROF_TRACE" plot --follow --term x.dat; ' + ending)
    terminal.wait_for(lambda: terminal.is_second(), "the view")
    return terminal

def ends(terminal, status):
    terminal.wait_for("status %d" % status, "the end")
    assert terminal.is_plain() and "before" in terminal.text(), terminal.text()
    terminal.type("\n")
    terminal.end()

append("CMDLINE ./work\nFORMAT 3 test\nMETRIC rss\nPROC 100 1 %d.0 ./work\n" % START)
terminal = begin()
terminal.wait_for("waiting for the first sample", "a word of it")
append("MEM 10 %d.0\nMEM 20 %d.0\n" % (START, START + 5))
terminal.wait_for("0:05  20.0 MiB in 1 process", "two samples")
append("MEM 30 %d.0\nMEM 4" % (START + 60))
terminal.wait_for("1:00  30.0 MiB in 1 process", "a third, and no half one")
append("0 %d.0\n" % (START + 61))
terminal.wait_for("1:01  40.0 MiB in 1 process", "its other half")
with open("x.dat", "w"):
    pass
terminal.wait_for("waiting for the first sample", "another recording")
append("CMDLINE ./other\nFORMAT 3 test\nPROC 7 1 %d.0 ./other\nMEM 5 %d.0\n" % (START, START + 1))
terminal.wait_for(lambda: "./other" in terminal.text() and "recording" in terminal.text(), "it")
append("DONE 7 %d.0 0\nTICKS 1 0 0 0 0\n" % (START + 2))
terminal.wait_for("ended", "its end")
terminal.type("q")
ends(terminal, 0)

terminal = begin()
terminal.type("\x03")
ends(terminal, 0)

# The view is killed, and who waits for it; each gives the terminal back for the other.
def plot_of(terminal):
    return [pid for pid in children(terminal.pid) if "mprof-trace" in os.readlink("/proc/%d/exe" % pid)][0]

terminal = begin()
os.kill(children(plot_of(terminal))[0], signal.SIGKILL)
ends(terminal, 125)
terminal = begin()
os.kill(plot_of(terminal), signal.SIGTERM)
ends(terminal, 0)
terminal = begin("while [ ! -e gone ]; do sleep 0.05; done")
os.kill(plot_of(terminal), signal.SIGKILL)
terminal.wait_for(terminal.is_plain, "the first screen")
open("gone", "w").close()
terminal.end()
END
/usr/bin/python3 follow.py
