#!/bin/sh
# Where a jump may be written in real libraries, checked against objdump's disassembly.
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command objdump

checked=
for name in libc.so.6 libstdc++.so.6; do
	file=$(cc -print-file-name="$name")
	[ -f "$file" ] || continue
	"$TESTS/tools/check_patches.py" "$TARGETS/../tools/patch_windows" "$file" >said ||
		fail "$(cat said)"
	grep -q 'entry: .* jump' said || fail "nothing is said of entries: $(cat said)"
	grep -q 'return: .* jump' said || fail "nothing is said of return addresses: $(cat said)"
	checked=yes
done
[ -n "$checked" ] || skip "no library was found to check"
