#!/usr/bin/python3
"""Runs the table tests/targets/symbols/cases on the programs in the current directory.

usage: pattern_cases.py MPROF_TRACE CASES [PROGRAM...]

Each row: the program runs under mprof-trace with the patterns; its output must be as untraced, and
the profile must hold exactly the calls that are expected. `PROGRAM.args` holds the arguments of a
program that needs some. Rows about programs that were not built are counted as skipped.
"""
import collections
import concurrent.futures
import fnmatch
import glob
import os
import re
import subprocess
import sys

TIMEOUT_S = 300
LINE = re.compile(r"([\w./*]+):%([^%]+)%")
ADDRESS = re.compile(r"0x\{(\w+)(?:\+(\d+))?\}")


def run(words):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT_S,
                          check=False)


def text_of(data):
    return data.decode("utf-8", errors="replace")


def line_of(source, text):
    """The number of the first line that holds the text, in the first source that fits."""
    with open(sorted(glob.glob(source))[0], encoding="utf-8") as file:
        return next(number for number, line in enumerate(file, 1) if text in line)


class Program:
    """A built program, run once untraced."""

    def __init__(self, name):
        self.words = ["./" + name]
        if os.path.exists(name + ".args"):
            with open(name + ".args", encoding="utf-8") as file:
                self.words += file.read().split()
        self.plain = run(self.words)
        self.counters = {m[1]: int(m[2]) for m in
                         re.finditer(r"^count (\w+) +(\d+)$", text_of(self.plain.stdout), re.M)}
        self.symbols = {}
        named = name + ".symbols" if os.path.exists(name + ".symbols") else name
        for line in text_of(run(["nm", "./" + named]).stdout).splitlines():
            fields = line.split()
            if len(fields) == 3:
                self.symbols[fields[2]] = int(fields[0], 16)

    def patterns(self, text):
        """Puts in addresses, 0x{symbol+offset}, and lines, file:%text%."""
        return LINE.sub(lambda m: f"{m[1]}:{line_of(m[1], m[2])}", self.addresses(text))

    def addresses(self, text):
        return ADDRESS.sub(lambda m: hex(self.symbols[m[1]] + int(m[2] or 0)), text)


def recorded(path):
    """Calls by name, of all processes."""
    calls = collections.Counter()
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = line.split(" ")
            if fields[0] in ("FUNC", "CHFUNC"):
                calls[fields[1].replace("\u00a0", " ")] += 1
    return calls


def check_calls(expected, program, calls):
    wanted = {}
    for part in [] if expected == "nothing" else expected.split("; "):
        name, number = part.rsplit("=", 1)
        at_least = number.endswith("+")
        number = number.rstrip("+")
        wanted[name] = (program.counters[number[1:]] if number[0] == "@" else int(number), at_least)
    for name in sorted(set(wanted) | set(calls)):
        count, at_least = wanted.get(name, (0, False))
        if calls[name] != count and not (at_least and calls[name] > count):
            return f"{calls[name]} calls of {name}, not {count}"
    return None


def check_run(tracer, program, patterns, expected, dat):
    expected = program.addresses(expected)
    result = run([tracer, "run", "-f", patterns, "-o", dat] + program.words)
    said = text_of(result.stderr)
    if expected.startswith("! "):
        if result.returncode != 125:
            return f"exit status {result.returncode}, not 125: {said}"
        lines = [line for line in said.splitlines() if expected[2:] in line]
        return None if lines else f"does not say: {expected[2:]}\n{said}"
    if result.returncode != program.plain.returncode or result.stdout != program.plain.stdout:
        return f"runs otherwise than untraced: {text_of(result.stdout)}{said}"
    fault = check_calls(expected, program, recorded(dat))
    return fault and f"{fault}\n{said}"


def check_funcs(tracer, program, patterns, expected):
    kind, _, rest = expected.partition(" ")
    result = run([tracer, "funcs", "--static", "-f", patterns, program.words[0]])
    said = text_of(result.stderr)
    if kind == "funcs!":
        fine = result.returncode == 125 and rest in said and said.count("\n") == 1
        return None if fine else f"status {result.returncode}, says: {said}"
    if kind == "funcs?" and rest not in said:
        return f"does not say {rest}: {said}"
    if kind == "funcs?":
        return None
    names = [line.split("\t")[0] for line in text_of(result.stdout).splitlines()]
    return None if names == rest.split("; ") else f"lists {names}"


def rows_of(path, names):
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                program, patterns, expected = re.split(r"  +", line, maxsplit=2)
                if not names or any(fnmatch.fnmatch(name, program) for name in names):
                    yield program, patterns, expected


def main():
    tracer, cases, *names = sys.argv[1:]
    built = sorted(name for name in os.listdir(".")
                   if os.access(name, os.X_OK) and os.path.isfile(name) and not name.endswith(".so"))
    programs, todo, skipped, failed = {}, [], 0, 0
    for program, patterns, expected in rows_of(cases, names):
        fitting = fnmatch.filter(built, program)
        if not fitting:
            skipped += 1
            print("no program for:", program, patterns)
        for name in fitting:
            programs.setdefault(name, None)
            todo.append((name, patterns, expected))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, program in zip(programs, pool.map(Program, programs)):
            programs[name] = program

        def check(number):
            name, patterns, expected = todo[number]
            program = programs[name]
            try:
                patterns = program.patterns(patterns)
                if expected.startswith("funcs"):
                    return check_funcs(tracer, program, patterns, expected)
                return check_run(tracer, program, patterns, expected, f"{number}.dat")
            except (KeyError, OSError, subprocess.TimeoutExpired) as error:
                return f"{type(error).__name__}: {error}"

        for row, fault in zip(todo, pool.map(check, range(len(todo)))):
            if fault:
                failed += 1
                print("FAILED", "  ".join(row), "\n   ", fault.replace("\n", "\n    ")[:1500])
    print(f"patterns: {len(todo) - failed} passed, {failed} failed, rows without a program: {skipped}")
    return 1 if failed or not todo else 0


if __name__ == "__main__":
    sys.exit(main())
