#!/usr/bin/python3
"""Runs a command on a terminal of its own, presses Ctrl-C once it says "ready PID", and shows what
it wrote and how it ended (128+N for a signal).

usage: in_terminal.py COMMAND...
"""
import os
import pty
import re
import select
import signal
import sys
import time

PATIENCE_S = 300  # for what surely comes, on however busy a machine


def read_until(terminal, text, pattern, seconds):
    """Reads until the pattern is there, the end, or the time is over."""
    end = time.monotonic() + seconds
    while not (pattern and re.search(pattern, text)):
        left = end - time.monotonic()
        if left <= 0 or not select.select([terminal], [], [], left)[0]:
            break
        try:
            data = os.read(terminal, 4096)
        except OSError:  # EIO: the other side is closed
            break
        if not data:
            break
        text += data
    return text


def main():
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    text = read_until(terminal, b"", rb"ready \d+\r?\n", PATIENCE_S)
    program = int(re.search(rb"ready (\d+)", text).group(1))
    os.write(terminal, b"\x03")
    text = read_until(terminal, text, rb"got SIGINT\r?\n", PATIENCE_S)  # or its end
    # That no second one comes cannot be waited for: give it time.
    text = read_until(terminal, text, rb"got SIGINT[^$]*got SIGINT", 0.5)
    try:
        os.kill(program, signal.SIGUSR1)
    except ProcessLookupError:
        pass  # it died of the first, as it may
    text = read_until(terminal, text, None, PATIENCE_S)
    _, status = os.waitpid(pid, 0)
    sys.stdout.write(text.decode().replace("\r", "").replace(str(program), "PID"))
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
