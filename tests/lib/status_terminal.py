#!/usr/bin/python3
"""Runs a command on a terminal of its own and prints what the terminal got.

usage: status_terminal.py [--until REGEX FILE] [--columns N] [--background] [--stderr-only] COMMAND...

--until: FILE is made once REGEX is on the terminal, which the command may wait for.
--stderr-only: standard output goes to the file "stdout" instead. --background: another process group is in the
terminal's foreground.
Prints the draws of the status line as "draw: TEXT", its removals as "clear", other lines as "line: TEXT", what the
terminal shows in the end as "shown: TEXT", and "seconds: N"; the exit status is the command's.
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE_S = 300  # for what surely comes, on however busy a machine


def start(options):
    terminal, side = pty.openpty()
    if options.columns:
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, options.columns, 0, 0))
    pid = os.fork()
    if pid > 0:
        os.close(side)
        return pid, terminal
    os.close(terminal)
    os.setsid()
    fcntl.ioctl(side, termios.TIOCSCTTY, 0)
    for number in 0, 1, 2:
        os.dup2(side, number)
    if options.stderr_only:
        os.dup2(os.open("stdout", os.O_WRONLY | os.O_CREAT, 0o666), 1)
    if options.background:
        # This process stays in the foreground, and its child is what is asked for.
        pid = os.fork()
        if pid > 0:
            _, status = os.waitpid(pid, 0)
            os._exit(os.waitstatus_to_exitcode(status))
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("TERM", "xterm")
    os.execvp(options.command[0], options.command)


def read_all(terminal, options):
    text, made = b"", options.until is None
    while select.select([terminal], [], [], PATIENCE_S)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:  # EIO: the other side is closed
            break
        if not data:
            break
        text += data
        if not made and re.search(options.until[0].encode(), text):
            with open(options.until[1], "w", encoding="utf-8"):
                made = True
    return text.decode(errors="replace")


def shown(text):
    """What a terminal that knows \\r, \\n and \\033[K shows."""
    lines, column = [""], 0
    for token in re.findall(r"\033\[K|\r|\n|[^\r\n\033]|\033", text):
        if token == "\r":
            column = 0
        elif token == "\n":
            lines.append("")
        elif token == "\033[K":
            lines[-1] = lines[-1][:column]
        else:
            lines[-1] = lines[-1][:column] + token + lines[-1][column + 1 :]
            column += 1
    return [line for line in lines if line]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--until", nargs=2)
    parser.add_argument("--columns", type=int)
    parser.add_argument("--background", action="store_true")
    parser.add_argument("--stderr-only", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    begin = time.monotonic()
    pid, terminal = start(options)
    text = read_all(terminal, options)
    _, status = os.waitpid(pid, 0)
    print(f"seconds: {time.monotonic() - begin:.3f}")
    for part in re.finditer(r"(\r\033\[K)?([^\r\n]*)(\r?\n)?", text):
        if part.group(3):
            print(f"line: {part.group(2)}")
        elif part.group(1):
            print(f"draw: {part.group(2)}" if part.group(2) else "clear")
        elif part.group(2):
            print(f"draw: {part.group(2)}")
    for line in shown(text):
        print(f"shown: {line}")
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
