#!/bin/sh
# 64 threads at once, 1000 calls in a row: no descriptor, thread or child is left.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
build_program crowds
run_as crowds ./crowds
status_is crowds 0
