#!/usr/bin/python3
"""Compares line_rows's output with the line tables as readelf shows them.

usage: check_line_rows.py LINE_ROWS_OUTPUT FILE

Each row of a statement (is_stmt) of a function must be there, with its line and its file, in the order of addresses;
and no other, but of a line of the function's own file without such a row, and the row that ends one; of a function
without any, each row. At a function's entry rows may be missing: those that another function has left there.
"""
import bisect
import collections
import os
import re
import subprocess
import sys

ROW = re.compile(r"(\S.*?)\s+(\d+)\s+0x([0-9a-f]+)(?:\s+\d+)?(\s+x)?\s*$")
Row = collections.namedtuple("Row", "address line file")


def rows_of_readelf(path):
    """All rows by address, those of one address in their order; which of them are statements."""
    output = subprocess.run(["readelf", "-W", "--debug-dump=decodedline", path], check=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.decode("utf-8", "replace")
    rows = [(int(found[3], 16), int(found[2]), os.path.basename(found[1]), found[4] is not None)
            for found in map(ROW.match, output.splitlines()) if found and int(found[2]) > 0]
    return sorted(rows, key=lambda row: row[0])


def functions_of(path):
    """(start, size, file) -> rows."""
    functions = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            word, *fields = line.rstrip("\n").split(" ", 5 if line.startswith("F") else 4)
            if word == "F":
                rows = functions[int(fields[0], 16), int(fields[1], 16), os.path.basename(fields[4])] = []
            else:
                rows.append(Row(int(fields[0], 16), int(fields[1]), os.path.basename(fields[3])))
    return functions


def ends_of_unstated(own_file, theirs, known_lines):
    """The rows, no statements themselves, at which a line without a statement ends."""
    ends, unstated = set(), None
    for row, is_statement in ((Row(*one[:3]), one[3]) for one in theirs):
        begins = is_statement or row.file == own_file and (row.line, row.file) not in known_lines
        if not begins and unstated not in (None, row.line):
            ends.add(row)
        if begins or unstated not in (None, row.line):
            unstated = row.line if begins and not is_statement else None
    return ends


def faults_of(start, size, own_file, ours, theirs):
    statements = {Row(*row[:3]) for row in theirs if row[3]}
    everything = {Row(*row[:3]) for row in theirs}
    wanted = statements or everything
    known_lines = {(row.line, row.file) for row in statements}
    ours = [row for row in ours if start <= row.address < start + size]  # its cold part lies elsewhere
    missing = [row for row in wanted - set(ours) if row.address != start]
    ends = ends_of_unstated(own_file, theirs, known_lines)
    wrong = [row for row in set(ours) - wanted - ends
             if row not in everything or row.file != own_file or (row.line, row.file) in known_lines]
    if missing:
        yield f"missing: {missing[:3]}"
    if wrong:
        yield f"not in the table: {wrong[:3]}"
    if any(one.address > other.address for one, other in zip(ours, ours[1:])):
        yield "not in order"


def main():
    functions = functions_of(sys.argv[1])
    rows = rows_of_readelf(sys.argv[2])
    addresses = [row[0] for row in rows]
    faults = []
    for (start, size, own_file), ours in functions.items():
        theirs = rows[bisect.bisect_left(addresses, start):bisect.bisect_left(addresses, start + size)]
        if size > 0:
            faults += [f"{start:x}: {fault}" for fault in faults_of(start, size, own_file, ours, theirs)]
    print("\n".join(faults[:10]), end="\n" if faults else "")
    print(f"{len(functions)} functions, {sum(map(len, functions.values()))} rows, {len(faults)} faults")
    return 1 if faults or not functions else 0


sys.exit(main())
