#!/bin/sh
# Without descriptors, addresses or threads left: an error, and nothing is left of it.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
[ -z "$(sanitizers_of "$built")" ] || skip "a sanitizer needs more of all"
build_program scarce
run_as scarce ./scarce
cat scarce.out
status_is scarce 0
