#!/usr/bin/python3
"""Runs the commands of mprof-trace-tutorial(7), and compares what they print with what the page says.

tutorial.py PAGE [CHAPTER]: in the current directory, an empty one, runs the chapters that need no program of their
own (see the comment at the head of the page), or the one whose title begins with CHAPTER. Files that the page gives
in full are written first, and have to be those beside the page, in tutorial/. Status 77: something is not installed.
"""
import os
import re
import shutil
import subprocess
import sys

LIMIT_S = 250
ESCAPES = {"(aq": "'", "(ha": "^", "(ti": "~", "(ga": "`", "(mi": "−", "e": "\\", "&": "", "-": "-"}
NUMBER = r"[-+−~≤≥]*[0-9][0-9.,]*"
UNITS = (("ns", "us", "µs", "ms", "s", "min"), ("B", "KiB", "MiB", "GiB"), ("K", "M"))


def plain(text):
    """A line of a literal block as it is printed."""
    return re.sub(r"\\(\(..|.)", lambda found: ESCAPES[found[1]], text)


class Step:
    def __init__(self, place, command, needs):
        self.place = place
        self.command = command
        self.needs = needs
        self.promised = []
        self.checks = []


def read_page(lines):
    """The files {name: text}, and the steps of each chapter [(title, needs, steps)]."""
    files, chapters, needs = {}, [], {".Sh": None, ".Ss": None}
    heading, literal, name = ".Sh", False, None
    for number, line in enumerate(lines, 1):
        comment = re.match(r'\.\\" (\w+): (.*)', line)
        if line.startswith((".Sh ", ".Ss ")):
            heading = line[:3]
            needs[".Ss"] = None
            if heading == ".Sh":
                needs[".Sh"] = None
                chapters.append([line[4:], None, []])
        elif comment and comment[1] == "file":
            name = comment[2]
            files[name] = ""
        elif comment and comment[1] == "needs":
            needs[heading] = " ".join(filter(None, (needs[heading], comment[2])))
            chapters[-1][1] = needs[".Sh"]
        elif comment and comment[1] == "check":
            chapters[-1][2][-1].checks.append(comment[2])
        elif line.startswith(".Bd -literal"):
            literal = True
        elif line == ".Ed":
            literal, name = False, None
        elif literal and name:
            files[name] += plain(line) + "\n"
        elif literal and line.startswith("$ "):
            chapters[-1][2].append(Step(number, plain(line[2:]), needs[".Ss"]))
        elif literal and line.startswith("> "):
            chapters[-1][2][-1].command += "\n" + plain(line[2:])
        elif literal and not line.startswith('.\\"'):
            chapters[-1][2][-1].promised.append(plain(line))
    return files, chapters


def word_pattern(word):
    """What a promised word stands for: any number, any unit of its kind, anything for "..."."""
    pattern = ""
    for part in re.findall(r"\.\.\.|…|" + NUMBER + r"|[A-Za-zµ]+|.", word):
        units = [kind for kind in UNITS if part in kind]
        if part in ("...", "…"):
            pattern += ".*"
        elif re.fullmatch(NUMBER, part):
            pattern += NUMBER
        elif units and re.fullmatch("[^A-Za-zµ]*" + part + "[^A-Za-zµ]*", word):
            pattern += "(%s)" % "|".join(units[0])
        else:
            pattern += re.escape(part)
    return re.compile(pattern)


def line_holds(printed, promised):
    """Whether the promised words stand in the printed line, in their order."""
    words = iter(printed.split())
    return all(any(word_pattern(wanted).fullmatch(word) for word in words) for wanted in promised.split())


def faults_of(step, output):
    printed = iter(output)
    for promised in step.promised:
        if promised.strip() not in ("...", "…") and not any(line_holds(line, promised) for line in printed):
            yield "no line, behind those found, is like: " + promised
            break
    for check in step.checks:
        if not any(re.search(check, line) for line in output):
            yield "no line matches " + check


def run(steps):
    """In one shell, so that jobs and variables last. Returns the outputs, lists of lines."""
    with open("steps.sh", "w") as script:
        for index, step in enumerate(steps):
            with open("step.%d" % index, "w") as file:
                file.write(step.command + "\n")
            script.write('eval "$(cat step.%d)" >out.%d 2>&1\n' % (index, index))
    subprocess.run(["bash", "steps.sh"], stdin=subprocess.DEVNULL, timeout=LIMIT_S, check=False)
    outputs = []
    for index in range(len(steps)):
        with open("out.%d" % index, errors="replace") as file:
            outputs.append(file.read().splitlines())
    return outputs


def main():
    page, chapter = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
    with open(page) as file:
        files, chapters = read_page(file.read().splitlines())
    bad = 0
    for name, text in files.items():
        with open(os.path.join(os.path.dirname(page), "tutorial", name)) as file:
            if file.read().expandtabs(8) != text:
                print("%s is not what the page shows" % name)
                bad = 1
        with open(name, "w") as file:
            file.write(text)
    steps = []
    for title, needs, its_steps in chapters:
        if title.startswith(chapter) if chapter else needs is None:
            for tool in " ".join(filter(None, [needs] + [step.needs for step in its_steps])).split():
                if shutil.which(tool) is None:
                    print("%s is not installed" % tool)
                    return 77
            steps += its_steps
    if not steps:
        sys.exit("no commands in the page")
    for step, output in zip(steps, run(steps)):
        for fault in faults_of(step, output):
            print("%s:%d: $ %s\n  %s; printed was:\n%s" % (
                os.path.basename(page), step.place, step.command, fault, "\n".join("    " + line for line in output[:30])))
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
