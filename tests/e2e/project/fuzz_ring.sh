#!/bin/sh
# The fuzzer of what is fetched of the rings that pads write to.
# timeout: 900
exec "$TESTS/fuzz/short.sh" ring 4000
