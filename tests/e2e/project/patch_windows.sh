#!/bin/sh
# Where a jump may be written in real libraries, checked against objdump's disassembly.
# timeout: 600
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command objdump

# file_of NAME: the library that programs here load; the proofs are about the kind of code in it.
file_of() {
	ldd "$MPROF_TRACE" | sed -n "s,.*=> \\(.*/$1[^ ]*\\) .*,\\1,p" | head -n 1
}

checked=
for name in libc.so libstdc++.so; do
	file=$(file_of "$name")
	[ -n "$file" ] || continue
	"$TESTS/tools/check_patches.py" "$TARGETS/../tools/patch_windows" "$file" >said ||
		fail "$(cat said)"
	grep -q 'entry: .* jump' said || fail "nothing is said of entries: $(cat said)"
	grep -q 'return: .* jump' said || fail "nothing is said of return addresses: $(cat said)"
	checked=yes
done
[ -n "$checked" ] || skip "no library was found to check"
