#!/bin/bash
# Builds a fuzzer: build.sh NAME BUILD makes BUILD/fuzz/fuzz_NAME of tests/fuzz/fuzz_NAME.c. Status 77, and why, where
# clang or its fuzzer's runtime is not installed.
#
# No list says what it is made of: of the objects in BUILD, the linker takes those that it needs, and these are
# compiled again, with sanitizers and for coverage. A line `wrap: NAME…` in its first comment names functions that it
# has its own of (ld --wrap).
set -euo pipefail

what=$1
build=$(realpath -m "$2")
directory=$build/fuzz
cd "$(dirname "$(realpath "$0")")/../.."
command -v clang >/dev/null || {
	echo "skipped: clang is not installed"
	exit 77
}
mkdir -p "$directory"
# Tests build at the same time, and much of the same.
exec 9>"$directory/lock"
flock 9

sanitize=address,undefined
read -r -a found < <(pkg-config --cflags libdw libelf libunwind-generic libpcre2-8 zlib)
flags=(-std=gnu11 -D_GNU_SOURCE -I. -g -O1 -DPROFILE_BLOCK_BYTES=300 -fno-sanitize-recover=all
	-fno-omit-frame-pointer "${found[@]}")
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' |
	clang "${flags[@]}" "-fsanitize=fuzzer,$sanitize" -x c -o "$directory/probe" - 2>/dev/null; then
	echo "skipped: clang has no fuzzer runtime (libclang-rt-dev)"
	exit 77
fi

# One newer header makes all objects old; ccache knows better, if it is there.
newest=$(find tracer symbols plot tests/fuzz -name '*.h' -printf '%T@ %p\n' | sort -rn | sed -n '1s/^[^ ]* //p')
# Compiles the files that have changed, two at a time.
compile() {
	local source object
	for source in "$@"; do
		object=$directory/obj/${source%.c}.o
		if [ "$object" -nt "$source" ] && [ "$object" -nt "$newest" ] && [ "$object" -nt tests/fuzz/build.sh ]; then
			continue
		fi
		mkdir -p "${object%/*}"
		printf '%s\0%s\0' "$object" "$source"
	done | xargs -0 -r -n 2 -P 2 clang "${flags[@]}" "-Wa,-I$build/page" \
		"-fsanitize=fuzzer-no-link,$sanitize" -c -o
}

mapfile -t helpers < <(find tests/fuzz -maxdepth 1 -name '*.c' ! -name 'fuzz_*')
compile "tests/fuzz/fuzz_$what.c" "${helpers[@]}"
rm -f "$directory/helpers.a" "$directory/all.a"
helpers=("${helpers[@]/#/$directory/obj/}")
ar rcs "$directory/helpers.a" "${helpers[@]/%.c/.o}"
# What is for another processor has no object.
mapfile -t objects < <(find tracer symbols plot -name '*.c' ! -path tracer/main.c ! -path 'tracer/api/*' |
	sed "s|^|$build/obj/|; s|c\$|o|" | while read -r file; do [ ! -e "$file" ] || echo "$file"; done)
ar rcsT "$directory/all.a" "${objects[@]}"
read -r -a wraps < <(sed -n '1,/\*\//s/^ \* wrap: //p' "tests/fuzz/fuzz_$what.c" | tr '\n' ' '; echo)
wraps=("${wraps[@]/#/-Wl,--wrap=}")

object=$directory/obj/tests/fuzz/fuzz_$what.o
mapfile -t needed < <(cc -nostdlib -Wl,-e,0,-t,--unresolved-symbols=ignore-all "${wraps[@]}" \
	-o "$directory/probe" "$object" "$directory"/{helpers,all,helpers}.a |
	sed -n "s|^.*$build/obj/\(.*\)\.o\$|\1.c|p" | sort -u)
compile "${needed[@]}"
read -r -a libraries < <(pkg-config --libs libdw libelf libunwind-generic libpcre2-8 zlib)
needed=("${needed[@]/#/$directory/obj/}")
clang "${flags[@]}" "-fsanitize=fuzzer,$sanitize" "${wraps[@]}" -o "$directory/fuzz_$what" "$object" \
	"${needed[@]/%.c/.o}" "$directory/helpers.a" "${libraries[@]}" -liberty -lZydis -lm
