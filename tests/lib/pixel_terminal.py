#!/usr/bin/python3
"""A terminal that can show pixels, or says that it can: runs a command on a pty of its own, answers
what it asks, and writes what it shows as text and as a picture.

usage: pixel_terminal.py KIND COLUMNSxROWS PICTURE.ppm COMMAND...

KIND: sixel, kitty, iterm2 (what it can), text (answers, but has no pixels), mute (answers nothing).
The text that the command has written, without its pictures, goes to stdout; the picture, drawn where
the cursor stood, to PICTURE.ppm, of 10 x 20 dots a character.
"""
import base64
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import zlib

CELL = (10, 20)
QUESTION_END = b"\x1b[c"


def answer(kind):
    if kind == "mute":
        return b""
    kitty = b"\x1b_Gi=31;OK\x1b\\" if kind == "kitty" else b""
    size = b"\x1b[6;%d;%dt" % (CELL[1], CELL[0])
    return kitty + size + (b"\x1b[?62;4;22c" if kind == "sixel" else b"\x1b[?62;22c")


def run(kind, columns, rows, command):
    """What the command has written, its status, and whether it had given up when the answer came."""
    begin, go_on = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.read(begin, 1)  # once the modes have been looked at
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.execvp(command[0], command)
    seen, is_answered, is_late, modes = b"", False, False, termios.tcgetattr(terminal)
    os.write(go_on, b"1")
    while select.select([terminal], [], [], 300)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        seen += data
        if not is_answered and QUESTION_END in seen:
            is_answered = True
            # In two parts, as over a slow line.
            text = answer(kind)
            os.write(terminal, text[:7])
            # Who still waits for it has the terminal hand over what comes at once.
            is_late = bool(termios.tcgetattr(terminal)[3] & termios.ICANON) and text != b""
            os.write(terminal, text[7:])
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if termios.tcgetattr(terminal) != modes:
        sys.exit("pixel_terminal.py: the terminal's modes are not what they were")
    return seen, status, is_late


def read_sixel(text):
    """Rows of colours (None where nothing was drawn) of DEC's sixel format."""
    body = text[text.index(b"q") + 1:].decode()
    colors, dots, color, x, band = {}, {}, 0, 0, 0
    for match in re.finditer(r'(["#])([\d;]*)|!(\d+)([?-~])|([?-~$-])', body):
        what, numbers, count = match.group(1), match.group(2), match.group(3)
        sixel = match.group(4) or match.group(5)
        if what == "#":
            values = [int(n) for n in numbers.split(";")]
            color = values[0]
            if len(values) == 5:
                colors[color] = tuple(round(n * 2.55) for n in values[2:])
        elif what != '"' and sixel == "$":
            x = 0
        elif what != '"' and sixel == "-":
            x, band = 0, band + 6
        elif what != '"':
            for _ in range(int(count or 1)):
                for bit in range(6):
                    if ord(sixel) - 63 >> bit & 1:
                        dots[x, band + bit] = color
                x += 1
    width, height = max(x for x, _ in dots) + 1, max(y for _, y in dots) + 1
    return [[colors.get(dots.get((x, y))) for x in range(width)] for y in range(height)]


def read_rgba(data, width, height, bytes_each):
    colors = [tuple(data[i:i + 3]) for i in range(0, width * height * bytes_each, bytes_each)]
    return [colors[y * width:(y + 1) * width] for y in range(height)]


def read_kitty(parts):
    keys = dict(pair.split(b"=") for pair in parts[0][0].split(b",") if b"=" in pair)
    data = b"".join(base64.b64decode(payload) for _, payload in parts)
    if keys.get(b"o") == b"z":
        data = zlib.decompress(data)
    return read_rgba(data, int(keys[b"s"]), int(keys[b"v"]), int(keys[b"f"]) // 8)


def take_pictures(seen):
    """The text without its pictures, and the picture."""
    picture = None
    sixel = re.search(rb"\x1bP[\d;]*q.*?\x1b\\", seen, re.S)
    if sixel:
        picture = read_sixel(sixel.group())
        seen = seen.replace(sixel.group(), b"<picture>")
    parts = re.findall(rb"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\", seen.split(QUESTION_END)[-1])
    if parts:
        picture = read_kitty(parts)
        seen = re.sub(rb"(\x1b_G[^\x1b]*\x1b\\)+", b"<picture>", seen.split(QUESTION_END)[-1])
    iterm2 = re.search(rb"\x1b\]1337;File=[^:]*:([^\x07]*)\x07", seen)
    if iterm2:
        with open("iterm2.tiff", "wb") as file:
            file.write(base64.b64decode(iterm2.group(1)))
        seen = seen.replace(iterm2.group(), b"<picture>")
    return seen, picture


def main():
    kind, size, path = sys.argv[1:4]
    columns, rows = (int(n) for n in size.split("x"))
    for _ in range(20):
        seen, status, is_late = run(kind, columns, rows, sys.argv[4:])
        if not is_late:  # we have had a CPU in time
            break
    text, picture = take_pictures(seen)
    sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
    if picture:
        with open(path, "wb") as file:
            file.write(b"P6 %d %d 255\n" % (len(picture[0]), len(picture)))
            for row in picture:
                for color in row:
                    file.write(bytes(color or (0, 0, 0)))
    sys.exit(status)


if __name__ == "__main__":
    main()
