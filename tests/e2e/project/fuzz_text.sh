#!/bin/sh
# The fuzzer of what people write - patterns, amounts, conditions, budgets.
# timeout: 900
exec "$TESTS/fuzz/short.sh" text 40000
