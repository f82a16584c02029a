#!/usr/bin/python3
"""Compares mprof-trace-troubleshooting(7) with the messages of the source.

messages.py PAGE SOURCE: each message of the page is one of the source; and the page has nine in ten of all warnings, errors
that are logged, and errors of the rooms that speak to the user, but for wrong options, those that only pass on what the
system says, and those named here. Nine in ten, so that a new message can land before its explanation: those without one
are listed with --all.
"""
import glob
import os
import re
import sys

from tutorial import plain

# Rooms whose errors are about what the user did or has: what is elsewhere is a reason within such a message.
ROOMS = ("tracer/cli/", "tracer/tracee/seize", "tracer/perf/", "plot/records/", "plot/follow/", "plot/live/",
         "symbols/file/symbol_read.c")
# These say all that there is to say, or are said about others that are there.
LEFT_OUT = (
    "so it is with …", "… of … files not removed", "the terminal has hung up", "the view was killed by signal …",
    "the view does not know the file", "no profile with index …: the current directory has …", "the reading of … was given up",
    "… is no regular file, and cannot be read again", "it has no loadable segment", "it is damaged: …", "…: …",
    "… is an object file: link it first", "… is an ELF file, but no program or library",
    "… is cut short: only … bytes of an ELF file", "… is a directory: name a profile in it", "one profile at a time",
    "… is no regular file", "… has no function symbols at all", "in … no function matches …", "…; …",
    "no recording of process … is being made, as far as this user can see",
    "…: no recording writes to it (any more), as far as this user can see",
    "…: there is no such file, and it is no pid", "… recordings are being made, such as …",
)
CALL = re.compile(r"\b(error_new|error_os|error_take|log_error|log_warning|log_info|log_debug)\(")
CONVERSION = re.compile(r'%[-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|z|j)?[a-zA-Z]|%"\s*PRI\w+\s*"')


def arguments(text, start):
    """What stands between the bracket before @start and its partner."""
    depth, at, quoted = 1, start, False
    while depth:
        if quoted:
            at += text[at] == "\\"
            quoted = text[at] != '"' or text[at - 1] == "\\"
        else:
            quoted = text[at] == '"'
            depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    return text[start:at - 1]


def messages_of(source):
    """[(kind, file, text)], with "…" for what is filled in."""
    for name in sorted(glob.glob(source + "/*/**/*.c", recursive=True)):
        file = os.path.relpath(name, source)
        if not file.startswith(("tracer/", "symbols/", "plot/")) or file.startswith("tracer/api/"):
            continue
        with open(name) as code:
            text = re.sub(r"/\*.*?\*/", "", code.read(), flags=re.S)
        for call in CALL.finditer(text):
            words = arguments(text, call.end())
            kind = "option" if "ERR_USAGE" in words else call[1]
            # Pieces, perhaps with a macro between them, such as PRIu64.
            literal = re.search(r'"(?:[^"\\]|\\.)*"(?:\s*(?:[A-Z]\w+\s*)?"(?:[^"\\]|\\.)*")*', words)
            if literal:
                said = CONVERSION.sub("…", literal[0][1:-1].replace("%%", "\0"))
                said = re.sub(r'"\s*"', "", said).replace("\0", "%").replace('\\"', '"').replace("\\\\", "\\")
                yield kind, file, re.sub("(?:\"\\s*[A-Z]\\w+\\s*\"|…)+", "…", said)


def is_like(message, wanted):
    """Whether the fixed pieces of @wanted stand in @message in their order."""
    at = 0
    for piece in filter(None, (part.strip(" '") for part in wanted.split("…"))):
        at = message.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def is_left_out(message):
    return message in LEFT_OUT or any(is_like(message, other) for other in LEFT_OUT if other.strip("…;: "))


def main():
    with open(sys.argv[1]) as file:
        listed = [plain(line[7:].strip()) for line in file if line.startswith(".It Sy ")]
    messages = list(messages_of(sys.argv[2]))
    bad, asked, missing = 0, 0, []
    if len(messages) < 400 or len(listed) < 50:
        sys.exit("%d messages in the source, %d in the page: are they not found?" % (len(messages), len(listed)))
    for wanted in listed:
        if not any(is_like(message, wanted) for _, _, message in messages):
            print("the source has no such message: " + wanted)
            bad = 1
    for kind, file, message in messages:
        asks = kind in ("log_warning", "log_error") or (kind == "error_new" and file.startswith(ROOMS))
        if not asks or not re.search("[a-z]{3}", message) or is_left_out(message):
            continue
        asked += 1
        if not any(is_like(message, wanted) for wanted in listed):
            missing.append("the page has no item for: %s (%s)" % (message, file))
    if missing and (10 * len(missing) > asked or "--all" in sys.argv):
        print("\n".join(missing))
        bad = 1
    return bad


sys.exit(main())
