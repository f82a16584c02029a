#!/bin/bash
# Builds the fuzzer of the profile reader: build.sh OUTPUT. Status 77, and why, where clang or its
# fuzzer's runtime is not installed.
set -euo pipefail

output=$(realpath -m "$1")
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

# All of plot/ but what needs PLplot or a display.
sources=(tests/fuzz/fuzz_profile.c tracer/base/*.c)
for file in plot/*.c; do
	case $file in
	plot/plplot_* | plot/x11_* | plot/chafa_* | plot/plot_window* | plot/plot_output.c | plot/plot_pixels.c) ;;
	*) sources+=("$file") ;;
	esac
done
clang "${flags[@]}" -o "$output" "${sources[@]}" -lm
