"""memory_usage() of memory_profiler and of libmprof's example binding, side by side.

Prints a table of both, and exits with 1 where they differ by more than they may: a page for a process that holds still,
1 MiB for a function of the measured process."""
import mmap
import subprocess
import sys
import time

import memory_profiler
import memory_usage as libmprof

PAGE_MIB = mmap.PAGESIZE / 2**20
failures = []


def compare(what, theirs, ours, allowed_mib):
    ok = abs(theirs - ours) <= allowed_mib
    print(f"{what:<44} {theirs:12.6f} {ours:12.6f} {'' if ok else '  differ'}")
    if not ok:
        failures.append(what)


def compare_counts(what, theirs, ours):
    print(f"{what:<44} {theirs:12d} {ours:12d}")
    if theirs != ours:
        failures.append(what)


def both(proc, **kw):
    return memory_profiler.memory_usage(proc, **kw), libmprof.memory_usage(proc, **kw)


def still(theirs, ours):
    """Both when nothing has changed meanwhile: shares in what others map, too, change when those come and go."""
    for _ in range(1000):
        before, between, behind = theirs(), ours(), theirs()
        if before == behind:
            break
    return before, between


def f(a, n=100):
    """That of memory_profiler's README: a list, and some time."""
    time.sleep(.4)
    b = [a] * n
    time.sleep(.2)
    return b


def hold_still(program):
    child = subprocess.Popen([sys.executable, "-c", program + "; print(flush=True); import signal; signal.pause()"],
                             stdout=subprocess.PIPE)
    child.stdout.readline()
    while open(f"/proc/{child.pid}/stat", encoding="ascii").read().split()[2] != "S":
        time.sleep(0.001)
    return child


def compare_held(what, program):
    child = hold_still(program)
    for backend in "psutil", "psutil_pss", "psutil_uss":
        theirs, ours = still(lambda: memory_profiler.memory_usage(child.pid, backend=backend),
                             lambda: libmprof.memory_usage(child.pid, backend=backend))
        compare(f"{what}, {backend}", theirs[0], ours[0], PAGE_MIB)
    theirs, ours = both(child.pid, interval=.02, timeout=.1, max_usage=True)
    compare(f"{what}, max_usage", theirs, ours, PAGE_MIB)
    theirs, ours = both(child.pid, interval=.02, timeout=.1, include_children=True)
    compare(f"{what}, include_children", theirs[0], ours[0], PAGE_MIB)
    compare_counts(f"{what}, readings' shape", type(theirs).__name__ == "list", type(ours).__name__ == "list")
    child.kill()
    child.wait()


def compare_function(what, function, **kw):
    theirs, ours = both(function, interval=.1, **kw)
    compare(f"{what}, first", theirs[0], ours[0], 1)
    compare(f"{what}, highest", max(theirs), max(ours), 1)
    compare(f"{what}, last", theirs[-1], ours[-1], 1)


print(f"{'MiB':<44} {'memory_profiler':>12} {'libmprof':>9}")
memory_profiler.memory_usage((f, (1,)), interval=.5)  # what it imports at first is there from now on
libmprof.memory_usage((f, (1,)), interval=.5)
compare_held("a process that holds still", "pass")
compare_held("one with 64 MiB", "x = bytearray(2**26)")
compare_function("f(1, n=int(1e6))", (f, (1,), {"n": int(1e6)}))
compare_function("f(1, n=int(1e7))", (f, (1,), {"n": int(1e7)}))
theirs, ours = both((f, (1,), {"n": int(1e6)}), interval=.1, max_usage=True)
compare("f, max_usage", theirs, ours, 1)
theirs, ours = both((f, (1,)), interval=1, retval=True)
compare_counts("f, retval", len(theirs[1]), len(ours[1]))
theirs, ours = both(-1)
compare("this process", theirs[0], ours[0], 1)
theirs, ours = both(lambda: None, interval=100, max_iterations=1)
compare_counts("a short function, readings", len(theirs), len(ours))
sys.exit(1 if failures else 0)
