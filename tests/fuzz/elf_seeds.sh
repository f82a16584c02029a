#!/bin/bash
# Makes the small ELF files that the fuzzer of ELF files begins with: elf_seeds.sh DIRECTORY. Of each
# kind one: position-independent or not, stripped, DWARF 4 and 5 (of 64 bits, split, with units of types, shortened by dwz),
# compressed sections, .gnu_debugdata, a library with versions and an IFUNC, inlined functions, C++ and Rust names, unwind
# tables with landing pads, tables of jumps, static probes.
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
cc "${flags[@]}" -static -gdwarf-5 -gdwarf64 -o dwarf64 "$work/a.c"
cc "${flags[@]}" -static -gdwarf-4 -fdebug-types-section -gz=zlib-gnu -o types "$work/a.c"
cc "${flags[@]}" -static -gdwarf-5 -gsplit-dwarf -o split "$work/a.c"
cc "${flags[@]}" -static -gdwarf-4 -gsplit-dwarf -o split4 "$work/a.c"
if command -v dwz >/dev/null; then
	dwz -o dwz static || true
fi

# Exceptions, a table of jumps, and what sys/sdt.h makes of DTRACE_PROBE1(seed, passed, a).
cat >"$work/b.cc" <<'END'
extern void thrower(int);
struct Guard { int *at; ~Guard() { *at = 1; } };
namespace ns { template <class T> struct C { T v; T method(T a) const { return a + v; } }; }
static inline __attribute__((always_inline)) int tried(int a) {
	int done = 0;
	try { Guard g{&done}; thrower(a); } catch (int e) { return e; } catch (...) { return -1; }
	return done + ns::C<int>{a}.method(3);
}
extern "C" int choose(int a) {
	asm volatile("990: nop\n.pushsection .note.stapsdt,\"\",\"note\"\n.balign 4\n.4byte 992f-991f,994f-993f,3\n"
		"991: .asciz \"stapsdt\"\n992: .balign 4\n993: .8byte 990b\n.8byte 0\n.8byte 0\n.asciz \"seed\"\n"
		".asciz \"passed\"\n.asciz \"-4@%%edi\"\n994: .balign 4\n.popsection" : : "D"(a));
	switch (a) {
	case 0: return tried(1); case 1: thrower(7); return 3; case 2: return tried(9); case 3: thrower(8); return 5;
	case 4: return 11; case 5: thrower(1); return 12; case 6: return tried(a); default: return 0;
	}
}
END
for version in 4 5; do
	c++ -O2 -g1 "-gdwarf-$version" -nostdlib -shared -fPIC -fcf-protection -Wl,--build-id=sha1,-z,noseparate-code \
		-o "cxx$version.so" "$work/b.cc"
done
c++ -O2 -g -nostdlib -static -no-pie -Wl,-e,0,--unresolved-symbols=ignore-all,-z,noseparate-code -o cxx_static "$work/b.cc"

# What Go's linker writes of its functions (runtime/symtab.go), for two of the program's.
words() { # words BYTES NUMBER…: little-endian
	local bytes=$1 number i
	shift
	for number in "$@"; do
		for ((i = 0; i < bytes; i++)); do
			# shellcheck disable=SC2059 # bytes are made here
			printf "\\x$(printf %02x $((number >> (8 * i) & 255)))"
		done
	done
}
text=$((16#$(readelf -SW static | sed -n 's/^.* \.text *PROGBITS *\([0-9a-f]*\) .*/\1/p')))
{
	printf '\xf1\xff\xff\xff\x00\x00\x01\x08'
	words 8 2 0 "$text" 72 0 0 0 128
	printf '%-56s' $'x main.main main.(*T).f' | tr ' ' '\0'
	words 4 0 24 16 32 32 0
	words 4 0 2 16 12
} >"$work/gopclntab"
objcopy --add-section .gopclntab="$work/gopclntab" --set-section-flags .gopclntab=alloc,readonly \
	--change-section-address .gopclntab=0x700000 static "$work/go" 2>/dev/null && strip -o go "$work/go" 2>/dev/null

strip -o stripped.so library.so
strip -o stripped_cxx.so cxx5.so
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
