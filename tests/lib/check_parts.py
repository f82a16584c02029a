#!/usr/bin/python3
"""Compares what --split has recorded of tests/targets/memory/memory_parts with what the program itself says.

usage: check_parts.py FILE.dat READINGS

While the program was quiet the parts are, together and to the page, what smaps_rollup has; each counter is the kernel's;
and of each kind there is what the program made, and little more. Exits with 3 when nothing was recorded meanwhile.
"""
import sys

MIB = 2 ** 20
SLACK = MIB * 3 // 4  # what else is of a kind: libc's own
COUNTERS = {"anon": "RssAnon", "file": "RssFile", "shmem": "RssShmem", "swap": "VmSwap",
            "hugetlb": "HugetlbPages"}
RESIDENT = ("anon", "file", "shmem")
ROUNDING = 64  # of six decimals, in bytes, over all parts


def read_readings(path):
    made, quiet, file = {}, None, ""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.split()
            if words[0] == "has":
                made[words[1]] = int(words[2])
            elif words[0] == "cannot":
                print(f"not compared here: {line[7:].strip()}")
            elif words[0] == "file":
                file = words[1]
            elif words[0] == "quiet":
                figures = dict(zip(words[3::2], map(int, words[4::2])))
                quiet = (float(words[1]), float(words[2]), figures)
    return made, quiet, file


def read_parts(path, until):
    """The parts at that time, by kind and name; when the mappings were looked at; what we have added."""
    parts, looks, added = {}, [], 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = line.rstrip("\n").split(" ", 5)
            if words[0] == "PART" and float(words[4]) <= until:
                parts[words[2], words[5] if len(words) > 5 else ""] = float(words[3]) * MIB
                looks += [float(words[4])] if words[2] == "maps" else []
            elif words[0] == "ADDED" and float(words[3]) <= until:
                added = float(words[2]) * MIB
    return parts, looks, added


def samples_within(path, start, end):
    with open(path, encoding="utf-8") as lines:
        times = [float(line.split()[2]) for line in lines if line.startswith("MEM ")]
    return sum(start <= time <= end for time in times)


def main():
    dat, readings = sys.argv[1:]
    made, (start, end, kernel), file = read_readings(readings)
    parts, looks, added = read_parts(dat, end)
    faults = []

    def equal(what, found, wanted):
        if abs(found - wanted) > ROUNDING:
            faults.append(f"{what}: {found:.0f}, not {wanted:.0f}")

    if samples_within(dat, start, end) < 2 or not any(start <= look for look in looks):
        print("no sample, or no look at the mappings, while quiet")
        sys.exit(3)
    kernels_own = kernel["RssAnon"] + kernel["RssFile"] + kernel["RssShmem"]
    if kernels_own != kernel["Rss"]:
        print("not compared here: counters with smaps_rollup, which differ in the kernel itself")
    if added == 0:
        for kind, field in COUNTERS.items():
            equal(f"{kind} and {field}", parts.get((kind, ""), 0), kernel[field])
    resident = sum(parts.get((kind, ""), 0) for kind in RESIDENT) + added
    equal("the counters and VmRSS", resident, kernels_own)
    if kernels_own == kernel["Rss"]:
        equal("the counters and Rss of smaps_rollup", resident, kernel["Rss"])
    mapped = {key: size for key, size in parts.items() if key[0] not in COUNTERS and key[0] != "maps"}
    equal("the mappings and Rss of smaps_rollup", sum(mapped.values()), kernel["Rss"])
    equal("'maps' and Rss of smaps_rollup", parts["maps", ""], kernel["Rss"])
    huge = kernel["Private_Hugetlb"] + kernel["Shared_Hugetlb"]
    if kernel["Private_Hugetlb"] >= 0:
        equal("huge pages and smaps_rollup", parts.get(("hugetlb", ""), 0), huge)

    kinds = {}
    for (kind, name), size in mapped.items():
        kinds[kind] = kinds.get(kind, 0) + size
    made["shared"] = made.get("shared", 0) + made.pop("memfd", 0)
    made.pop("hugetlb", None)
    for kind, size in made.items():
        if not size - ROUNDING <= kinds.get(kind, 0) <= size + SLACK:
            faults.append(f"{kind}: {kinds.get(kind, 0):.0f}, and the program made {size}")
    for kind, name in (("mapped", file), ("library", "libc.so.6"), ("shared", "memfd:parts")):
        if not any(k == kind and name in path for k, path in mapped):
            faults.append(f"{kind}: no part is called {name}")
    if (kinds.get("ours", 0) > 0) != (added > 0):
        faults.append(f"ours: {kinds.get('ours', 0):.0f} mapped, {added:.0f} added")
    print("\n".join(faults) if faults else f"{len(mapped)} parts agree")
    sys.exit(1 if faults else 0)


main()
