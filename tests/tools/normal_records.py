#!/usr/bin/python3
"""Prints a FILE.dat in a normal form: what two recordings of the same program have in common.

usage: normal_records.py [--gains] FILE.dat
       normal_records.py --beyond SMALL.dat FILE.dat

Left out is what differs from run to run and from machine to machine: times, pids and tids, memory,
where programs lie, how many samples were taken. Kept are the processes as a tree, with what became
of them; the threads of each process; and the calls and marks of each thread, in the order of the
file, with their levels and their ends. Threads and processes of one rank are sorted by what is said
of them, and those of which the same is said are counted. So the order in which threads happened to
run does not show, but the order within a thread does.

A function with condensed calls is a sum for each process: which of its calls have a line of their
own depends on the ticks. For the same reason OPEN is left out, where it is only checked that a FUNC
replaces each, and so are ADDED, PART, TICKS and WITH. Which memory was held depends on when a site became a jump.

--gains keeps the memory that a call has gained, in whole MiB: for programs that gain by several.

--beyond prints only how many calls of each function FILE.dat has more than SMALL.dat: for two inputs
of a real program, whose own calls before and after its work depend on its version.

Whatever the normal form does not know is an error, so that no new record escapes the comparison.
"""
import argparse
import collections
import re
import sys

FIELDS_BEFORE_REST = {"PART": 4, "CMDLINE": 0, "FORMAT": 1, "PROC": 3, "EXEC": 2, "THRD": 2, "DEFN": 2, "MISS": 1,
                      "LINE": 7, "LINES": 8, "TEXT": 2, "RANK": 3}
DIRECTORIES = re.compile(r"/(?:[^\s/']+/)+")


class Process:
    """What the file says of one process, without its pid."""

    def __init__(self, parent, command):
        self.parent = parent
        self.command = command
        self.children = []
        self.events = []  # EXEC, PEAK, DONE, in the order of the file
        self.samples = 0
        self.threads = collections.defaultdict(list)  # tid -> lines
        self.thread_names = {}
        self.condensed = collections.Counter()
        self.lines = {}  # name, path, line -> what is said of it; the last one counts


def without_directories(text):
    """Programs and files are told by their own names: build folders differ."""
    return DIRECTORIES.sub("", text)


def fields_of(line):
    """The fields of a record, the first word first; a rest is one field."""
    word = line.split(" ", 1)[0]
    if word in FIELDS_BEFORE_REST:
        return line.split(" ", FIELDS_BEFORE_REST[word] + 1)
    return line.split(" ")


class Profile:
    def __init__(self, path, with_gains):
        self.with_gains = with_gains
        self.head = collections.Counter()
        self.counts = collections.Counter()  # of calls, by name and how
        self.processes = {}
        self.opened = []
        self.closed = set()
        with open(path, encoding="utf-8") as file:
            records = [fields_of(line) for line in file.read().removesuffix("\n").split("\n")]
        # A function with condensed calls is known before its single ones are read.
        self.many = {(fields[1], fields[2]) for fields in records if fields[0] == "MANY"}
        for fields in records:
            take = getattr(self, "take_" + fields[0].lower(), None)
            if take is None:
                sys.exit(f"normal_records.py: {path}: a record that has no normal form: {fields[0]}")
            take(*fields[1:])
        for call in self.opened:
            if call not in self.closed:
                sys.exit(f"normal_records.py: {path}: OPEN without its FUNC: {call}")

    def take_cmdline(self, command):
        self.head["CMDLINE " + without_directories(command)] += 1

    def take_format(self, version, _program):
        self.head["FORMAT " + version] += 1

    def take_metric(self, *words):
        self.head[" ".join(("METRIC",) + words)] += 1

    def take_interval(self, seconds):
        self.head["INTERVAL " + seconds] += 1

    def take_rank(self, rank, size, _job, _node):
        self.head[f"RANK {rank} of {size}"] += 1

    def take_ticks(self, *_fields):
        """Only a run that has lasted to the first tick has one."""

    def take_defn(self, name, line, path):
        self.head[f"DEFN {name} {line} {without_directories(path)}"] += 1

    def take_miss(self, pattern, why):
        self.head[f"MISS {pattern} {without_directories(why)}"] += 1

    def take_line(self, name, pid, line, count, _gained, _mib, _held, path):
        key = name, without_directories(path), int(line)
        self.processes[pid].lines[key] = f"{count} times"

    def take_text(self, line, path, text):
        self.head[f"TEXT {line} {without_directories(path)} {text}"] = 1  # each process may have it

    def take_lines(self, name, pid, first, last, calls, _before, _gained, optimised, path):
        key = name, without_directories(path), 0
        self.processes[pid].lines[key] = f"to {first}-{last}, {calls} calls, optimised: {optimised}"

    def take_left(self, name, _time, _calls):
        """How many calls were made by then is another number in each run."""
        self.head[f"LEFT {name}"] = 1  # the last one counts

    def take_proc(self, pid, ppid, _time, command):
        if pid in self.processes:
            sys.exit(f"normal_records.py: process {pid} is seen twice: its pid was used again")
        self.processes[pid] = Process(ppid, without_directories(command))

    def take_exec(self, pid, _time, command):
        self.processes[pid].events.append("EXEC " + without_directories(command))

    def take_peak(self, pid, _mib, _time):
        self.processes[pid].events.append("PEAK")

    def take_done(self, pid, _time, status):
        self.processes[pid].events.append("DONE " + status)

    def take_added(self, pid, _mib, _time):
        self.processes[pid]  # of a process that is known

    def take_part(self, pid, _kind, _mib, _time, _name=None):
        self.processes[pid]  # of a process that is known

    def take_with(self, pid, _name, _value, _time):
        self.processes[pid]  # of a process that is known

    def take_mem(self, _mib, _time):
        next(iter(self.processes.values())).samples += 1

    def take_chld(self, pid, _mib, _time):
        self.processes[pid].samples += 1

    def take_thrd(self, pid, tid, name):
        self.processes[pid].thread_names[tid] = name

    def take_open(self, name, _mib, time, level, _pid, tid, _held=None):
        self.opened.append((name, time, level, tid))

    def take_func(self, name, mib_in, time_in, mib_out, _time_out, level, pid, tid, how="ret",
                  _held=None):
        self.closed.add((name, time_in, level, tid))
        self.counts[name, how] += 1
        if (name, pid) in self.many:
            self.processes[pid].condensed[name, how] += 1
            return
        gain = round(float(mib_out) - float(mib_in))
        line = f"{name} {level} {how}"
        if self.with_gains and gain != 0:
            line += f" {gain:+d} MiB"
        self.processes[pid].threads[tid].append(line)

    def take_chfunc(self, *fields):
        """A child's call: that it is the child's shows in its process."""
        self.take_func(*fields)

    def take_many(self, name, pid, _start, _end, count, *_figures):
        self.counts[name, "ret"] += int(count)
        self.processes[pid].condensed[name, "ret"] += int(count)

    def take_mark(self, name, _mib, _time, pid, tid, _held=None):
        self.processes[pid].threads[tid].append("MARK " + name)

    def take_frame(self, *_fields):
        """Which stacks are met is another matter in each run."""

    def take_stack(self, *_fields):
        """Likewise."""

    def take_grow(self, *_fields):
        """Likewise."""

    def text(self):
        # Lines of the head come in a fixed order in the file too, but for MISS and DEFN.
        lines = sorted(times(line, count) for line, count in self.head.items())
        roots = []
        for process in self.processes.values():
            parent = self.processes.get(process.parent)
            (roots if parent is None else parent.children).append(process)
        for text in counted(process_lines(process, self.processes) for process in roots):
            lines += text
        return "\n".join(lines) + "\n"


def times(line, count):
    return line if count == 1 else f"{line} ({count} times)"


def counted(blocks):
    """Blocks of lines, sorted; equal ones once, with their number behind the first line."""
    tally = collections.Counter(tuple(block) for block in blocks)
    return [[times(block[0], count), *block[1:]] for block, count in sorted(tally.items())]


def folded(lines):
    """The lines in their order; a group of up to eight that is repeated is written once."""
    result = []
    at = 0
    while at < len(lines):
        best, best_count = 1, 1
        for length in range(1, 9):
            group = lines[at:at + length]
            count = 1
            while lines[at + count * length:at + (count + 1) * length] == group:
                count += 1
            if count > 1 and count * length > best * best_count:
                best, best_count = length, count
        if best_count == 1:
            result.append(lines[at])
        elif best == 1:
            result.append(times(lines[at], best_count))
        else:
            result.append(f"{best_count} times:")
            result += ["  " + line for line in lines[at:at + best]]
        at += best * best_count
    return result


def indented(lines):
    return ["  " + line for line in lines]


def process_lines(process, processes):
    lines = ["PROC " + process.command]
    lines.append("  samples: " + ("some" if process.samples else "none"))
    lines += indented(process.events)
    lines += [f"  condensed {name} {how}: {count}"
              for (name, how), count in sorted(process.condensed.items())]
    lines += [f"  line {name} {path} {line}: {what}"
              for (name, path, line), what in sorted(process.lines.items())]
    pid = next(pid for pid, other in processes.items() if other is process)
    threads = []
    for tid in process.threads.keys() | process.thread_names.keys():
        name = process.thread_names.get(tid)
        title = "first thread" if tid == pid else "thread"
        title += f" {name}" if name else ""
        threads.append([title + ":"] + indented(folded(process.threads[tid])))
    for text in counted(threads):
        lines += indented(text)
    for text in counted(process_lines(child, processes) for child in process.children):
        lines += indented(text)
    return lines


def calls_beyond(small, large):
    tally = collections.Counter(large.counts)
    tally.subtract(small.counts)
    return "".join(f"{name} {how}: {count} more\n" for (name, how), count in sorted(tally.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--gains", action="store_true")
    parser.add_argument("--beyond", metavar="SMALL.dat")
    parser.add_argument("file", metavar="FILE.dat")
    words = parser.parse_args()
    profile = Profile(words.file, words.gains)
    sys.stdout.reconfigure(encoding="utf-8")
    if words.beyond:
        sys.stdout.write(calls_beyond(Profile(words.beyond, False), profile))
    else:
        sys.stdout.write(profile.text())


if __name__ == "__main__":
    main()
