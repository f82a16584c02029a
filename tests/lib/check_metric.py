#!/usr/bin/python3
"""Compares a recording of tests/targets/memory/memory_kinds with what the program itself read in /proc.

usage: check_metric.py [--attached] METRIC FILE.dat READINGS UNTRACED

READINGS is what the recorded program printed, UNTRACED what it printed without us. Every sample that
was taken while the program was quiet must agree: with what we say we have added it is the program's own
reading, to the page; without, it is what the untraced program read. What we say we have added must be
what the kernel has of it. Prints each difference and exits with 1 when there is one, with 3 when there
was no sample to compare at some stage. The first sample of a stage may have been read before it began,
by one who then had to wait for a CPU: it is left out.
"""
import collections
import sys

PAGE = 4096
MIB = 1 << 20
# The figures of an untraced run differ from those of the next one by this much.
UNTRACED_TOLERANCE = 8 * PAGE
ROUNDING = 16  # of MiB with six decimals

Quiet = collections.namedtuple("Quiet", "stage pid start end values")


def pairs(words):
    return {words[i]: int(words[i + 1]) for i in range(0, len(words), 2)}


def read_readings(path):
    quiets, texts = [], {}
    with open(path, encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[0] == "quiet":
                quiets.append(Quiet(words[1], int(words[2]), float(words[3]), float(words[4]),
                                    pairs(words[5:])))
            elif words[0] == "text":
                texts[words[1]] = pairs(words[3:])
    return quiets, texts


def read_recording(path):
    samples, added, main = [], [], None
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[0] == "PROC" and main is None:
                main = int(words[1])
            elif words[0] == "MEM":
                samples.append((main, float(words[1]) * MIB, float(words[2])))
            elif words[0] == "CHLD":
                samples.append((int(words[1]), float(words[2]) * MIB, float(words[3])))
            elif words[0] == "ADDED":
                added.append((int(words[1]), float(words[2]) * MIB, float(words[3])))
    return samples, added


def added_at(added, pid, time):
    last = 0
    for of, size, at in added:
        if of == pid and at <= time:
            last = size
    return last


def truth_of_added(metric, text):
    """What the kernel has of ours: the least and the most that it may come to."""
    private = text["dirty"] + text["slots"]
    if metric == "anon":
        return private, private
    if metric == "vms":
        return text["space"], text["space"]
    if metric in ("rss", "rss+huge"):
        return text["slots"], private
    return 0, private


def check_stage(metric, quiet, text, untraced, samples, added):
    faults = []
    own = quiet.values[metric]
    # A change of less than a page is not written down; only shares come to less.
    page = PAGE if metric in ("pss", "uss") else ROUNDING
    low, high = truth_of_added(metric, text)
    for memory, time in samples:
        ours = added_at(added, quiet.pid, time)
        if abs(memory + ours - own) > page:
            faults.append(f"{memory:.0f} + {ours:.0f} added is not {own}, its own reading")
        if not low - page <= ours <= high + page:
            faults.append(f"{ours:.0f} added, where the kernel has {low} to {high}")
        # Code that runs in a patched page, but in no probed function, is not seen to be used.
        above = UNTRACED_TOLERANCE
        below = UNTRACED_TOLERANCE + text["dirty"] // 4
        # A fork copies the page tables of code that has private pages: the child begins with it in
        # memory, and shares with its parent what would not have been shared (the manual says so).
        if ours > 0 or text["dirty"] > 0:
            if quiet.stage == "child":
                above += MIB
            if quiet.stage == "parent" and metric in ("pss", "uss"):
                below += MIB
        if not -below <= memory - untraced <= above:
            faults.append(f"{memory:.0f} is not {untraced}, the untraced program's reading")
    return faults[:2]


def main():
    is_attached = sys.argv[1] == "--attached"
    metric, dat, readings, untraced_path = sys.argv[1 + is_attached:]
    quiets, texts = read_readings(readings)
    untraced = {quiet.stage: quiet.values[metric] for quiet in read_readings(untraced_path)[0]}
    samples, added = read_recording(dat)
    faults, empty, compared = [], [], 0
    for quiet in quiets:
        if quiet.stage == "start":
            continue  # what looks is not all in memory yet
        if is_attached and (not added or quiet.start < added[0][2]):
            continue  # the program may have read while we were attaching
        at_stage = [(memory, time) for pid, memory, time in samples
                    if pid == quiet.pid and quiet.start <= time <= quiet.end][1:]
        compared += len(at_stage)
        if not at_stage:
            empty.append(quiet.stage)
        for fault in check_stage(metric, quiet, texts[quiet.stage], untraced[quiet.stage], at_stage,
                                 added):
            faults.append(f"{metric}, {quiet.stage}: {fault}")
    if not any(text["dirty"] for text in texts.values()) and added:
        faults.append("nothing was patched, and something added")
    print("\n".join(faults) if faults else f"{metric}: {compared} samples agree")
    if faults:
        sys.exit(1)
    if empty:
        print(f"no sample while quiet: {', '.join(empty)}")
        sys.exit(3)


main()
