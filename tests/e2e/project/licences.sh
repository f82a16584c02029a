#!/bin/bash
# Each file has a licence, and says no other one; what is sent to others carries the notices that it must.
set -euo pipefail

root=$(dirname "$TESTS")
check=$TESTS/lib/check_licences.py
fail() {
	echo "FAIL: $*"
	exit 1
}

cd "$root"
if git rev-parse -q --verify HEAD >/dev/null 2>&1; then
	mapfile -t files < <(git ls-files)
else
	mapfile -t files < <(find . -name 'build*' -prune -o -type f -printf '%P\n')
fi
cd - >/dev/null
"$check" "$root" "${files[@]}" || fail 'see above'

# The check notices.
mkdir -p tree/packaging/debian tree/tracer/api tree/LICENSES
cp "$root/packaging/debian/copyright" tree/packaging/debian
cp "$root"/LICENSES/* tree/LICENSES
notice() { # notice EXPECTED FILE TEXT
	printf '%s\n' "$3" >"tree/$2"
	"$check" tree "$2" >noticed.out && fail "no fault is found: $2"
	grep -q "^$2: $1" noticed.out || fail "not noticed: $2 with $3"
}
notice 'says MIT, and' tracer/new.c '/* SPDX-License-Identifier: MIT */'
notice 'says LGPL-2.1-or-later, and' tracer/new.c '/* SPDX-License-Identifier: LGPL-2.1-or-later */'
notice 'is under LGPL-2.1-or-later, and does not say so' tracer/api/new.c 'int x;'
rm tree/LICENSES/CC0-1.0.txt
"$check" tree >noticed.out 2>&1 && fail 'a missing text is no fault'
grep -q 'CC0-1.0' noticed.out || fail 'a missing text is not noticed'

# A page has dygraphs within: its notice goes along.
"$MPROF_TRACE" run -q -o run.dat true
"$MPROF_TRACE" plot -o page.html run.dat >/dev/null
grep -qi 'Permission is hereby granted, free of charge' page.html || fail 'the page lacks the notice of dygraphs'
grep -qi 'dygraphs' page.html || fail 'the page does not name dygraphs'
[[ $("$MPROF_TRACE" --version) == *GPL-3.0-or-later* ]] || fail '--version names no licence'
