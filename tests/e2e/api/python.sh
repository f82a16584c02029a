#!/bin/sh
# The example binding: every parameter of memory_profiler's memory_usage(), from Python.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
need_plain_library
need_command python3
export LIBMPROF="$built/libmprof.so.0" PYTHONPATH="$root/tracer/api/examples" PYTHONDONTWRITEBYTECODE=1
run_as parameters python3 "$TESTS/lib/api_parameters.py"
cat parameters.out
status_is parameters 0
run_as example python3 "$root/tracer/api/examples/memory_usage.py"
status_is example 0
[ "$(grep -c . example.out)" -eq 4 ] || fail "the example says: $(cat example.out)"
