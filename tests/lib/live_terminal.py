"""A terminal (pyte) with a command on it, or a shell: what it shows, keys, its size, its modes.

Unlike pyte's own screen this one has a second screen (xterm's mode 1049), so that a test sees
whether the first is as it was.
"""
import copy
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

PATIENCE_S = float(os.environ.get("PATIENCE", "300"))  # before a test that waits for something has failed


class Screen(pyte.Screen):
    """Counts what it was told to be, and what it was told back."""

    first = None  # the first screen, while the second is shown

    def set_mode(self, *modes, **keywords):
        if keywords.get("private") and 1049 in modes and self.first is None:
            self.first = copy.deepcopy((dict(self.buffer), self.cursor))
            self.buffer.clear()
        super().set_mode(*modes, **keywords)

    def reset_mode(self, *modes, **keywords):
        super().reset_mode(*modes, **keywords)
        if keywords.get("private") and 1049 in modes and self.first is not None:
            lines, cursor = self.first
            self.buffer.clear()
            self.buffer.update(lines)
            self.cursor.x, self.cursor.y = cursor.x, cursor.y
            self.first = None


class Terminal:
    """A command, on a terminal of its own, in the foreground of a session of its own."""

    def __init__(self, *command, columns=80, rows=24, kind="xterm-256color"):
        self.screen = Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.environ["TERM"] = kind
            os.execvp(command[0], command)
        self.status = None

    def modes(self):
        return termios.tcgetattr(self.fd)

    def feed(self, seconds=0.05):
        """What has come meanwhile is on the screen then. False: the other side is closed."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO
            data = b""
        self.stream.feed(data)
        return bool(data)

    def lines(self):
        return self.screen.display

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines())

    def wait_for(self, condition, what):
        """@condition: words to be seen, or a function."""
        end = time.monotonic() + PATIENCE_S
        is_there = condition if callable(condition) else lambda: condition in self.text()
        while not is_there():
            if not self.feed() and not is_there():
                raise AssertionError("no %s before the end:\n%s" % (what, self.text()))
            if time.monotonic() > end:
                raise AssertionError("waited in vain for %s:\n%s" % (what, self.text()))

    def type(self, text):
        os.write(self.fd, text.encode())

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def is_second(self):
        return self.screen.first is not None

    def is_plain(self):
        """The first screen, a cursor, and lines that wrap."""
        modes = self.screen.mode
        return not self.is_second() and pyte.modes.DECAWM in modes and pyte.modes.DECTCEM in modes

    def end(self):
        """128+N for a signal, once all that it has written is shown."""
        while self.feed(PATIENCE_S):
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return status if status >= 0 else 128 - status


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def group_of(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as file:
        return int(file.read().rsplit(")", 1)[1].split()[2])


def view_of(front):
    """The view of a front end is in its process group, the engine in one of its own."""
    return [pid for pid in children(front) if group_of(pid) == group_of(front)][0]


def engine_of(front):
    return [pid for pid in children(front) if group_of(pid) != group_of(front)][0]
