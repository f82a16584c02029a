#!/bin/sh
# The fuzzer of what is done with instructions.
# timeout: 900
exec "$TESTS/fuzz/short.sh" code 30000
