#!/bin/bash
# Makes what the fuzzer of texts begins with: text_seeds.sh DIRECTORY. A text a file, behind the byte that says what it
# is (fuzz_text.c).
set -euo pipefail

directory=$1
mkdir -p "$directory"
number=0
# seed KIND TEXT, with escapes as those of printf
seed() {
	# shellcheck disable=SC2059
	printf "\\x$(printf %02x "$1")$2" >"$directory/$number"
	number=$((number + 1))
}
# Patterns, a name, what a file holds.
for pattern in 'main,*,ns::f' 'ns::C<int>::f(int, char const*)' '/^x[0-9]+(a|b)*/i' '!parse_*,a?[a-z]*' \
	'memcpy@GLIBC_2.14' 'file.c:123,src/*.c:f' '0x1234,libfoo.so.6!*' 'usdt:lib*:na?e,mark:load' '@file' \
	'name [clone .resume],V::operator const char*' 'std::vector<std::string, std::allocator<std::string>>::*' \
	'operator()(int),operator<<,~C' '/(?<a>x+)+y\\\\1$/' 'mod.Class.function'; do
	for name in _ZN2ns1CIiE1fERKSs 'ns::C<int>::f(int, char const*)' memcpy@@GLIBC_2.14 f.isra.0 \
		_RNvCs1234_7mycrate4main; do
		seed 0 "$pattern\n$name\n# a comment\nparse_*\n\n!main"
	done
done
for text in 500M 1.5GiB -12K 3MB 0 1e300T; do seed 2 "$text"; done
for text in 2s 300ms 5min 1.5h -7us 1d; do seed 10 "$text"; done
for text in 1M/s 50MiB/h 0 1KB/ns; do seed 18 "$text"; done
for text in 10 007 99999999999999999999; do seed 26 "$text" && seed 3 "$text"; done
for text in +5%% 1e3%% -0.5%% 100; do seed 3 "$text"; done
for text in 'peak>500M' 'gain : f(int)<bool> >= +5%%' 'calls<=10' 'slope>1M/h' 'peak:py*>-10M' 'processes:*>3'; do
	seed 4 "$text"
done
for text in 500M 'memory>=1.5G and growth>100M/10s' 'growth >= 0.5GiB/min'; do seed 5 "$text"; done
seed 6 '# limits\n--max-peak 120M\n--max-peak 400M --tree # all\n--func "load(std::string)" --max-gain 50M --band 40\n'
seed 6 "--func 'a b' --max-calls 10\n--max-time 3s --func f\\\\ g"
for text in 'run.%%p.%%h.dat' '%%q{PATH}/%%%%' '%%q{' '%%r %%j %%n' '%%x'; do seed 7 "$text"; done
