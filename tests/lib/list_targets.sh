#!/bin/bash
# Prints the tests that the programs of tests/targets are, one a line, as run_tests.sh takes them:
# target:NAME, or target:NAME:VARIANT for each word of a source's line `/* variants: … */`.
#
#   list_targets.sh [PATTERN…]    PATTERN: a glob of NAME or NAME:VARIANT; all, unless there are some
#
# A program is a test if it says what it expects (expect.h); those in attach/ are for the tests of attach.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/../targets"
list=$(awk '
	function end(    i, count, variant) {
		count = split(variants, variant, " ")
		for (i = 1; expects && i <= count; i++)
			print "target:" name ":" variant[i]
		if (expects && count == 0)
			print "target:" name
	}
	FNR == 1 {
		end()
		name = FILENAME
		gsub(/^.*\/|\.cc?$/, "", name)
		variants = ""
		expects = 0
	}
	/^\/[*\/] variants: / { variants = $0; gsub(/^.*variants: | *\*\/ *$/, "", variants) }
	/^#include "expect\.h"/ { expects = name !~ /^lib/ && FILENAME !~ /\/attach\// }
	END { end() }' ./*/*.c ./*/*.cc | sort)
twins=$(uniq -d <<<"$list")
if [ -n "$twins" ]; then
	echo "list_targets.sh: several sources have the name of one program: $twins" >&2
	exit 1
fi
if [ $# -eq 0 ]; then
	echo "$list"
	exit
fi
mapfile -t tests <<<"$list"
for pattern; do
	found=
	for test in "${tests[@]}"; do
		# shellcheck disable=SC2053 # a pattern is a pattern
		if [[ $test == target:$pattern || $test == target:$pattern:* ]]; then
			found=yes
			echo "$test"
		fi
	done
	[ -n "$found" ] || {
		echo "list_targets.sh: no program is named $pattern, or it does not say what it expects" >&2
		exit 1
	}
done
