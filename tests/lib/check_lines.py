#!/usr/bin/python3
"""Whether what lines gained adds up to what their functions gained, by the records of calls; and is what was expected.

usage: check_lines.py [--any-count] [--migrates] FILE.dat... [SOURCE...]

Of each function: the sum of its LINE records is the figure of its LINES record, and that is the sum of what its
outermost calls gained, thread by thread, to the byte. Calls that were condensed cannot be compared; that is said. Nor can
calls that begin and end without order, as those of fibers do (--migrates): which of them is the outermost?
What is expected of lines is in comments of the sources (tests/targets/lines/gains.h); with --any-count, but for how often
each has run. Prints each difference, and exits with 1 when there is one.
"""
import collections
import os
import re
import sys

PAGE = 4096
MIB = 2**20


def to_bytes(mib):
    """Records are rounded to a millionth of a MiB, a byte or so; resident memory comes in pages."""
    return round(float(mib) * MIB / PAGE) * PAGE


class Recording:
    def __init__(self, path):
        self.lines = {}  # name, pid, source, line -> gained, count, held
        self.functions = {}  # name, pid, source -> gained, calls
        self.calls = collections.defaultdict(list)  # name, pid, tid -> entered, left, level, gained
        self.condensed = set()
        with open(path, encoding="utf-8") as file:
            for record in file:
                self.take(record.rstrip("\n").split(" "))

    def take(self, words):
        if words[0] == "LINE":
            name, pid, line, count, gained, _, held = words[1:8]
            self.lines[name, pid, " ".join(words[8:]), int(line)] = (to_bytes(gained), int(count), int(held))
        elif words[0] == "LINES":
            name, pid, _, _, calls, _, gained, _ = words[1:9]
            self.functions[name, pid, " ".join(words[9:])] = (to_bytes(gained), int(calls))
        elif words[0] in ("FUNC", "CHFUNC"):
            name, mib_in, entered, mib_out, left, level, pid, tid = words[1:9]
            self.calls[name, pid, tid].append((entered, -int(left.replace(".", "")), int(level),
                                               to_bytes(mib_out) - to_bytes(mib_in)))
        elif words[0] == "MANY":
            self.condensed.add((words[1], words[2]))

    def outermost_gain(self, name, pid):
        """Times are written with as many digits each, so that they compare as texts."""
        total = 0
        for (of_name, of_pid, _), calls in self.calls.items():
            if (of_name, of_pid) != (name, pid):
                continue
            end = 1
            for _, left, _, gained in sorted(calls, key=lambda call: (call[0], call[2], call[1])):
                if end == 1 or left < end:
                    end = left
                    total += gained
        return total


def check(path, migrates):
    recording = Recording(path)
    faults = []
    sums = collections.Counter()
    for (name, pid, _, _), (gained, _, _) in recording.lines.items():
        sums[name, pid] += gained
    told = collections.Counter()
    for (name, pid, _), (gained, _) in recording.functions.items():
        told[name, pid] += gained
    for (name, pid), gained in told.items():
        if sums[name, pid] != gained:
            faults.append(f"{name} of {pid}: its lines gained {sums[name, pid]} bytes, it gained {gained}")
        if (name, pid) in recording.condensed:
            print(f"{path}: calls of {name} were condensed")
            continue
        calls = gained if migrates else recording.outermost_gain(name, pid)
        if calls != gained:
            faults.append(f"{name} of {pid}: its lines gained {gained} bytes, its calls {calls}")
    for name, pid in sums:
        if (name, pid) not in told:
            faults.append(f"{name} of {pid}: lines without their function")
    return recording, faults


def expectations(path):
    """Name, line, count and pages of each comment "NAME: COUNT times, PAGES pages" in the source at @path."""
    comment = re.compile(r"/[*/] (\S+): (\d+|any) times, (-?\d+|any) pages")
    with open(path, encoding="utf-8") as file:
        return [(name, number, count, pages) for number, line in enumerate(file, 1)
                for name, count, pages in comment.findall(line)]


def compare(recording, source, name, line, count, pages, any_count):
    """Of all processes together."""
    found = [tally for (of_name, _, of_source, of_line), tally in recording.lines.items()
             if (of_name == name or of_name.startswith(name + "(")) and of_line == line
             and of_source.endswith(source)]
    gained = sum(tally[0] for tally in found)
    executions = sum(tally[1] for tally in found)
    faults = []
    if "any" not in (count, any_count) and executions != int(count):
        faults.append(f"{name}:{line} ran {executions} times, not {count}")
    if pages != "any" and gained != int(pages) * PAGE:
        faults.append(f"{name}:{line} gained {gained / PAGE} pages, not {pages}")
    return faults


def main():
    any_count = "any" if "--any-count" in sys.argv else ""
    paths = [path for path in sys.argv[1:] if path.endswith(".dat")]
    sources = [path for path in sys.argv[1:] if re.search(r"[.](c|cc|rs|f90)$", path)]
    status = 0
    for path in paths:
        recording, faults = check(path, "--migrates" in sys.argv)
        for source in sources:
            for wanted in expectations(source):
                faults += compare(recording, os.path.basename(source), *wanted, any_count)
        for fault in faults:
            print(f"{path}: {fault}")
            status = 1
    sys.exit(status)


main()
