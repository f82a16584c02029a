#!/bin/bash
# Makes what the fuzzer of the unwinder begins with: unwind_seeds.sh DIRECTORY. Small libraries as they lie in memory, with
# unwind tables, and a stack of addresses in them (fuzz_unwind.c).
set -euo pipefail

mkdir -p "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/a.c" <<'END_OF_C'
static __attribute__((noinline)) int leaf(int a) { volatile int b[9]; b[a & 7] = a; return b[3]; }
__attribute__((noinline)) int middle(int a, int b) { int s = 0; for (; a > 0; a--) s += leaf(a + b) * b; return s; }
int exported(int a) { return middle(a, a + 1) + leaf(a); }
__attribute__((noinline)) int big(int n) { char text[n]; text[n / 2] = 1; return middle(text[0], n) + exported(n); }
END_OF_C
for options in '-O1' '-O2 -fno-omit-frame-pointer' '-O0' '-Os -mno-red-zone'; do
	read -r -a more <<<"$options"
	cc "${more[@]}" -nostdlib -shared -fPIC -fasynchronous-unwind-tables -Wl,-z,noseparate-code -Wl,--eh-frame-hdr \
		-Wl,--hash-style=gnu -o "$work/library.so" "$work/a.c"
	strip "$work/library.so"
	text=$(readelf -SW "$work/library.so" | sed -n 's/^.* \.text *PROGBITS *\([0-9a-f]*\) .*/\1/p')
	for offset in 0 1 4 20 40 60; do
		pc=$((16#$text + offset))
		{
			# shellcheck disable=SC2059 # bytes are made here
			printf "\\x$(printf %02x $((pc & 255)))\\x$(printf %02x $((pc >> 8)))\xff\xff"
			printf '\x01\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0'
			for i in $(seq 32); do # the stack: addresses of the code, and of itself
				at=$(((pc + i * 7) & 65535))
				# shellcheck disable=SC2059
				[ $((i % 3)) -eq 0 ] && printf '\x40\x00\x00\x00\xfc\x7f\x00\x00' ||
					printf "\\x$(printf %02x $((at & 255)))\\x$(printf %02x $((at >> 8)))\x00\x00\x55\x55\x00\x00"
			done
			cat "$work/library.so"
		} >"$1/${options//[ \/]/_}_$offset"
	done
done
