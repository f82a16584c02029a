#!/usr/bin/python3
"""Runs a command on a terminal of its own, and types at the gdb that comes there.

usage: gdb_terminal.py LINE... -- COMMAND...

Each LINE is typed when gdb's prompt is there, or its question. Shows all that was on the terminal, and how the command ended (128+N for
a signal).
"""
import os
import pty
import re
import signal
import sys

from in_terminal import PATIENCE_S, read_until

PROMPT = rb"\((gdb|y or n)\) "  # others may write behind it


def main():
    words = sys.argv[1:]
    lines, command = words[: words.index("--")], words[words.index("--") + 1 :]
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.environ.update(TERM="dumb", COLUMNS="200")
        os.environ.pop("DEBUGINFOD_URLS", None)
        os.execvp(command[0], command)
    text = b""
    for line in lines:
        text += read_until(terminal, b"", PROMPT, PATIENCE_S)
        os.write(terminal, line.encode() + b"\n")
    text += read_until(terminal, b"", None, PATIENCE_S)
    _, status = os.waitpid(pid, 0)
    text = re.sub(rb"\x1b\[[0-9;?]*[a-zA-Z]|\r", b"", text)
    sys.stdout.write(text.decode(errors="replace"))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
