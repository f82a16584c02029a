#!/bin/sh
# The classic examples of memory_usage() side by side with memory_profiler: the same numbers.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
need_plain_library
/usr/bin/python3 -c 'import memory_profiler' 2>/dev/null || skip "python3-memory-profiler is not installed"
export LIBMPROF="$built/libmprof.so.0" PYTHONPATH="$root/tracer/api/examples" PYTHONDONTWRITEBYTECODE=1
run_as both /usr/bin/python3 "$TESTS/lib/api_side_by_side.py"
cat both.out
status_is both 0
