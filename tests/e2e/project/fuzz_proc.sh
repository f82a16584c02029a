#!/bin/sh
# The fuzzer of what is read of a process in /proc and of its names in /tmp/perf-PID.map.
# timeout: 900
exec "$TESTS/fuzz/short.sh" proc 8000
