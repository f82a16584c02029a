#!/usr/bin/python3
"""Types at an interactive shell on a terminal of its own: starts a command, stops it with Ctrl-Z,
lists it, brings it to the foreground, lets it end, and shows what the shell and the command say.

usage: job_control.py COMMAND...

The command says "ready PID" once it runs, and ends with a status of its own on SIGUSR1.
"""
import os
import pty
import re
import shlex
import signal
import sys
import time

from in_terminal import PATIENCE_S, read_until

PROMPT = "typed> "


def answer_of(terminal, line, pattern):
    """What comes after the line is typed, up to the pattern."""
    os.write(terminal, line.encode())
    text = read_until(terminal, b"", pattern, PATIENCE_S)
    if not re.search(pattern, text):
        sys.exit(f"after {line!r} nothing matches {pattern!r}: {text!r}")
    return text.decode()


def becomes(pid, wanted):
    """Whether it stops, or goes on: a shell may know of it a little before it is so."""
    in_row = 0
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            state = file.read().rsplit(")", 1)[1].split()[0]
        # A tracer's own stops, "t" like a traced job's, are a moment long.
        in_row = in_row + 1 if (state in "Tt") == wanted else 0
        if in_row == (10 if wanted else 1):
            return True
        time.sleep(0.005)
    return False


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.environ.update(PS1=PROMPT, TERM="dumb", HISTFILE="")
        os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
    end = (re.escape(PROMPT) + "$").encode()
    read_until(terminal, b"", end, PATIENCE_S)
    answer_of(terminal, "stty -echo\n", end)
    text = answer_of(terminal, shlex.join(sys.argv[1:]) + "\n", rb"ready \d+\r?\n")
    program = int(re.search(r"ready (\d+)", text).group(1))
    for _ in range(3):
        text = answer_of(terminal, "\x1a", rb"Stopped[^\n]*\n" + end)
        print("Ctrl-Z:", "Stopped" in text, becomes(program, True))
        text = answer_of(terminal, "jobs | grep -c Stopped; jobs -r | wc -l\n", rb"\d+\r?\n\d+\r?\n" + end)
        print("jobs:", text.split()[:2])
        os.write(terminal, b"fg\n")
        print("fg:", bool(read_until(terminal, b"", rb"continued\r?\n", PATIENCE_S)), becomes(program, False))
    os.kill(program, signal.SIGUSR1)
    text = read_until(terminal, b"", end, PATIENCE_S).decode()
    print("end:", text.replace("\r", "").replace(PROMPT, "").replace(str(program), "PID").strip())
    print("status:", answer_of(terminal, "echo $?\n", rb"\d+\r?\n" + end).split()[0])
    os.write(terminal, b"exit\n")
    read_until(terminal, b"", None, PATIENCE_S)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
