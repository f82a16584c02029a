#!/bin/bash
# Builds a fuzzer: build.sh profile|elf OUTPUT. Status 77, and why, where clang or its fuzzer's
# runtime is not installed.
set -euo pipefail

what=$1
output=$(realpath -m "$2")
cd "$(dirname "$(realpath "$0")")/../.."
command -v clang >/dev/null || {
	echo "skipped: clang is not installed"
	exit 77
}
mkdir -p "$(dirname "$output")"
flags=(-std=gnu11 -D_GNU_SOURCE -I. -g -O2 '-fsanitize=fuzzer,address,undefined'
	-DPROFILE_BLOCK_BYTES=300 -fno-sanitize-recover=all -fno-omit-frame-pointer)
if ! echo 'int LLVMFuzzerTestOneInput(const char *d, long n) { return d && n < 0; }' |
	clang "${flags[@]}" -x c -o "$output.probe" - 2>/dev/null; then
	echo "skipped: clang has no fuzzer runtime (libclang-rt-dev)"
	exit 77
fi
rm -f "$output.probe"

sources=("tests/fuzz/fuzz_$what.c" tracer/base/{,*/}*.c)
libraries=(-lm)
case $what in
profile) # all of plot/ but what needs PLplot, a display or what make makes
	for file in plot/*/*.c; do
		case $file in
		plot/plplot/plplot_* | plot/window/x11_* | plot/term/chafa_* | \
			plot/window/plot_window.c | plot/window/window_*) ;;
		plot/plplot/plot_output.c | plot/plplot/plot_pixels.c | plot/plplot/page_font.c) ;;
		plot/html/*) ;;
		*) sources+=("$file") ;;
		esac
	done
	;;
elf) # all of symbols/, which reads in this process instead of a child, and what decodes code
	for file in symbols/*/*.c; do
		case $file in
		symbols/elf/isolate.c | symbols/unwind/unwinder.c) ;;
		*) sources+=("$file") ;;
		esac
	done
	sources+=(tests/fuzz/isolate_here.c tracer/probe/code/cfg.c tracer/probe/inlined/inlined_{flow,plan}.c
		tracer/arch/x86_64/code.c)
	read -r -a found < <(pkg-config --cflags --libs libdw libelf libpcre2-8 zlib)
	libraries+=("${found[@]}" -liberty -lZydis)
	;;
esac
clang "${flags[@]}" -o "$output" "${sources[@]}" "${libraries[@]}"
