#!/bin/sh
# The fuzzer of what is written of profiles for other programs.
# timeout: 900
exec "$TESTS/fuzz/short.sh" writers 2500
