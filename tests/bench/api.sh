#!/bin/sh
# What it costs to measure a function: by libmprof's thread, through its binding for Python, and by memory_profiler's
# forked process, in one run. Both measure the same function, which does nothing; the last figure is the ratio.
set -eu
library=$(dirname "$MPROF_TRACE")/libmprof.so.0
/usr/bin/python3 -c 'import memory_profiler' 2>/dev/null || { echo "api: python3-memory-profiler is not installed"; exit 0; }
LIBMPROF=$library PYTHONPATH=$TESTS/../tracer/api/examples PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 - <<'EOF'
import statistics
import time

import memory_profiler
import memory_usage as libmprof


def cost_us(memory_usage, proc, **kw):
    costs = []
    for _ in range(30):
        start = time.perf_counter()
        memory_usage(proc, **kw)
        costs.append((time.perf_counter() - start) * 1e6)
    return statistics.median(costs)


def nothing():
    pass


# Pages that are the program's own: a fork has to share them, and each write to one is a fault then.
held = bytearray(b"x") * (256 << 20)
for what, proc, kw in (("a function", nothing, {"max_iterations": 1}), ("this process", -1, {"interval": 1e-6})):
    theirs, ours = (cost_us(module.memory_usage, proc, **kw) for module in (memory_profiler, libmprof))
    print(f"api: {what:<13} memory_profiler {theirs:9.0f} us, libmprof {ours:7.0f} us, {theirs / ours:5.0f} times as much")
EOF
