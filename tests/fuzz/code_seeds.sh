#!/bin/bash
# Makes what the fuzzer of instructions begins with: code_seeds.sh DIRECTORY. Functions as compilers make them, and some
# instructions that they do not (fuzz_code.c).
set -euo pipefail

mkdir -p "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/a.c" <<'END_OF_C'
#include <string.h>
int plain(int a) { return a * 3; }
int loops(const int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i] > 3 ? a[i] : -1; return s; }
int calls(int (*f)(int), int a) { return f(a) + plain(f(a)); }
double floats(double a, float b) { return a * b + (double)(int)a; }
void copies(char *to, const char *from) { memcpy(to, from, 100); }
long table(int a) { static const long words[] = { 1, 2, 3 }; return words[a % 3]; }
END_OF_C
for options in '-O0' '-O2' '-O3 -mavx2 -mfma' '-Os -fcf-protection'; do
	read -r -a more <<<"$options"
	gcc "${more[@]}" -ffunction-sections -c -o "$work/a.o" "$work/a.c"
	for name in plain loops calls floats copies table; do
		objcopy -O binary --only-section=".text.$name" "$work/a.o" "$1/$name${options//[ \/]/_}"
	done
done
cat >"$work/b.s" <<'END_OF_ASSEMBLY'
	jrcxz 1f; loop 1f; jmp *8(%rsp); call *(%rax,%rcx,8); 1: ret $16; mov $15,%eax; syscall
	lock xadd %rax,(%rsi); rep movsb; lea 1b(%rip),%rax; data16 lea 1b(%rip),%rdi; jmp *1b(%rip)
	vpgatherdd %ymm1,(%rax,%ymm2,4),%ymm3; vmovdqu8 1b(%rip),%zmm1; xbegin 1b; enter $3,$1; iretq
END_OF_ASSEMBLY
as -o "$work/b.o" "$work/b.s"
objcopy -O binary --only-section=.text "$work/b.o" "$1/assembly"
