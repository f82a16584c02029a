#!/bin/sh
# The fuzzer of the copy of what perf record has written.
# timeout: 900
exec "$TESTS/fuzz/short.sh" perf 4000
