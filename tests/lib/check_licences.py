#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file has one licence, by packaging/debian/copyright, and no file says another one.

usage: check_licences.py ROOT FILE...      files below ROOT

The last stanza whose globs match a file has its licence (Debian's copyright-format 1.0, where * matches a slash,
too). A line with SPDX-License-Identifier in its beginning must agree, files under another licence than most must
have one, and each licence's text must be there. Prints one line a fault.
"""
import fnmatch
import os
import re
import sys

SAID = re.compile(rb"SPDX-License-Identifier:\s*([A-Za-z0-9.+-]+)")
TEXTS = "texts-of-licences"
FIRST_LINES = 4


def stanzas(path):
    """[(globs, licence)] of those with files, and the licences that have a text or a summary of their own."""
    found, explained = [], set()
    with open(path, encoding="utf-8") as file:
        for stanza in file.read().split("\n\n"):
            fields = {}
            name = None
            for line in stanza.splitlines():
                if line[:1] in " \t":
                    fields[name] += "\n" + line.strip()
                else:
                    name, _, value = line.partition(":")
                    fields[name] = value.strip()
            licence = fields.get("License", "").split("\n")
            if "Files" in fields:
                found.append((fields["Files"].split(), licence[0]))
            if len(licence) > 1:
                explained.add(licence[0])
    return found, explained


def licence_of(name, table):
    licence = None
    for globs, candidate in table:
        if any(fnmatch.fnmatchcase(name, glob) for glob in globs):
            licence = candidate
    return licence


def said_in(path):
    if os.path.islink(path) or not os.path.isfile(path):
        return None
    with open(path, "rb") as file:
        head = b"".join(file.readline(400) for _ in range(FIRST_LINES))
    match = SAID.search(head)
    return match and match[1].decode()


def main():
    root, names = sys.argv[1], sys.argv[2:]
    table, explained = stanzas(os.path.join(root, "packaging/debian/copyright"))
    usual = licence_of("", table)
    faults = []
    for name in names:
        licence, said = licence_of(name, table), said_in(os.path.join(root, name))
        if licence is None:
            faults.append(f"{name}: no licence")
        elif said is not None and said != licence:
            faults.append(f"{name}: says {said}, and packaging/debian/copyright {licence}")
        elif said is None and licence not in (usual, TEXTS):
            faults.append(f"{name}: is under {licence}, and does not say so in its first lines")
    for globs, licence in table:
        if licence not in explained:
            faults.append(f"packaging/debian/copyright: {licence} is not explained")
        if licence not in (usual, TEXTS) and not os.path.isfile(os.path.join(root, "LICENSES", licence + ".txt")):
            faults.append(f"LICENSES/{licence}.txt is missing")
        for glob in globs:
            if not fnmatch.filter(names, glob):
                faults.append(f"packaging/debian/copyright: no file is {glob}")
    print("\n".join(faults), end="\n" if faults else "")
    sys.exit(bool(faults))


main()
