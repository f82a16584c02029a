#!/bin/bash
# Makes the small ELF files that the fuzzer of ELF files begins with: elf_seeds.sh DIRECTORY. Of each
# kind one: position-independent or not, stripped, DWARF 4 and 5, compressed sections, .gnu_debugdata,
# a library with versions and an IFUNC, inlined functions, C++ and Rust names.
set -euo pipefail

mkdir -p "$1"
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/a.c" <<'END'
static __attribute__((noinline)) int hidden(int a) { return a * 3; }
__attribute__((weak)) int weak_one(int a) { return hidden(a); }
static inline __attribute__((always_inline)) int within(int a) { return a > 3 ? hidden(a + 1) : a; }
int exported(int a) { int b = 0; for (; a > 0; a--) b += weak_one(within(a)); return within(b); }
int alias(int a) __attribute__((alias("exported")));
static int (*resolve(void))(int) { return hidden; }
int chosen(int) __attribute__((ifunc("resolve")));
int mangled(int) __asm__("_ZN2ns1CIiE6methodERKSs");
int mangled(int a) { return a; }
int rust(int) __asm__("_RNvCs1234_7mycrate4main");
int rust(int a) { return a; }
void _start(void) { exported(1); __asm__("hlt"); }
END
flags=(-O1 -nostdlib -ffreestanding -fno-asynchronous-unwind-tables "-Wl,--build-id=sha1"
	"-Wl,-z,noseparate-code")
cc "${flags[@]}" -static -gdwarf-5 -o static "$work/a.c"
cc "${flags[@]}" -gdwarf-4 -o pie -pie -fPIE "$work/a.c"
cc "${flags[@]}" -gdwarf-5 -gz=zlib -shared -fPIC -o library.so "$work/a.c"
strip -o stripped.so library.so
nm library.so --format=posix --defined-only | awk '$2 ~ /[Tt]/ { print $1 }' >"$work/keep"
objcopy -S --keep-symbols="$work/keep" library.so "$work/mini"
if command -v xz >/dev/null; then
	xz -k "$work/mini"
	objcopy --add-section .gnu_debugdata="$work/mini.xz" stripped.so mini.so
fi
if command -v clang >/dev/null; then
	clang "${flags[@]}" -gdwarf-5 -static -o clang "$work/a.c"
	clang "${flags[@]}" -gdwarf-5 -gembed-source -static -o embedded "$work/a.c"
fi
