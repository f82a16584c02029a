#!/usr/bin/python3
"""Reads what gdb says to "thread apply all backtrace" of hot_until_abort, and judges the threads that work.

usage: whole_stacks.py THREADS <OUTPUT

Prints how many stacks are whole, from a function of the program's, or of what it is linked with, to works(),
with none left out; how many begin in code that has no name, and are whole from there on; how many begin so and are not;
and the stacks that are neither. Exits with 1 if there are such, or not THREADS in all.
"""
import re
import sys

CHAIN = ["innermost", "inner", "outer", "works"]
FRAME = re.compile(r"^#\d+ +(?:0x[0-9a-f]+ in )?(\S+)", re.M)


def is_whole(names):
    chain = names[:names.index("works") + 1] if "works" in names else []
    return chain != [] and chain == CHAIN[-len(chain):]


def main():
    threads = re.split(r"^Thread ", sys.stdin.read(), flags=re.M)[1:]
    stacks = [FRAME.findall(thread) for thread in threads]
    stacks = [names for names in stacks if "main" not in names]
    whole = sum(is_whole(names) for names in stacks)
    nameless = [names[1:] for names in stacks if names[:1] == ["??"]]
    whole_behind = sum(is_whole(names) for names in nameless)
    broken = [names for names in stacks if not is_whole(names) and names[:1] != ["??"]]
    print(f"{whole} whole, {whole_behind} whole but for the first name, {len(nameless) - whole_behind} nameless")
    for names in broken:
        print("broken:", " < ".join(names))
    return 1 if broken or len(stacks) != int(sys.argv[1]) else 0


if __name__ == "__main__":
    sys.exit(main())
