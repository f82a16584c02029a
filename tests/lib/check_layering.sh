#!/bin/bash
# Checks the shape of the source tree: which layer includes which, and who owns which outside thing.
#
#   check_layering.sh [DIR]      DIR: the root of the tree, default the one this script lies in
#
# Prints one line a violation and fails if there is any. CC chooses the compiler (default cc).
set -euo pipefail

cd "${1:-$(dirname "$(realpath "$0")")/../..}"

violations=0
violation() {
	echo "$1"
	violations=$((violations + 1))
}

# The layers that a layer may include, besides itself. Everything may include base.
allowed_layers() {
	case $1 in
	main) echo cli ;;
	cli) echo loop probe tracee proc arch sample record symbols plot ;;
	loop) echo probe tracee proc arch sample record symbols ;;
	probe) echo tracee proc arch symbols ;;
	tracee) echo proc arch ;;
	sample) echo proc ;;
	proc | arch | record | symbols | plot | base) ;;
	*) return 1 ;;
	esac
}

# The layer of a path from the root: its folder's name, or main.
layer_of() {
	case $1 in
	tracer/main.c) echo main ;;
	tracer/*/*) cut -d/ -f2 <<<"$1" ;;
	symbols/* | plot/*) echo "${1%%/*}" ;;
	*) echo unknown ;;
	esac
}

# Headers of outside libraries, one rule a line: what is included, and the only files that may.
owned_headers() {
	cat <<-'LIST'
		elfutils/libdw symbols/(elf|dwarf)/[a-z_]+\.[ch]
		dwarf\.h symbols/(elf|dwarf)/[a-z_]+\.[ch]
		(libelf|gelf)\.h symbols/[a-z]+/[a-z_]+\.[ch]
		libunwind symbols/unwind/[a-z_]+\.[ch]
		pcre2 symbols/(names|pattern|file)/[a-z_]+\.[ch]
		libiberty/ symbols/(elf|names)/[a-z_]+\.[ch]
		plplot plot/plplot/[a-z_]+\.[ch]
		cairo plot/(plplot|window)/[a-z0-9_]+\.[ch]
		pango plot/window/[a-z0-9_]+\.[ch]
		X11/ plot/window/[a-z0-9_]+\.[ch]
		chafa plot/term/[a-z_]+\.[ch]
		sys/ptrace\.h tracer/tracee/ptrace_ops\.[ch]
		linux/ptrace\.h tracer/(tracee|loop)/([a-z]+/)?[a-z_]+\.[ch]
		Zydis tracer/arch/x86_64/[a-z_]+\.[ch]
		argp\.h tracer/cli/([a-z]+/)?[a-z_]+\.[ch]
	LIST
}

check_layers() {
	local file header from to
	while IFS=$'\t' read -r file header; do
		from=$(layer_of "$file")
		to=$(layer_of "$header")
		if [ ! -e "$header" ]; then
			violation "$file: includes \"$header\", which is no path from the root of the tree"
		elif ! allowed_layers "$to" >/dev/null; then
			violation "$file: includes \"$header\", which is in no known layer"
		elif [ "$to" != "$from" ] && [ "$to" != base ] &&
			[[ " $(allowed_layers "$from") " != *" $to "* ]]; then
			violation "$file: $from must not include $to (\"$header\")"
		fi
	done < <(sed_includes '"' '"')
}

check_owned_headers() {
	local file header what owner
	while IFS=$'\t' read -r file header; do
		while read -r what owner; do
			[[ $header =~ ^($what) ]] || continue
			[[ $file =~ ^($owner)$ ]] ||
				violation "$file: <$header> belongs to $owner alone"
		done <<<"$owners"
	done < <(sed_includes '<' '>')
}

# Prints "file<TAB>header" for every #include of the sources between the two quotes.
sed_includes() {
	awk -v open="$1" -v close_="$2" '
		match($0, "^[ \t]*#[ \t]*include[ \t]*" open "[^" close_ "]+" close_) {
			header = substr($0, RSTART, RLENGTH - 1)
			print FILENAME "\t" substr(header, index(header, open) + 1)
		}' "${sources[@]}"
}

check_own_header_first() {
	local file first
	for file in "${sources[@]}"; do
		[[ $file == *.c && -e ${file%.c}.h ]] || continue
		first=$(grep -m 1 -E '^[[:space:]]*#[[:space:]]*include' "$file" || true)
		[[ $first == *"\"${file%.c}.h\""* ]] ||
			violation "$file: must include its own header, \"${file%.c}.h\", first"
	done
}

check_headers_alone() {
	local header flags output
	read -r -a flags < <(pkg-config --cflags libdw libunwind-ptrace libpcre2-8 plplot cairo 2>/dev/null || echo)
	for header in "${sources[@]}"; do
		[[ $header == *.h ]] || continue
		output=$("${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I. "${flags[@]}" -Wall -Werror \
			-fsyntax-only -x c - <<<"#include \"$header\"" 2>&1) ||
			violation "$header: does not compile alone: $(grep -m 1 error <<<"$output")"
	done
}

check_length() {
	local lines file
	while read -r lines file; do
		[ "$file" = total ] || [ "$lines" -le "$longest_lines" ] ||
			violation "$file: $lines lines; no file is longer than $longest_lines"
	done < <(wc -l "${sources[@]}" "${test_sources[@]}")
}

check_ptrace_calls() {
	local file
	while read -r file; do
		[[ $file =~ ^tracer/tracee/ptrace_ops\.[ch]$ ]] ||
			violation "$file: calls ptrace(2); only tracer/tracee/ptrace_ops.c does"
	done < <(grep -l -E '(^|[^a-zA-Z0-9_>."])ptrace\((PTRACE_|[a-z])' "${sources[@]}" || true)
}

readonly longest_lines=450
owners=$(owned_headers)
mapfile -t sources < <(find tracer symbols plot -name '*.[ch]' 2>/dev/null | sort)
mapfile -t test_sources < <(find tests -name '*.[ch]' -o -name '*.cc' -o -name '*.sh' | sort)
if [ ${#sources[@]} -eq 0 ]; then
	echo "check_layering.sh: no sources under $PWD" >&2
	exit 1
fi

for file in "${sources[@]}"; do
	allowed_layers "$(layer_of "$file")" >/dev/null || violation "$file: is in no known layer"
done
check_layers
check_owned_headers
check_own_header_first
check_headers_alone
check_length
check_ptrace_calls
[ "$violations" -eq 0 ]
