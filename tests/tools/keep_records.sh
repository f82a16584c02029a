#!/bin/sh
# Keeps the normal forms of new recordings, in place of those under tests/records/kept: for a change of
# the records that is wanted. Look at what has changed (git diff) before it is committed.
#
# Environment: MPROF_TRACE, TARGETS and TESTS, as the runner of the tests sets them.
set -u
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

kept=$TESTS/records/kept
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit
mkdir new

case_done() {
	mv "$1.txt" new
}

# What cannot be recorded here stays as it is kept.
case_skipped() {
	printf 'not recorded: %s: %s\n' "$1" "$2"
	[ ! -e "$kept/$1.txt" ] || cp "$kept/$1.txt" new
}

# shellcheck source=tests/records/cases.sh
. "$TESTS/records/cases.sh"

rm -f "$kept"/*.txt
mkdir -p "$kept"
cp new/*.txt "$kept"
printf '%d recordings are kept in %s\n' "$(find new -name '*.txt' | wc -l)" "$kept"
