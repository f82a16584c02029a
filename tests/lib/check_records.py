#!/usr/bin/python3
"""Compares FILE.dat with the "expect" lines that a target printed.

usage: check_records.py FILE.dat... EXPECTATIONS STATUS
       check_records.py --form FILE.dat...       only that every line is whole and well formed

Prints each difference and exits with 1 when there is one. STATUS is the program's exit status as
the shell shows it. Besides the expectations it checks what holds for every recording: the form of
each line, times in order, levels that agree with the times, no call left open without its FUNC,
and the DONE record of the first process. tests/targets/expect.h describes the expectations.
"""
import collections
import re
import sys

TIME = r"\d{9,}\.\d{9}"
MIB = r"\d+\.\d{6}"
GAIN = r"-?\d+\.\d{6}"
NAME = r"[^ \n]+"  # \S would not take the no-break spaces in it
HOWS = ("ret", "unwound", "exit", "exec", "forked", "before", "open")

HOW = rf"( ({'|'.join(HOWS[1:])}))?| ({'|'.join(HOWS)}) held(-in|-out)?"
CALL = rf"{NAME} {MIB} {TIME} {MIB} {TIME} \d+ \d+ \d+({HOW})"

FORMS = {
    "CMDLINE": r"\S.*",
    "FORMAT": r"\d+ \S.*",
    "METRIC": r"[\w+]+( tree)?",
    "INTERVAL": r"[0-9.]+",
    "RANK": rf"\d+ \d+ {NAME} \S.*",
    "MEM": rf"{MIB} {TIME}",
    "CHLD": rf"\d+ {MIB} {TIME}",
    "FUNC": CALL,
    "CHFUNC": CALL,
    "PROC": rf"\d+ \d+ {TIME} \S.*",
    "EXEC": rf"\d+ {TIME} \S.*",
    "DONE": rf"\d+ {TIME} \d+",
    "PEAK": rf"\d+ {MIB} {TIME}",
    "ADDED": rf"\d+ {MIB} {TIME}",
    "TICKS": r"\d+ \d+ \d+ \d+\.\d{9} \d+\.\d{9}",
    "OPEN": rf"{NAME} {MIB} {TIME} \d+ \d+ \d+( held)?",
    "MANY": rf"{NAME} \d+ {TIME} {TIME} \d+ [0-9.]+ [0-9.]+ [0-9.]+ {GAIN} {MIB} \d+",
    "PART": rf"\d+ [a-z]+ {MIB} {TIME}( \S.*)?",
    "WITH": rf"\d+ [a-z-]+ \d+(\.\d+)? {TIME}",
    "THRD": r"\d+ \d+ \S.*",
    "DEFN": rf"{NAME} \d+ \S.*",
    "MARK": rf"{NAME} {MIB} {TIME} \d+ \d+( held)?",
    "LINE": rf"{NAME} \d+ \d+ \d+ {GAIN} {MIB} \d+ \S.*",
    "LINES": rf"{NAME} \d+ \d+ \d+ \d+ {MIB} {GAIN} [01] \S.*",
    "FRAME": rf"[1-9]\d* \d+ {NAME} {NAME}( inlined)?",
    "GROW": rf"\d+ {MIB} \d+ {TIME} {TIME} \d+",
    "STACK": rf"\d+ {MIB} {TIME} \d+ \d+ (peak|entry|break) (stopped|grew|asleep|running)( .*)?",
    "TEXT": rf"\d+ {NAME} \|.*",
    "LEFT": rf"{NAME} {TIME} \d+",
    "MISS": rf"{NAME} \S.*",
}

Call = collections.namedtuple("Call", "name mib_in ns_in mib_out ns_out level pid tid how held")
Many = collections.namedtuple("Many", "name pid ns_from count total shortest longest")


FORMS = {word: re.compile(form) for word, form in FORMS.items()}


def nanoseconds(text):
    """Integer nanoseconds: a double at the epoch is good to 240 ns only."""
    seconds, fraction = text.split(".")
    return int(seconds) * 10**9 + int(fraction)


class Recording:
    """@may_be_cut: what wrote it was killed, perhaps in the middle of a line: that is left out, as all readers do."""

    def __init__(self, path, may_be_cut=False):
        self.faults = []
        self.records = collections.defaultdict(list)
        self.calls = []
        self.many = []
        with open(path, "rb") as file:
            data = file.read()
        if may_be_cut:
            data = data[:data.rfind(b"\n") + 1]
        if not data.endswith(b"\n"):
            self.faults.append("the last line is not whole")
        for number, line in enumerate(data.decode("utf-8").removesuffix("\n").split("\n"), 1):
            self.take(number, line)
        self.main = int(self.records["PROC"][0][0]) if self.records["PROC"] else None

    def take(self, number, line):
        word, _, rest = line.partition(" ")
        form = FORMS.get(word)
        if form is None or not form.fullmatch(rest):
            self.faults.append(f"line {number} is malformed: {line[:200]}")
            return
        fields = rest.split(" ")
        self.records[word].append(fields)
        if word in ("FUNC", "CHFUNC"):
            self.check_owner(number, word, fields[6])
            how = fields[8] if len(fields) > 8 else "ret"
            held = fields[9] if len(fields) > 9 else None
            self.calls.append(Call(fields[0], float(fields[1]), nanoseconds(fields[2]),
                                   float(fields[3]), nanoseconds(fields[4]), int(fields[5]),
                                   int(fields[6]), int(fields[7]), how, held))
        elif word == "MANY":
            self.many.append(Many(fields[0], int(fields[1]), nanoseconds(fields[2]),
                                  int(fields[4]), *map(float, fields[5:8])))

    def check_owner(self, number, word, pid):
        """mprof adds all FUNCs to the main process's curve: those of others have a word of their own."""
        main = self.records["PROC"][0][0] if self.records["PROC"] else pid
        if (pid == main) != (word == "FUNC"):
            self.faults.append(f"line {number}: {word} of process {pid}, the main process is {main}")

    def calls_of(self, name):
        return [call for call in self.calls if same_name(call.name, name)]

    def count_of(self, name, hows):
        count = sum(call.how in hows for call in self.calls_of(name))
        if "ret" in hows:
            count += sum(many.count for many in self.many if same_name(many.name, name))
        return count


def same_name(recorded, wanted):
    return recorded == wanted or recorded.startswith(wanted + "(")


def check_always(recording, status, migrates):
    faults = recording.faults
    for word in ("CMDLINE", "FORMAT", "METRIC", "INTERVAL", "MEM", "PROC", "DONE", "PEAK"):
        if not recording.records[word]:
            faults.append(f"no {word} record")
    for call in recording.calls:
        if call.ns_out < call.ns_in:
            faults.append(f"ends before it starts: {call}")
    closed = {(call.name, call.ns_in, call.level, call.tid) for call in recording.calls}
    for name, _, time_in, level, _, tid, *_held in recording.records["OPEN"]:
        if (name, nanoseconds(time_in), int(level), int(tid)) not in closed:
            faults.append(f"OPEN without its FUNC: {name} of thread {tid}")
    done = [int(fields[2]) for fields in recording.records["DONE"]
            if int(fields[0]) == recording.main]
    if done != [status]:
        faults.append(f"DONE of the first process says {done}, its exit status was {status}")
    if not migrates:  # else a call has no thread of its own
        check_levels(recording)


def check_levels(recording):
    """The level of a call is the number of calls around it on its thread, and they nest.

    A condensed call has no line of its own: nothing can be told of those that began later.
    """
    end = min((many.ns_from for many in recording.many), default=sys.maxsize)
    threads = collections.defaultdict(list)
    for call in recording.calls:
        if call.ns_in < end:
            threads[call.pid, call.tid].append(call)
    for calls in threads.values():
        # A fork's copies share one time in; their levels order them.
        calls.sort(key=lambda call: (call.ns_in, call.level))
        around = []
        for call in calls:
            while around and around[-1].ns_out <= call.ns_in and call.how != "forked":
                around.pop()
            if call.level != len(around):
                recording.faults.append(f"level is {call.level}, {len(around)} calls are around: {call}")
            elif around and call.ns_out > around[-1].ns_out:
                recording.faults.append(f"outlives the call around it: {call}")
            else:
                around.append(call)
                continue
            return  # the rest of this thread would only repeat it


def in_range(recording, what, values, low, high):
    outside = [value for value in values if not float(low) <= value <= float(high)]
    if outside:
        recording.faults.append(f"{what}: {outside[:3]} outside {low} to {high}")
    if not values:
        recording.faults.append(f"{what}: nothing recorded")


def equal(recording, what, found, wanted):
    if found != int(wanted):
        recording.faults.append(f"{what}: {found} recorded, {wanted} expected")


def expect_calls(recording, name, count, how="ret"):
    hows = [h for h in HOWS if h != "forked"] if how == "any" else how.split("|")
    equal(recording, f"calls of {name} ({how})", recording.count_of(name, hows), count)


def expect_probe(_recording, _name):
    """Only the driver's business."""


def expect_levels(recording, name, low, high):
    levels = [call.level for call in recording.calls_of(name)] or [-1]
    equal(recording, f"smallest level of {name}", min(levels), low)
    equal(recording, f"largest level of {name}", max(levels), high)


def expect_nested(recording, inner, outer):
    outers = recording.calls_of(outer)
    for call in recording.calls_of(inner):
        if not any(o.tid == call.tid and o.level == call.level - 1 and o.ns_in <= call.ns_in
                   and call.ns_out <= o.ns_out for o in outers):
            recording.faults.append(f"not within a call of {outer}: {call}")
            return


def expect_gain(recording, name, low, high):
    gains = [call.mib_out - call.mib_in for call in recording.calls_of(name)]
    in_range(recording, f"gain of {name}", gains, low, high)


def expect_held(recording, name, low, high):
    in_range(recording, f"memory at {name}", [c.mib_in for c in recording.calls_of(name)], low, high)


def expect_lasts(recording, name, low, high):
    seconds = [(call.ns_out - call.ns_in) / 1e9 for call in recording.calls_of(name)]
    in_range(recording, f"duration of {name}", seconds, low, high)


def expect_threads(recording, name, count):
    threads = {call.tid for call in recording.calls_of(name)}
    equal(recording, f"threads of {name}", len(threads), count)


def expect_in_children(recording, name, count):
    children = [call for call in recording.calls_of(name)
                if call.pid != recording.main and call.how != "forked"]
    equal(recording, f"calls of {name} in children", len(children), count)


def expect_in_main(recording, name, count):
    own = [call for call in recording.calls_of(name) if call.pid == recording.main and call.how == "ret"]
    condensed = sum(many.count for many in recording.many
                    if many.pid == recording.main and same_name(many.name, name))
    equal(recording, f"calls of {name} in the first process", len(own) + condensed, count)


def expect_in_each_child(recording, name, count):
    calls = collections.Counter(call.pid for call in recording.calls_of(name))
    for pid in {int(fields[0]) for fields in recording.records["PROC"]} - {recording.main}:
        equal(recording, f"calls of {name} in child {pid}", calls[pid], count)


def expect_processes(recording, count):
    equal(recording, "processes", len({fields[0] for fields in recording.records["PROC"]}), count)
    done = collections.Counter(fields[0] for fields in recording.records["DONE"])
    equal(recording, "processes that are done", len(done), count)
    equal(recording, "DONE records", sum(done.values()), count)


def expect_execs(recording, count):
    equal(recording, "EXEC records", len(recording.records["EXEC"]), count)


def expect_peak(recording, low, high):
    peaks = [float(fields[1]) for fields in recording.records["PEAK"]
             if int(fields[0]) == recording.main]
    in_range(recording, "peak of the first process", peaks and [max(peaks)], low, high)


CHECKS = {
    "calls": expect_calls, "probe": expect_probe, "levels": expect_levels, "nested": expect_nested,
    "gain": expect_gain, "held": expect_held, "lasts": expect_lasts, "threads": expect_threads,
    "in_children": expect_in_children, "in_main": expect_in_main,
    "in_each_child": expect_in_each_child, "processes": expect_processes, "execs": expect_execs,
    "peak": expect_peak,
}


def report(faults):
    for fault in faults[:20]:
        print(fault)
    if len(faults) > 20:
        print(f"... and {len(faults) - 20} more")
    return 1 if faults else 0


def faults_of(path, wanted, status):
    recording = Recording(path)
    migrates = ["migrates"] in wanted
    check_always(recording, status, migrates)
    for words in wanted:
        if words != ["migrates"]:
            CHECKS[words[0]](recording, *words[1:])
    return recording.faults


def main():
    if sys.argv[1] == "--form":
        return report([f"{path}: {fault}" for path in sys.argv[2:] for fault in Recording(path).faults])
    *paths, expectations, status = sys.argv[1:]
    with open(expectations, encoding="utf-8", errors="surrogateescape") as file:
        wanted = [line.split()[1:] for line in file if line.startswith("expect ")]
    return report([f"{path}: {fault}" for path in paths for fault in faults_of(path, wanted, int(status))])


if __name__ == "__main__":
    sys.exit(main())
