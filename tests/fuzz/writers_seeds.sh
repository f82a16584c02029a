#!/bin/bash
# Makes what the fuzzer of writers begins with: writers_seeds.sh DIRECTORY. Each profile that the fuzzer of the reader
# begins with, behind the two bytes that choose a writer (fuzz_writers.c); all writers come about.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
mkdir -p "$1"
number=0
for file in "$here"/corpus-profile/*; do
	for kind in 0 2 4 6 8 1 1 1 1; do
		choice=$((number * 7 % 256))
		# shellcheck disable=SC2059 # bytes are made here
		printf "\\x$(printf %02x "$kind")\\x$(printf %02x "$choice")" >"$1/${file##*/}_$number"
		tail -c +2 "$file" >>"$1/${file##*/}_$number"
		number=$((number + 1))
	done
done
