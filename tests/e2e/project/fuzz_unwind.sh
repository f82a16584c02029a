#!/bin/sh
# The fuzzer of the unwinder.
# timeout: 900
exec "$TESTS/fuzz/short.sh" unwind 2500
