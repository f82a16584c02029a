#!/bin/sh
# --inlined: calls of functions that are inlined everywhere are counted as the program counts them, whatever
# the compiler and its optimisation; nothing of it without the option, or without debugging information.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"


# agrees LABEL: the profile has the counts that the program has printed.
agrees() {
	awk '/^(CH)?FUNC / { n[$8 " " $2]++ } END { for (c in n) print c, n[c] }' "$1.dat" | sort >"$1.counted"
	sort "$1.out" >"$1.printed"
	cmp -s "$1.counted" "$1.printed" || {
		diff "$1.counted" "$1.printed"
		fail "$1: the calls are not those that the program has counted"
	}
}

# try COMPILER LEVEL SOURCE FUNCTIONS
try() {
	command -v "$1" >/dev/null || return 0
	label=${3%.*}-$1$2
	"$1" -g "$2" -pthread -o "$label.bin" "$TESTS/targets/inlined/$3" || fail "$label: it does not compile"
	for probe in breakpoint pad auto; do
		run_as "$label" "$MPROF_TRACE" run -v --probe $probe --inlined -f "$4" -o "$label.dat" "./$label.bin"
		status_is "$label" 0
		agrees "$label"
		! grep -q ' [1-9][0-9]* of them recorded by' "$label.err" || jumped=$((jumped + 1))
		[ "$3" = throws.cc ] || continue # the other has signals, which come at any time
		awk '$1 == "FUNC" { print $2, $7, $10 }' "$label.dat" >"$label.$probe"
		cmp "$label.breakpoint" "$label.$probe" || fail "$label, $probe: not what breakpoints tell"
	done
	tried=$((tried + 1))
}

tried=0 jumped=0
for level in -O0 -O1 -O2 -O3 -Os; do
	for compiler in gcc clang; do
		try $compiler $level calls.c grow,sum,choose,outer,inner
	done
	for compiler in g++ clang++; do
		try $compiler $level throws.cc Box::push,Box::at
	done
done
[ "$tried" -ge 10 ] || fail "too few compilers"
echo "in $jumped of $((3 * tried)) runs there were jumps"

# What the linker has thrown away is left in DWARF, at addresses that are no code.
cat >sections.c <<'END'
#include <stdio.h>
#include <unistd.h>
static unsigned long counted;
__attribute__((noinline)) int touch(int x) { __asm__ volatile("" : "+r"(x)); return x; }
static inline __attribute__((always_inline)) int once(int x) { counted++; return touch(x) + 1; }
int thrown_away(int x) { return once(x) * 3; }
int main(void)
{
	int all = once(1) + once(2);
	printf("%d once %lu\n", getpid(), counted);
	return all == 0;
}
END
gcc -g -O2 -ffunction-sections -Wl,--gc-sections -o sections.bin sections.c || skip "no gcc"
run_as sections "$MPROF_TRACE" run -q --inlined -f once -o sections.dat ./sections.bin
status_is sections 0
agrees sections

# Memory belongs to the call that takes it; nested calls lie within their outer ones, a level higher.
awk '/^FUNC grow / && $5 > $3 + 0.05 { grown++ }
	/^FUNC outer / { lo[$9] = $4; hi[$9] = $6; level[$9] = $7 }
	/^FUNC inner / && $7 > 0 { nested++ }
	END { if (grown < 1 || nested < 16) { print grown + 0, nested + 0; exit 1 } }' calls-gcc-O2.dat ||
	fail "memory or nesting is not what it was"

# The same functions without the option: said, with the places, and that there is one.
run_as without "$MPROF_TRACE" run -f grow,work -o without.dat ./calls-gcc-O2.bin
status_is without 0
says without "'grow': not found: it is inlined at 2 sites .calls.c:[0-9]+, calls.c:[0-9]+. and has no code of its own .--inlined records such calls."
grep -q '^FUNC work' without.dat || fail "work was not recorded"
! grep -q '^FUNC grow' without.dat || fail "grow was recorded without --inlined"

# Exclusions, stripped programs.
run_as exclude "$MPROF_TRACE" run --inlined -f 'grow,sum,!s*m,!nothing*' -o exclude.dat ./calls-gcc-O2.bin
status_is exclude 0
says exclude "'sum': not found: all that it matches is left out"
says exclude "'!nothing.': leaves nothing out"
! grep -q '^FUNC sum' exclude.dat || fail "sum was not left out"
strip -o stripped.bin calls-gcc-O2.bin
run_as stripped "$MPROF_TRACE" run --inlined -f grow,main -o stripped.dat ./stripped.bin
says stripped "'grow': not found: .*stripped.bin has no function symbols"

# Out and in again: the program's own code is back each time.
cat >spin.c <<'END'
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
static volatile sig_atomic_t is_over;
static unsigned long calls, steps;
static void end(int number) { is_over = number; }
__attribute__((noinline)) unsigned long step(unsigned long x) { __asm__ volatile("" : "+r"(x)); steps++; return x; }
static inline __attribute__((always_inline)) unsigned long twice(unsigned long x) { calls++; return step(step(x)); }
int main(void)
{
	signal(SIGUSR1, end);
	puts("ready");
	fflush(stdout);
	for (unsigned long x = 0; !is_over; x++)
		if (twice(x) != x)
			abort();
	return steps != 2 * calls;
}
END
gcc -g -O2 -o spin.bin spin.c || skip "no gcc"
start_program spin ./spin.bin
wait_until grep -q '^ready' spin.out
for round in 1 2 3; do
	start_attach attached --inlined -f twice -o "spin$round.dat" "$program"
	wait_until grep -q '^FUNC twice' "spin$round.dat"
	stop_attach attached
	is_own_code "$program" || fail "traps are left in its code"
done
kill -USR1 "$program"
wait "$program" || fail "its sums are not right"
