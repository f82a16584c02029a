"""Every parameter of the example binding of libmprof, tracer/api/examples/memory_usage.py, which has those of
memory_profiler. usage: api_parameters.py; exits with 1 when something is not as it should be."""
import contextlib
import io
import mmap
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

from memory_usage import memory_usage

PAGE_MIB = mmap.PAGESIZE / 2**20


def resident_mib(pid="self"):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE_MIB


def close(a, b, distance=1):
    assert abs(a - b) < distance, (a, b)


def raises(error, *args, **kw):
    try:
        memory_usage(*args, **kw)
    except error as raised:
        return str(raised)
    raise AssertionError(f"no {error.__name__}")


def sleeps_of_others():
    """How often the other thread has gone to sleep: that of the library."""
    total = 0
    for tid in os.listdir("/proc/self/task"):
        if int(tid) != threading.get_native_id():
            with open(f"/proc/self/task/{tid}/status", encoding="ascii") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary"))
    return total


def hold(mib, value=None):
    """Has so much more memory until it has been read."""
    memory = mmap.mmap(-1, mib * 2**20)
    for at in range(0, len(memory), mmap.PAGESIZE):
        memory[at] = 1
    before = sleeps_of_others()
    while sleeps_of_others() < before + 2:
        time.sleep(0.001)
    memory.close()
    return value


@contextlib.contextmanager
def sleeping_child():
    """One that has begun to sleep: it touches nothing any more."""
    with subprocess.Popen(["sleep", "600"]) as child:
        try:
            words = ["?"]
            while words[0] != "(sleep)" or words[1] != "S":
                time.sleep(0.001)
                with open(f"/proc/{child.pid}/stat", encoding="ascii") as file:
                    words = file.read().split()[1:]
            yield child
        finally:
            child.kill()


def test_processes():
    assert len(memory_usage()) == len(memory_usage(-1)) == 1
    close(memory_usage(-1)[0], resident_mib())
    assert 1 <= len(memory_usage(-1, interval=.01, timeout=.05)) <= 5
    with sleeping_child() as sleeper:
        assert 0 < memory_usage(sleeper.pid)[0] == memory_usage(str(sleeper.pid))[0]
        assert memory_usage(sleeper, interval=.01, timeout=.03)
        threading.Timer(.1, sleeper.kill).start()
        assert memory_usage(sleeper, interval=.01)  # until it ends
    assert "No such process" in raises(ProcessLookupError, sleeper.pid)
    assert memory_usage(["sh", "-c", "sleep 0.1; exit 3"], interval=.01)
    raises(OSError, ["/no/such/program"])


def test_functions():
    usage, returned = memory_usage((hold, (32,), {"value": "it"}), interval=.01, retval=True)
    assert returned == "it" and len(usage) >= 5
    close(max(usage) - usage[0], 32)
    close(memory_usage((hold, (32,)), interval=.01, max_usage=True) - resident_mib(), 32)
    assert len(memory_usage(lambda: None, interval=1000, max_iterations=1)) == 3
    assert len(memory_usage((time.sleep, [.2]), interval=.02)) >= 5
    calls = []
    memory_usage((calls.append, (1,)), interval=.1)
    assert 1 < len(calls) <= 6
    raises(ValueError, (hold, (1,), {}, 4))


def test_code():
    usage = memory_usage("import time\nx = bytearray(48 * 2**20)\ntime.sleep(.3)", interval=.01)
    close(max(usage) - usage[0], 48, 2)
    assert "x" not in globals()
    raises(SyntaxError, "x = = 1")


def test_timestamps():
    before = time.time()
    usage = memory_usage(-1, interval=.01, timeout=.03, timestamps=True)
    assert all(mib > 0 and before - .001 <= at <= time.time() + .001 for mib, at in usage)
    mib, at = memory_usage((hold, (8,)), interval=.01, timestamps=True, max_usage=True)
    assert mib > 8 and at > before


def test_children():
    with sleeping_child() as child:
        nested = memory_usage(-1, multiprocess=True)
        assert len(nested) == 1 and len(nested[0]) == 2, nested
        together = memory_usage(-1, include_children=True)[0]
        close(together, sum(nested[0]))
        assert together > nested[0][0]


def test_backends():
    rss, pss, uss, vms = (memory_usage(backend=name)[0] for name in ("psutil", "psutil_pss", "psutil_uss", "vms"))
    assert vms > rss > pss >= uss > 0
    assert "tracemalloc" in raises(ValueError, backend="tracemalloc")


def test_streams():
    with tempfile.TemporaryFile("w+") as file:
        file.write("# before\n")
        assert memory_usage((hold, (8,)), interval=.01, stream=file) is None
        file.write("# behind\n")
        file.seek(0)
        lines = file.read().splitlines()
    assert lines[0] == "# before" and lines[1].startswith("CMDLINE ") and lines[-1] == "# behind"
    assert max(float(line.split()[1]) for line in lines if line.startswith("MEM")) > 8
    text = io.StringIO()
    memory_usage(-1, stream=text)
    assert text.getvalue().count("\nMEM ") == 1
    text = io.StringIO()
    memory_usage(["sh", "-c", "exec sleep 1"], interval=.01, stream=text)
    assert text.getvalue().startswith("CMDLINE sh -c 'exec sleep 1'\n")
    assert [line.split()[-1] for line in text.getvalue().splitlines() if line[:4] in ("PROC", "EXEC")][-1] == "sleep"
    with open("/dev/full", "w", encoding="ascii") as full:
        assert "No space left" in raises(OSError, -1, stream=full)


def test_leaving():
    class Odd(BaseException):
        pass

    def fail():
        raise Odd("on purpose")

    for _ in range(20):
        assert raises(Odd, fail) == "on purpose"
    raises(SystemExit, (sys.exit, (3,)))

    def fork():
        return os.fork()

    usage, child = memory_usage((fork, ()), interval=1000, retval=True, max_iterations=1)
    if child == 0:
        os._exit(7 if usage == [] else 1)
    assert len(usage) == 3 and os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7

    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(600)

    raises(KeyboardInterrupt, interrupt)
    assert len(os.listdir("/proc/self/task")) == 1


def test_odd_values():
    for interval in float("nan"), -1, float("inf"):
        assert "interval" in raises(ValueError, interval=interval)
    assert memory_usage(interval=0)
    assert memory_usage(lambda: None, interval=0)
    assert memory_usage(timeout=0) == []
    assert memory_usage(timeout=0, max_usage=True) == 0
    raises(ValueError, 0)


for name, test in list(globals().items()):
    if name.startswith("test_"):
        test()
        print(f"{name}: ok", flush=True)
