#!/usr/bin/python3
"""Compares stacks of programs that stand in stop_here() as three see them: mprof-trace, gdb and libunwind.

usage: check_stacks.py MPROF_TRACE WALK_STACK PROGRAM[:SHAPE]...

Each program is run three times: recorded with --stacks=calls -f stop_here; in gdb, with a breakpoint there; and by itself,
with "wait" as its second argument, until it says "ready". Names are compared from stop_here to main or the thread's
function: the last part of each, without arguments. Prints what differs, and exits with 1.
"""
import os
import re
import subprocess
import sys

ENDS = ("main", "thread_main")


def last_part(name):
    """"f" of "ns::f<int, g(x)>(int) const"; "operator()" stays."""
    name = name.replace("operator()", "operator@")
    while True:
        shorter = re.sub(r"<[^<>]*>|\([^()]*\)|\{[^{}]*\}", "", name)
        if shorter == name:
            break
        name = shorter
    words = [word for word in name.strip().split("::")[-1].split(" ") if word not in ("const", "")]
    return words[-1].replace("operator@", "operator()") if words else "?"


def without_arguments(text):
    """Of gdb's "std::function<int (int)>::operator() (this=0x7f…) at x.cc:1" what stands before the arguments."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "<") - (letter == ">")
        if depth == 0 and text[at:at + 2] == " (":
            return text[:at]
    return text


def part_of(names):
    """
    From stop_here to the program's or thread's own first function. What libc does between the raising of a signal and its
    handler has many names, and is not compared.
    """
    names = [last_part(name) for name in names]
    if "handle" in names and "raise_in" in names:
        first, last = names.index("handle"), names.index("raise_in")
        names[first + 1:last] = ["libc"] if last > first + 1 else []
    if "stop_here" in names:
        names = names[names.index("stop_here"):]
    for at, name in enumerate(names):
        if name in ENDS:
            return names[:at + 1]
    return names


def ours(tracer, command):
    path = "stacks.dat"
    subprocess.run([tracer, "run", "-q", "-f", "stop_here", "--stacks=calls", "-o", path, *command],
                   stdout=subprocess.DEVNULL, check=True)
    frames, found = {}, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split(" ")
            if fields[0] == "FRAME":
                frames[int(fields[1])] = (int(fields[2]), fields[3].replace("\u00a0", " "), "inlined" in fields[5:])
            elif fields[0] == "STACK" and fields[6] == "entry" and found is None:
                found = int(fields[1])
    stack = []
    while found:
        found, name, is_inlined = frames[found]
        stack.append((name, is_inlined))
    return stack


def of_gdb(command):
    script = ["set debuginfod enabled off", "set breakpoint pending on", "handle SIGUSR1 nostop noprint pass",
              "break stop_here", "run", "backtrace"]
    arguments = [word for line in script for word in ("-ex", line)]
    environment = dict(os.environ, DEBUGINFOD_URLS="")
    text = subprocess.run(["gdb", "-batch", "-nx", *arguments, "--args", *command], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True, env=environment, check=True).stdout
    names = []
    for line in text.split("\n"):
        match = re.match(r"#\d+ +(?:0x[0-9a-f]+ in )?(.*)$", line)
        if match:
            name = match.group(1)
            names.append("signal" if name.startswith("<signal handler") else without_arguments(name))
    return names


def threads_of(pid):
    return sorted(int(tid) for tid in os.listdir(f"/proc/{pid}/task"))


def of_libunwind(walker, command):
    with subprocess.Popen([*command, "wait"], stdout=subprocess.PIPE, text=True) as program:
        try:
            while program.stdout.readline().strip() != "ready":
                if program.poll() is not None:
                    sys.exit(f"{command}: it has ended")
            for tid in threads_of(program.pid):
                text = subprocess.run([walker, str(tid)], stdout=subprocess.PIPE, text=True, check=True).stdout
                names = subprocess.run(["c++filt"], input=text, stdout=subprocess.PIPE, text=True,
                                       check=True).stdout.split("\n")
                if "stop_here" in names:
                    return [name for name in names if name]
        finally:
            program.kill()
    return []


def check(tracer, walker, word):
    program, _, shape = word.partition(":")
    command = [program, shape] if shape else [program]
    stack = ours(tracer, command)
    mine = part_of([name for name, _ in stack])
    mine_without = part_of([name for name, is_inlined in stack if not is_inlined])
    gdb, other = part_of(of_gdb(command)), part_of(of_libunwind(walker, command))
    is_same = len(mine) > 1 and mine == gdb and mine_without == other
    name = f"{os.path.basename(program)} {shape}"
    print(f"{'same' if is_same else 'DIFFERENT'}: {name}, {len(mine)} functions")
    if not is_same:
        print(f"  ours      {mine}\n  gdb       {gdb}\n  ours, without inlined ones {mine_without}\n  libunwind {other}")
    return is_same


def main():
    tracer, walker, *programs = sys.argv[1:]
    results = [check(tracer, walker, word) for word in programs]
    sys.exit(0 if all(results) else 1)


main()
