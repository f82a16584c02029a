#!/bin/sh
# Displaced instructions do what the original ones do: of every kind of form some, and some windows of several,
# each run beside its copy. All of them, from 100 states each: make fuzz FUZZ=relocation.
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

"$TARGETS/../tools/relocation" --states 8 --every 23 --windows 3000 >said 2>&1 ||
	fail "$(grep -A 8 -E 'DIFFERS|DIED' said | head -60; tail -5 said)"
# A fifth at least has run on any processor.
awk '$1 == "legacy" || $1 == "windows" { if ($3 * 5 < $3 + $4 + $5 + $6) exit 1; n++ } END { exit n != 2 }' said ||
	fail "too little was run: $(cat said)"
