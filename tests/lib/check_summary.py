#!/usr/bin/python3
"""Compares what a run has said at its end with its profile: calls, time and memory of each function
that is a pattern of its own, and the peaks. Shares no code with mprof-trace.

usage: check_summary.py FILE.dat FILE.err

Of calls of one function on one thread, those that lie within another one count for their number only.
"""
import collections
import re
import sys

LINE = re.compile(
    r"mprof-trace: '([A-Za-z_0-9]+)': (\d+) calls?"
    r"(?:, ([0-9.e+]+) (us|ms|s), ([+-][0-9.]+) MiB)?(?: \((\d+) more inherited by forks\))?$"
)
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


class Function:
    def __init__(self):
        self.calls = self.inherited = 0
        self.seconds = self.mib = 0.0
        self.by_thread = collections.defaultdict(list)

    def add_outer(self):
        """Each thread's calls in the order of their beginning; the outer one first."""
        for calls in self.by_thread.values():
            end = float("-inf")
            for begin, minus_end, gain in sorted(calls):
                if begin < end and -minus_end <= end:
                    continue
                end = -minus_end
                self.seconds += (end - begin) * 1e-9
                self.mib += gain


def nanoseconds(time):
    """A double at the epoch is good to 240 of them."""
    seconds, decimals = time.split(".")
    return int(seconds) * 10**9 + int(decimals.ljust(9, "0"))


class Together:
    """What all processes have, sample after sample; a process counts until its end."""

    def __init__(self):
        self.changes = []

    def add(self, time, pid, mib):
        self.changes.append((nanoseconds(time), pid, mib))

    def highest(self):
        now, most = {}, 0.0
        for _, pid, mib in sorted(self.changes, key=lambda change: change[0]):
            now[pid] = mib
            most = max(most, sum(now.values()))
        return most


def read_profile(path):
    functions = collections.defaultdict(Function)
    together = Together()
    main = None
    peaks = collections.defaultdict(float)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            word, *rest = line.rstrip("\n").split(" ")
            if word == "PROC" and main is None:
                main = rest[0]
            elif word in ("FUNC", "CHFUNC"):
                function = functions[rest[0]]
                mib_in, mib_out = float(rest[1]), float(rest[3])
                begin, end = nanoseconds(rest[2]), nanoseconds(rest[4])
                if len(rest) > 8 and rest[8] == "forked":
                    function.inherited += 1
                    continue
                function.calls += 1
                function.by_thread[rest[6], rest[7]].append((begin, -end, mib_out - mib_in))
            elif word == "MANY":
                function = functions[rest[0]]
                function.calls += int(rest[4])
                function.seconds += float(rest[5])
                function.mib += float(rest[8])
            elif word == "PEAK":
                peaks[rest[0]] = max(peaks[rest[0]], float(rest[1]))
            elif word == "MEM":
                peaks[main] = max(peaks[main], float(rest[0]))
                together.add(rest[1], main, float(rest[0]))
            elif word == "CHLD":
                peaks[rest[0]] = max(peaks[rest[0]], float(rest[1]))
                together.add(rest[2], rest[0], float(rest[1]))
            elif word == "DONE":
                together.add(rest[1], rest[0], 0.0)
    for function in functions.values():
        function.add_outer()
    return functions, peaks, main, together.highest()


def check(wrong, what, said, found, tolerance):
    if abs(said - found) > tolerance:
        wrong.append(f"{what}: said {said}, the profile has {found}")


def main():
    functions, peaks, main_pid, sampled_mib = read_profile(sys.argv[1])
    wrong, seen = [], 0
    with open(sys.argv[2], encoding="utf-8") as lines:
        said = lines.read()
    for line in said.splitlines():
        match = LINE.match(line)
        if match is None:
            continue
        seen += 1
        name, calls, time, unit, mib, inherited = match.groups()
        function = functions[name]
        check(wrong, f"calls of {name}", int(calls), function.calls, 0)
        check(wrong, f"inherited calls of {name}", int(inherited or 0), function.inherited, 0)
        seconds = float(time) * UNITS[unit]
        # Three figures are said; a time in the file is cut to nanoseconds at both ends.
        tolerance = seconds * 0.006 + function.calls * 1e-9 + 1e-8
        check(wrong, f"time of {name}", seconds, function.seconds, tolerance)
        check(wrong, f"memory of {name}", float(mib), function.mib, 0.051 + 1e-6 * function.calls)
    if seen == 0:
        wrong.append("no function is told of")
    all_mib = max([sampled_mib, *peaks.values()])
    together = re.search(r"all together (?:at least )?([0-9.]+) MiB", said)
    if together:
        check(wrong, "all together", float(together.group(1)), all_mib, 0.051)
    peak = re.search(r"^mprof-trace: peak ([0-9.]+) MiB \(", said, re.MULTILINE)
    check(wrong, "peak", float(peak.group(1)), peaks.pop(main_pid), 0.051)
    child = re.search(r"the highest child ([0-9.]+) MiB \(.*, (\d+)\)", said)
    if child:
        check(wrong, "highest child", float(child.group(1)), max(peaks.values()), 0.051)
        check(wrong, "that child", float(child.group(1)), peaks[child.group(2)], 0.051)
    elif peaks:
        wrong.append("no child is told of")
    print("\n".join(wrong) or f"{seen} functions, {len(peaks)} children: as said")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
