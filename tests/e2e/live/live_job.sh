#!/bin/sh
# A live view as a job of an interactive shell: Ctrl-Z, fg, the background, another size meanwhile.
# timeout: 900
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"
need_command bash

cat >job.py <<'END'
import os
from live_terminal import Terminal, children

orders = os.open("orders", os.O_RDWR)
terminal = Terminal("env", "PS1=typed> ", "HISTFILE=", "bash", "--norc", "--noprofile", "--noediting", "-i")

def tell(order):
    os.write(orders, (order + "\n").encode())

def prompt():
    """The shell waits for a line."""
    lines = terminal.text().rstrip().split("\n")
    return lines[-1].rstrip() == "typed>" and terminal.is_plain()

def type_line(line):
    terminal.type(line + "\n")

def is_shown():
    return terminal.is_second() and "recording" in terminal.text() and "told" in terminal.text()

terminal.wait_for(prompt, "a prompt")
modes = terminal.modes()
type_line('"$MPROF_TRACE" live -o x.dat -T 0.05 ./told orders; echo status $?')
terminal.wait_for(is_shown, "the view")
live_modes = terminal.modes()
for columns, rows in (80, 24), (100, 30), (80, 24):
    terminal.type("\x1a")
    terminal.wait_for(lambda: "Stopped" in terminal.text() and prompt(), "a stop")
    assert terminal.modes() == modes
    terminal.resize(columns, rows)
    type_line("clear; jobs")
    terminal.wait_for(lambda: "Stopped" in terminal.text() and prompt(), "the list of jobs")
    type_line("clear; fg")
    terminal.wait_for(lambda: is_shown() and terminal.lines()[rows - 1].startswith("q leave"), "the view again")
    assert terminal.modes() == live_modes

# In the background the terminal is the shell's, whatever is recorded.
terminal.type("\x1a")
terminal.wait_for(prompt, "a stop")
type_line("clear; bg")
terminal.wait_for(lambda: "&" in terminal.text() and prompt(), "the background")
size = os.stat("x.dat").st_size
tell("grow 5")
terminal.wait_for(lambda: os.stat("x.dat").st_size > size + 1000, "more samples")
assert prompt() and terminal.modes() == modes
type_line("clear; echo typed here")
terminal.wait_for(lambda: "\ntyped here" in "\n" + terminal.text() and prompt(), "an answer")
type_line("fg")
terminal.wait_for(is_shown, "the view again")
tell("exit 7")
terminal.wait_for(lambda: prompt() and terminal.modes() == modes, "the end")
type_line("echo status $?")
terminal.wait_for("status 7", "the status")

# Started there it waits for the foreground; stopped there it takes nothing either.
type_line('clear; "$MPROF_TRACE" live -o y.dat -T 0.05 ./told orders &')
terminal.wait_for(lambda: os.path.exists("y.dat") and os.stat("y.dat").st_size > 1000 and prompt(), "a recording")
type_line("clear; kill -TSTP %%; wait %% 2>/dev/null; jobs")
terminal.wait_for(lambda: "Stopped" in terminal.text() and prompt(), "a stop in the background")
assert terminal.modes() == modes
type_line("clear; fg")
terminal.wait_for(is_shown, "the view")
terminal.type("\x03")
terminal.wait_for(lambda: prompt() and terminal.modes() == modes, "the end")
type_line("exit")
terminal.end()
END
/usr/bin/python3 job.py
well_formed x.dat
well_formed y.dat
