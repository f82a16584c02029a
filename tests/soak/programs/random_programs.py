#!/usr/bin/python3
"""Random programs, recorded with random options, and the records compared with the programs' own book.

usage: random_programs.py DIRECTORY [--seeds FIRST:COUNT] [--seconds S] [--records N] [--only N,...] [--flags 'WORD...'] [--kept]

Each seed is a program (generate.py), which is run untraced, then with some random choices of options (options.py): from
its start, perhaps for a time only (-t), or with what records it being killed, or attached to and left in the middle. It must
behave as untraced, the records must agree with the book (check.py), all that looks at a profile must be able to, and
nothing may be left. Without --seeds they begin at a random
one. The directory of a program that has failed is kept, and how to run it again is said. MPROF_TRACE is what is tried.
"""
import argparse
import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import time

import check
import generate
import options

TESTS = pathlib.Path(__file__).resolve().parents[2]
MPROF = os.environ["MPROF_TRACE"]
LIMIT_S = 180
PR_SET_CHILD_SUBREAPER = 36


class Failure(Exception):
    pass


def now_ns():
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def offset_ns():
    """CLOCK_REALTIME less CLOCK_MONOTONIC, as nearly as it can be asked for."""
    best = None
    for _ in range(20):
        before = now_ns()
        real = time.clock_gettime_ns(time.CLOCK_REALTIME)
        after = now_ns()
        if best is None or after - before < best[0]:
            best = after - before, real - (before + after) // 2
    return best[1]


def exit_status(code):
    return code if code >= 0 else 128 - code


class Run:
    """One program in its directory."""

    def __init__(self, seed, directory, flags):
        self.seed, self.directory, self.flags = seed, directory, flags
        self.calls = self.records = 0
        self.words = []

    def build(self, is_kept):
        if is_kept:
            self.program = json.loads((self.directory / "program.json").read_text(encoding="utf-8"))
            return
        shutil.rmtree(self.directory, ignore_errors=True)
        generate.write(self.seed, self.directory, self.flags)
        built = subprocess.run(["sh", "build.sh"], cwd=self.directory, capture_output=True, text=True, check=False)
        if built.returncode != 0:
            raise Failure(f"it does not compile: {built.stderr[:1500]}")
        self.program = json.loads((self.directory / "program.json").read_text(encoding="utf-8"))

    def environment(self, book=None, stop=None):
        environment = dict(os.environ, SOAK_LIBRARIES=str(self.directory), SOAK_MARK=str(self.directory))
        environment["ASAN_OPTIONS"] = "detect_leaks=0:handle_segv=0:use_sigaltstack=0:detect_stack_use_after_return=0"
        environment["UBSAN_OPTIONS"] = "handle_segv=0:use_sigaltstack=0"
        environment["TSAN_OPTIONS"] = "report_bugs=0:handle_segv=0:use_sigaltstack=0:die_after_fork=0"
        environment.pop("BOOK", None)
        environment.pop("SOAK_STOP", None)
        if book:
            environment["BOOK"] = str(self.directory / book)
        if stop:
            environment["SOAK_STOP"] = str(self.directory / stop)
        return environment

    def run(self, label, words, **more):
        with open(self.directory / f"{label}.out", "wb") as out, open(self.directory / f"{label}.err", "wb") as err:
            try:
                done = subprocess.run(words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                      env=self.environment(**more), timeout=LIMIT_S, check=False, start_new_session=True)
            except subprocess.TimeoutExpired as hung:
                raise Failure(f"{label}: {' '.join(map(str, words))} hangs") from hung
        return exit_status(done.returncode)

    def text(self, name):
        return (self.directory / name).read_text(encoding="utf-8", errors="replace")

    def left_over(self):
        """Processes that have this program's mark in their environment."""
        mark = f"SOAK_MARK={self.directory}".encode()
        found = []
        for process in pathlib.Path("/proc").iterdir():
            if process.name.isdigit():
                try:
                    if mark in (process / "environ").read_bytes().split(b"\0"):
                        found.append(int(process.name))
                except OSError:
                    continue
        return found

    def nothing_left(self):
        for _ in range(200):
            left = self.left_over()
            if not left:
                return
            time.sleep(0.05)
        states = [(pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")[:60]) for pid in left]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        raise Failure(f"processes are left: {states}")

    def plain(self):
        self.status = self.run("plain", ["./program"], book="plain.book")
        self.output = self.text("plain.out")
        if self.status > 63 or self.text("plain.err"):
            raise Failure(f"untraced, it ends with {self.status}: {self.text('plain.err')[:300]}")
        if self.run("again", ["./program"], book="again.book") != self.status or self.text("again.out") != self.output:
            raise Failure("untraced, it is not always the same")
        plain, again = (check.Book(self.directory / f"{name}.book", self.program["names"]) for name in ("plain", "again"))
        for book in (plain, again):
            if book.faults:
                raise Failure(f"untraced: {book.faults[0]}")
        ours, others = plain.all_counts(), again.all_counts()
        for name in set(ours) | set(others):
            if ours[name] != others[name] and name not in check.ASYNC | {"ticks_leaf"}:
                raise Failure(f"untraced, {name} is called {ours[name]} and {others[name]} times")

    def looks(self, name, dice):
        """What looks at a profile."""
        plot = dice.choice(("-o x.png", "-o x.svg", "-o x.pdf", "-o x.html", "--term", "-f -o x.svg", "-s -o x.png"))
        export = dice.choice(("--csv", "--json", "--chrome", "--speedscope", "--folded", "--csv --calls", "--csv --with"))
        report = dice.choice(("", "--calls", "-C"))
        for words in (["report", *report.split()], ["peak"], ["plot", *plot.split()], ["export", *export.split(), "-o", "x.export"]):
            status = self.run("look", [MPROF, *words, name])
            if status == 125 and "holds no call" in self.text("look.err") and "FUNC " not in self.text(name):
                continue
            if status != 0:
                raise Failure(f"{' '.join(words)} {name} ends with {status}: {self.text('look.err')[:500]}")

    def compare(self, name, book, settings, status, offset, window=None):
        known = check.Book(self.directory / book, self.program["names"])
        faults, calls = check.check(self.directory / name, known, self.program["names"], settings, status, offset, window)
        self.calls += calls
        self.records += 1
        if known.faults or faults:
            all_faults = known.faults + faults
            raise Failure(f"{len(all_faults)} faults, window {window}: " + "\n    ".join(map(str, all_faults[:4])))

    def recorded(self, number):
        """From its start; perhaps not to its end (-t)."""
        dice, words, settings = options.choose(self.seed, number, self.program)
        (self.directory / f"run{number}.book").unlink(missing_ok=True)
        offset = offset_ns()
        window = None
        if dice.random() < 0.12:
            seconds = dice.choice((0.02, 0.1, 0.5))
            words += ["-t", str(seconds)]
            window = 0, now_ns() + int(seconds * 1e9)
        self.words = [MPROF, "run", *words, "-o", f"run{number}.dat", "./program"]
        status = self.run(f"run{number}", self.words, book=f"run{number}.book")
        output = self.text(f"run{number}.out")
        if status != self.status or output != self.output:
            raise Failure(f"it ends with {status}, untraced with {self.status}; its output is\n{output}and should be\n"
                          f"{self.output}{self.text(f'run{number}.err')[:1500]}")
        self.nothing_left()
        self.compare(f"run{number}.dat", f"run{number}.book", settings, status, offset, window)
        self.looks(f"run{number}.dat", dice)

    def pid_in(self, book):
        """The program's, as its book has it; 0: not yet."""
        try:
            data = (self.directory / book).read_bytes()[:12]
        except FileNotFoundError:
            return 0
        return struct.unpack("<IIi", data)[2] if len(data) == 12 else 0

    def killed(self, number):
        """What records is killed in the middle: the process that was started, or the engine."""
        dice, words, settings = options.choose(self.seed, number, self.program)
        label = f"killed{number}"
        (self.directory / f"{label}.book").unlink(missing_ok=True)
        # ThreadSanitizer runs all handlers with SIGTRAP blocked: a trap there ends a program that nobody traces.
        may_end = "phase_traps" in self.program["phases"] or self.program["sanitizer"] == "-fsanitize=thread"
        is_engine = not may_end and dice.random() < 0.5
        if is_engine and "--survival=yes" not in words:
            words.insert(0, "--survival=yes")
        self.words = [MPROF, "run", *words, "-o", f"{label}.dat", "./program"]
        offset = offset_ns()
        with open(self.directory / f"{label}.out", "wb") as out, open(self.directory / f"{label}.err", "wb") as err:
            front = subprocess.Popen(self.words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                     env=self.environment(book=f"{label}.book"), start_new_session=True)
        deadline = time.monotonic() + LIMIT_S
        while not self.pid_in(f"{label}.book") and front.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        program = self.pid_in(f"{label}.book")
        time.sleep(dice.random() * dice.choice((0.03, 0.3)))
        engine = engine_of(front.pid)
        until = now_ns()
        self.words.append(f"# its {'engine' if is_engine else 'front end'} is killed")
        if not is_engine:
            front.kill()
        elif engine:
            os.kill(engine, signal.SIGKILL)
        front.wait(LIMIT_S)
        status = self.orphan_status(program)
        self.nothing_left()
        output = self.text(f"{label}.out")
        if output != self.output or status not in (None, self.status):
            raise Failure(f"it ends with {status}, untraced with {self.status}; its output is\n{output}and should be\n"
                          f"{self.output}{self.text(f'{label}.err')[:1500]}")
        if is_engine:
            faults = check.Recording(self.directory / f"{label}.dat", may_be_cut=True).faults
            if faults:
                raise Failure(f"what is left of the recording is damaged: {faults[0]}")
            self.run("look", [MPROF, "report", f"{label}.dat"])
        else:
            self.compare(f"{label}.dat", f"{label}.book", settings, None, offset, (0, until))
            self.looks(f"{label}.dat", dice)

    def orphan_status(self, program):
        """Of a process that has become our child, if it has; None: it has ended before that, or another has waited for it."""
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline:
            try:
                pid, status = os.waitpid(program, os.WNOHANG)
            except ChildProcessError:
                if not pathlib.Path(f"/proc/{program}").exists():
                    return None
                pid = 0
            if pid == program:
                return exit_status(os.waitstatus_to_exitcode(status))
            time.sleep(0.01)
        return "nothing: it hangs"

    def attached(self, number):
        """Attached to and left some times."""
        label = f"attach{number}"
        for name in ("book", "stop"):
            (self.directory / f"{label}.{name}").unlink(missing_ok=True)
        environment = self.environment(book=f"{label}.book", stop=f"{label}.stop")
        with open(self.directory / f"{label}.out", "wb") as out, open(self.directory / f"{label}.err", "wb") as err:
            program = subprocess.Popen(["./program"], cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       env=environment, start_new_session=True)
        try:
            recordings = [self.attach_once(program, f"{number}.{i}") for i in range(random.Random(self.seed).randint(1, 3))]
        finally:
            (self.directory / f"{label}.stop").touch()
            try:
                status = exit_status(program.wait(LIMIT_S))
            except subprocess.TimeoutExpired:
                status = "nothing: it hangs"
                program.kill()
        output = self.text(f"{label}.out")
        if output != self.output or self.text(f"{label}.err"):
            raise Failure(f"attached to, it ends with {status}; its output is\n{output}and should be\n{self.output}"
                          f"{self.text(f'{label}.err')[:1500]}")
        self.nothing_left()
        for name, settings, offset, window, dice in recordings:
            self.compare(name, f"{label}.book", settings, None, offset, window)
            self.looks(name, dice)

    def attach_once(self, program, number):
        dice, words, settings = options.choose(self.seed, number, self.program)
        time.sleep(dice.random() * 0.3)
        offset = offset_ns()
        name = f"attach{number}.dat"
        self.words = [MPROF, "attach", *words, "-o", name, str(program.pid)]
        said = self.directory / f"attach{number}.said"
        with open(said, "wb") as out:
            tracer = subprocess.Popen(self.words, cwd=self.directory, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                      env=self.environment())
        deadline = time.monotonic() + LIMIT_S
        while b"attached to" not in said.read_bytes():
            if tracer.poll() is not None or time.monotonic() > deadline:
                tracer.kill()
                raise Failure(f"it does not attach, the program is {program.poll()}: {said.read_text(errors='replace')[:600]}")
            time.sleep(0.005)
        since = now_ns()
        time.sleep(dice.random() * 0.4)
        until = now_ns()
        tracer.send_signal(signal.SIGINT)
        try:
            status = tracer.wait(LIMIT_S)
        except subprocess.TimeoutExpired as hung:
            tracer.kill()
            raise Failure("the attached tracer does not end") from hung
        if status != 0:
            raise Failure(f"attach ends with {status}: {said.read_text(errors='replace')[:600]}")
        for again in range(5):  # a library may go while it is looked at
            own = subprocess.run([TESTS / "lib/own_code.py", str(program.pid)], capture_output=True, text=True, check=False)
            if own.returncode == 0 or program.poll() is not None:
                break
            if again == 4:
                raise Failure(f"after attach: {own.stdout[:600]}{own.stderr[-600:]}")
        return name, settings, offset, (since, until), dice


def engine_of(front):
    """The process in which it traces and records; 0: it has ended."""
    try:
        children = pathlib.Path(f"/proc/{front}/task/{front}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(children[0]) if children else 0


def reap_orphans():
    """Of programs that have ended; of our own children there are none now."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0] > 0:
            continue
    except ChildProcessError:
        pass


def try_seed(seed, directory, numbers, flags, is_kept):
    run = Run(seed, directory, flags)
    try:
        run.build(is_kept)
        run.plain()
        for number in numbers:
            way = random.Random(f"{seed}.{number}.way").random()
            if way < 0.25:
                run.attached(number)
            elif way < 0.35:
                run.killed(number)
            else:
                run.recorded(number)
    except Failure as failure:
        print(f"seed {seed}: {failure}\n    {' '.join(map(str, run.words))}\n    kept in {directory}; again: SEED={seed} "
              f"tests/soak/random_programs.sh", flush=True)
        return run, False
    finally:
        reap_orphans()
    if not is_kept:
        shutil.rmtree(directory)
    return run, True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--seeds")
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--records", type=int, default=3)
    parser.add_argument("--only", help="these records of each, as 2 or 2,2,2", type=lambda text: list(map(int, text.split(","))))
    parser.add_argument("--flags", type=str.split)
    parser.add_argument("--kept", action="store_true", help="the program that is there, of an earlier run")
    arguments = parser.parse_args()
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    first, count = map(int, arguments.seeds.split(":")) if arguments.seeds else (random.randrange(10**9), 10**9)
    began, programs, records, calls, failed = time.monotonic(), 0, 0, 0, 0
    for seed in range(first, first + count):
        if arguments.seconds and time.monotonic() - began > arguments.seconds:
            break
        run, is_good = try_seed(seed, arguments.directory.resolve() / f"seed{seed}", arguments.only or range(arguments.records),
                                arguments.flags, arguments.kept)
        programs, records, calls, failed = programs + 1, records + run.records, calls + run.calls, failed + (not is_good)
        if programs % 20 == 0:
            print(f"{programs} programs, {records} recordings, {calls} calls checked, {failed} failed, "
                  f"{time.monotonic() - began:.0f} s", flush=True)
    print(f"{programs} programs, {records} recordings, {calls} calls checked, {failed} failed, seeds from {first} on, "
          f"{time.monotonic() - began:.0f} s")
    return 1 if failed or programs == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
