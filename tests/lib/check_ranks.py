#!/usr/bin/python3
"""What a report of a directory of ranks must say, computed anew from its files.

usage: check_ranks.py DIRECTORY REPORT.json [ALIGN]    checks all figures of the report, as --json has it
       check_ranks.py DIRECTORY                        prints the highest sum of all ranks, and when since their start

Reads MEM, CHLD, FUNC, PROC, PEAK, DONE and RANK; a rank's memory is that of all its processes together, each as it was
sampled last, until it ended. Shares no code with the program.
"""
import collections
import glob
import json
import os
import re
import statistics
import sys


class Rank:
    """One file."""

    def __init__(self, path):
        self.path = path
        self.samples = collections.defaultdict(list)
        self.calls = collections.defaultdict(list)
        self.peaks, self.ends, self.statuses = {}, {}, {}
        self.main = self.host = self.job = None
        self.number = int(re.search(r"(\d+)\.dat$", path).group(1))
        for line in open(path, encoding="utf-8"):
            self.take(line.split())
        times = [at for of in self.samples.values() for at, _ in of]
        times += [at for calls in self.calls.values() for call in calls for at in call[:2]]
        self.first = min([self.start, *times])

    def take(self, words):
        word, *rest = words
        if word == "RANK":
            self.number, self.job, self.host = int(rest[0]), rest[2], " ".join(rest[3:])
        elif word == "PROC" and self.main is None:
            self.main, self.start = int(rest[0]), float(rest[2])
        elif word == "MEM":
            self.samples[self.main].append((float(rest[1]), float(rest[0])))
        elif word == "CHLD":
            self.samples[int(rest[0])].append((float(rest[2]), float(rest[1])))
        elif word in ("FUNC", "CHFUNC"):
            self.calls[rest[0]].append((float(rest[2]), float(rest[4]), float(rest[3]) - float(rest[1]),
                                        float(rest[1]), float(rest[3])))
        elif word == "PEAK":
            self.peaks[int(rest[0])] = max(float(rest[1]), self.peaks.get(int(rest[0]), 0))
        elif word == "DONE":
            self.ends[int(rest[0])], self.statuses[int(rest[0])] = float(rest[1]), int(rest[2])

    def changes(self, shift=0.0):
        """(time, change of memory) of all its processes."""
        for pid, samples in self.samples.items():
            before = 0
            for at, mib in samples:
                yield at - shift, mib - before
                before = mib
            end = max(self.ends.get(pid, 0), samples[-1][0] + 1e-9)
            yield end - shift, -before

    def peak(self):
        if len(self.samples) > 1:
            return max([highest(self.changes())[0], *self.peaks.values()])
        seen = max(mib for of in self.samples.values() for _, mib in of)
        in_calls = [mib for calls in self.calls.values() for call in calls for mib in call[3:]]
        return max([seen, *in_calls, *self.peaks.values()])


def highest(changes):
    """The highest sum, and when it was first reached."""
    total, most, when, ordered = 0, 0, None, sorted(changes)
    for i, (at, change) in enumerate(ordered):
        total += change
        if (i + 1 == len(ordered) or ordered[i + 1][0] > at) and total > most + 1e-9:
            most, when = total, at
    return most, when


def near(what, found, expected, slack=2e-6):
    if found is None or abs(found - expected) > slack * max(1, abs(expected)):
        sys.exit(f"{what}: {found}, not {expected}")


def check_sum(what, ranks, mib, at, zero, shifts):
    changes = [change for rank in ranks for change in rank.changes(shifts[rank])]
    near(f"{what}: peak", mib, highest(changes)[0])
    # Where two moments are as high, either will do.
    total_then = sum(change for when, change in changes if when - zero <= at + 5e-7)
    near(f"{what}: sum at its time", total_then, mib, 1e-4)


def check_functions(rows, ranks):
    names = {name for rank in ranks for name in rank.calls}
    if {row["function"].replace(" ", "\u00a0") for row in rows} != names:
        sys.exit(f"functions: {[row['function'] for row in rows]}, not {names}")
    for row in rows:
        of = {rank.number: rank.calls[row["function"]] for rank in ranks if row["function"] in rank.calls}
        times = {number: sum(call[1] - call[0] for call in calls) for number, calls in of.items()}
        nets = {number: sum(call[2] for call in calls) for number, calls in of.items()}
        name = row["function"]
        near(f"{name}: ranks", row["ranks"], len(of))
        near(f"{name}: calls", row["calls"], sum(len(calls) for calls in of.values()))
        near(f"{name}: longest", row["longest_s"], max(times.values()))
        near(f"{name}: longest rank", times[row["longest_rank"]], max(times.values()))
        near(f"{name}: median", row["median_s"], statistics.median(times.values()))
        near(f"{name}: shortest", row["shortest_s"], min(times.values()))
        near(f"{name}: mean", row["mean_s"], statistics.mean(times.values()))
        near(f"{name}: most net", row["net_max_mib"], max(nets.values()))
        near(f"{name}: most net rank", nets[row["net_max_rank"]], max(nets.values()))
        near(f"{name}: median net", row["net_median_mib"], statistics.median(nets.values()))
        near(f"{name}: least net", row["net_min_mib"], min(nets.values()))


def check(job, ranks, align):
    shifts = {rank: min(call[0] for call in rank.calls[align]) if align else 0 for rank in ranks}
    zero = 0 if align else min(rank.first for rank in ranks)
    peaks = {rank.number: rank.peak() for rank in ranks}
    near("highest", job["highest_mib"], max(peaks.values()))
    near("highest rank", peaks[job["highest_rank"]], max(peaks.values()))
    near("lowest", job["lowest_mib"], min(peaks.values()))
    near("median", job["median_mib"], statistics.median(peaks.values()))
    near("median rank", peaks[job["median_rank"]], statistics.median_low(peaks.values()))
    mean = statistics.mean(peaks.values())
    near("mean", job["mean_mib"], mean)
    near("imbalance", job["imbalance_percent"], (max(peaks.values()) / mean - 1) * 100, 1e-5)
    near("ranks", job["rank_count"], len(ranks))
    check_sum("all", ranks, job["together_peak_mib"], job["together_peak_at_s"], zero, shifts)
    by_host = collections.defaultdict(list)
    for rank in ranks:
        by_host[rank.host].append(rank)
    if {row["host"] for row in job["hosts"]} != set(by_host):
        sys.exit(f"hosts: {job['hosts']}, not {set(by_host)}")
    for row in job["hosts"]:
        here = by_host[row["host"]]
        near("ranks of a host", row["ranks"], len(here))
        near("highest of a host", row["highest_mib"], max(peaks[rank.number] for rank in here))
        check_sum(f"host {row['host']}", here, row["peak_mib"], row["peak_at_s"], zero, shifts)
    rows = {row["rank"]: row for row in job["ranks"]}
    for rank in ranks:
        row = rows[rank.number]
        near(f"rank {rank.number}: peak", row["peak_mib"], peaks[rank.number])
        near(f"rank {rank.number}: processes", row["processes"], len(rank.samples))
        if row["status"] != rank.statuses.get(rank.main) or row["host"] != rank.host:
            sys.exit(f"rank {rank.number}: status {row['status']}, host {row['host']}")
        if len(rank.samples) == 1:
            near(f"rank {rank.number}: end", row["end_mib"], list(rank.samples.values())[0][-1][1])
            best = max(rank.calls, key=lambda name: sum(c[1] - c[0] for c in rank.calls[name]), default=None)
            if row["costliest_function"] != best:
                sys.exit(f"rank {rank.number}: most time in {row['costliest_function']}, not {best}")
    check_functions(job["functions"], ranks)


def main():
    ranks = [Rank(path) for path in sorted(glob.glob(os.path.join(glob.escape(sys.argv[1]), "*.dat")))]
    if len(sys.argv) == 2:
        mib, at = highest(change for rank in ranks for change in rank.changes())
        print(f"{mib:.6f} {at - min(rank.first for rank in ranks):.6f}")
        return
    report = json.load(open(sys.argv[2], encoding="utf-8"))
    by_job = collections.defaultdict(list)
    for rank in ranks:
        by_job[rank.job].append(rank)
    if {job["job"] for job in report["jobs"]} != set(by_job):
        sys.exit(f"jobs: {[job['job'] for job in report['jobs']]}, not {set(by_job)}")
    for job in report["jobs"]:
        check(job, by_job[job["job"]], sys.argv[3] if len(sys.argv) > 3 else None)


main()
