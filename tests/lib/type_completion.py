#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Types command lines with tabs in them into a shell on a terminal, and compares the arguments that come out.

usage: type_completion.py SHELL SCRIPT FOLDER

SHELL is bash, zsh or fish, SCRIPT what teaches it to complete, FOLDER where the lines are typed: it has a
`mprof-trace` that writes its arguments, each ended by a NUL, to the file `arguments`. What a shell's quotes look
like does not matter then: what it makes of the line does.
"""
import os
import pty
import select
import sys
import time

PROMPT = "typed> "
PATIENCE_S = 120
LEFT = "\x02"  # Ctrl-B, in all three

# What is typed, and the arguments that must come of it. The program stands behind the cursor in some.
CASES = [
    ("mprof-trace attac\t", ["attach"]),
    ("mprof-trace --surv\t yes x", ["--survival", "yes", "x"]),
    ("mprof-trace --probe=br\t x", ["--probe=breakpoint", "x"]),
    ("mprof-trace --probe br\t x", ["--probe", "breakpoint", "x"]),
    ("mprof-trace --stacks=peak,gr\t x", ["--stacks=peak,growth", "x"]),
    ("mprof-trace plot my\t", ["plot", "my run.dat"]),
    ("mprof-trace plot --output=not\t", ["plot", "--output=notes.txt"]),
    ("mprof-trace -f plain_na ./named" + LEFT * 8 + "\t", ["-f", "plain_name", "./named"]),
    ("mprof-trace -fplain_na ./named" + LEFT * 8 + "\t", ["-fplain_name", "./named"]),
    ("mprof-trace --functions=plain_na ./named" + LEFT * 8 + "\t", ["--functions=plain_name", "./named"]),
    ("mprof-trace -f ns::gr ./named" + LEFT * 8 + "\t", ["-f", "ns::grow<unsigned long>", "./named"]),
    ("mprof-trace -f ns::Box::op ./named" + LEFT * 8 + "\t", ["-f", "ns::Box::operator+", "./named"]),
    ("mprof-trace -f plain_name,ns::gr ./named" + LEFT * 8 + "\t", ["-f", "plain_name,ns::grow<unsigned long>", "./named"]),
    ("mprof-trace -f 'ns::gr' ./named" + LEFT * 9 + "\t", ["-f", "ns::grow<unsigned long>", "./named"]),
    ("mprof-trace -f '!plain_na' ./named" + LEFT * 9 + "\t", ["-f", "!plain_name", "./named"]),
    ("mprof-trace -f 'plain_*' ./named" + LEFT * 9 + "\t", ["-f", "plain_*", "./named"]),
    ("mprof-trace -f 'libnamed.so!in_li' ./named" + LEFT * 9 + "\t", ["-f", "libnamed.so!in_library", "./named"]),
    ("mprof-trace -f in_li ./named" + LEFT * 8 + "\t", ["-f", "in_library", "./named"]),
    ("mprof-trace -f no_such ./named" + LEFT * 8 + "\t", ["-f", "no_such", "./named"]),
    ("mprof-trace -f x './na\t", ["-f", "x", "./named"]),
    # No program yet: that of the newest profile, mprofile_20260101000000.dat.
    ("mprof-trace -f plain_na\t x", ["-f", "plain_name", "x"]),
    ("mprof-trace attach named -f ns::gr\t", ["attach", "named", "-f", "ns::grow<unsigned long>"]),
]


def start(shell, script):
    """The shell's pid and its terminal."""
    commands = {
        "bash": ["bash", "--noprofile", "--rcfile", "start", "-i"],
        "zsh": ["zsh", "-d", "-i"],
        "fish": ["fish", "--no-config", "-C", "source start", "-i"],
    }
    starts = {
        "bash": f"PS1='{PROMPT}'; source '{script}'; bind 'set enable-bracketed-paste off'\n",
        "zsh": f"PS1='{PROMPT}'; fpath=('{os.path.dirname(script)}' $fpath)\n"
               "autoload -Uz compinit && compinit -D -u\n"
               "unsetopt zle_bracketed_paste; unset zle_bracketed_paste; setopt nobeep\n",
        "fish": f"source '{script}'\nfunction fish_prompt; echo -n '{PROMPT}'; end\nset -g fish_greeting\n"
                "set -g fish_autosuggestion_enabled 0\n",
    }
    with open(".zshrc" if shell == "zsh" else "start", "w", encoding="utf-8") as out:
        out.write(starts[shell])
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="vt100", ZDOTDIR=os.getcwd(), COLUMNS="200", EDITOR="emacs")
        os.execvp(commands[shell][0], commands[shell])
    return pid, terminal


class Typing:
    """What has come from the terminal so far."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.seen = ""

    def wait(self, is_there, what):
        end = time.monotonic() + PATIENCE_S
        while not is_there():
            left = end - time.monotonic()
            if left <= 0:
                sys.exit(f"{what} did not come; seen: {self.seen[-2000:]!r}")
            if select.select([self.terminal], [], [], min(left, 0.1))[0]:
                try:
                    self.seen += os.read(self.terminal, 65536).decode(errors="replace")
                except OSError:
                    sys.exit(f"the shell has ended; seen: {self.seen[-2000:]!r}")

    def prompt(self):
        # fish draws it anew when the terminal is ready: whatever stands behind one is not looked at.
        self.wait(lambda: PROMPT in self.seen, "a prompt")
        self.seen = ""


def arguments():
    try:
        with open("arguments", "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return None
    return data.decode().split("\0")[:-1] if data.endswith(b"END\0") else None


def main():
    shell, script, folder = sys.argv[1:]
    os.chdir(folder)
    pid, terminal = start(shell, script)
    typing = Typing(terminal)
    failed = 0
    for keys, expected in CASES:
        # fish shows a script what stands before the cursor alone.
        if shell == "fish" and LEFT in keys:
            continue
        typing.prompt()
        if os.path.exists("arguments"):
            os.unlink("arguments")
        os.write(terminal, (keys + "\r").encode())
        typing.wait(lambda: arguments() is not None, repr(keys))
        got = arguments()[:-1]
        if got != expected:
            print(f"{shell}: {keys!r} became {got}, not {expected}")
            failed += 1
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    sys.exit(failed > 0)


main()
