#!/bin/sh
# Functions that begin with their type, a word of data, as clang's -fsanitize=function writes them: their calls end as they
# do, those of handlers too, whose return instructions have to be found behind that; and the program still asks for types.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"
need_command clang++

# How far away its type lies, and so what the word looks like, is another for each.
handlers=$(seq -f on_signal_%g 1 60)
{
	for handler in $handlers; do
		echo "extern \"C\" void $handler(int number) { __asm__(\".skip ${handler##*_} % 23, 0x90\"); seen = seen + (number == SIGUSR1); }"
	done
	echo "static void (*const handlers[])(int) = { $(echo "$handlers" | paste -sd,) };"
} >handlers.h
cat >types.cc <<-EOF
	#include <csignal>
	#include <cstdio>
	#include <stdexcept>
	static volatile std::sig_atomic_t seen;
	#include "handlers.h"
	extern "C" long leaf(long n) { return n * 3 + 1; }
	extern "C" long thrower(long n)
	{
		if (n % 3 == 0)
			throw std::runtime_error("three");
		return n;
	}
	static long (*volatile functions[])(long) = { leaf, thrower };
	extern "C" long caller(long n)
	{
		try {
			return functions[0](n) + functions[1](n);
		} catch (const std::exception &) {
			return -1;
		}
	}
	int main()
	{
		long sum = 0;
		for (long i = 0; i < 3000; i++)
			sum += caller(i);
		for (auto handler : handlers) {
			std::signal(SIGUSR1, handler);
			std::raise(SIGUSR1);
		}
		std::printf("%ld, %d\n", sum, (int)seen);
		return 0;
	}
EOF

# ended FUNCTION HOW: how many of its calls in types.dat; HOW is ret for those that say nothing.
ended() {
	awk -v name="^$1$" -v how="$2" '$1 == "FUNC" && $2 ~ name && ($10 == "" ? "ret" : $10) == how { n++ }
		END { print n + 0 }' types.dat
}

for flags in -O0 '-O2 -falign-functions=1' '-O2 -falign-functions=1 -fcf-protection=full'; do
	# shellcheck disable=SC2086 # some words
	clang++ $flags -fsanitize=function -o types types.cc 2>said || skip "no -fsanitize=function: $(tail -n 1 said)"
	run_as plain ./types
	status_is plain 0
	for probe in auto breakpoint pad; do
		run_as traced "$MPROF_TRACE" run -q --probe $probe -f 'on_signal_*,leaf,thrower,caller' -o types.dat ./types
		same_as_untraced traced || fail "$flags, $probe: the program behaves in another way"
		well_formed types.dat
		found="$(ended 'on_signal_.*' ret) $(ended leaf ret) $(ended thrower ret) $(ended thrower unwound) $(ended caller ret)"
		[ "$found" = '60 3000 2000 1000 3000' ] || fail "$flags, $probe: $found calls"
	done
	run_as watched "$MPROF_TRACE" run -v -f 'on_signal_*' -o types.dat ./types
	status_is watched 0
	! grep -q 'will not be noticed' watched.err || fail "$flags: $(grep -m 1 'will not be noticed' watched.err)"
done
