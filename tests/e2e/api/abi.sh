#!/bin/sh
# The library's interface is that which was promised: programs that were built with it run on.
#
# tests/records/libmprof.abi is a dump of it. A new member at the end of a struct, or a new function, is an addition:
# make a new dump then, by tests/tools/keep_abi.sh. All else that abidiff finds breaks programs.
# shellcheck source=tests/lib/api.sh
. "$TESTS/lib/api.sh"
need_command abidiff
[ -z "$(sanitizers_of "$built")" ] || skip "a sanitizer's names are in the library"
readelf -S "$built/libmprof.so.0" | grep -q '\.debug_info' || skip "the library was built without -g"
run_as abidiff abidiff --headers-dir2 "$root/tracer/api" --drop-private-types \
	"$TESTS/records/libmprof.abi" "$built/libmprof.so.0"
if [ "$(cat abidiff.status)" -ne 0 ]; then
	cat abidiff.out
	fail "the interface has changed (tests/tools/keep_abi.sh keeps a new one, if it has only grown)"
fi
