#!/bin/sh
# The fuzzer of the reader of profiles, and what is drawn of them.
# timeout: 900
exec "$TESTS/fuzz/short.sh" profile 3000
