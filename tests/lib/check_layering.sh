#!/bin/bash
# Checks the shape of the source tree: which layer and room includes which, who owns which outside
# thing, that headers stand alone, how large files and folders are, and what the top folder holds.
#
#   check_layering.sh [DIR]      DIR: the root of the tree, default the one this script lies in
#
# Prints one line a violation and fails if there is any. CC chooses the compiler (default cc).
set -euo pipefail

lib=$(dirname "$(realpath "$0")")
cd "${1:-$lib/../..}"

readonly longest_lines=400
readonly longest_test_lines=450
readonly most_c_files=14

violations=0
violation() {
	echo "$1"
	violations=$((violations + 1))
}

# A header with a .c of its own stands alone because that .c compiles and includes it first. The
# others are compiled here, each by itself.
check_headers_alone() {
	local header flags output alone=()
	for header in "${sources[@]}"; do
		if [[ $header == *.h && ! -e ${header%.h}.c ]]; then
			alone+=("$header")
		fi
	done
	[ ${#alone[@]} -gt 0 ] || return 0
	read -r -a flags < <(pkg-config --cflags libdw libunwind-ptrace libpcre2-8 plplot cairo 2>/dev/null || echo)
	output=$("${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I. "${flags[@]}" -Wall -Werror \
		-Wno-unused-const-variable -fsyntax-only -x c "${alone[@]}" 2>&1) && return
	violation "a header does not compile alone: $(grep -m 1 error <<<"$output")"
}

# check_length MOST FILE…
check_length() {
	local most=$1 lines file
	shift
	while read -r lines file; do
		[ "$file" = total ] || [ "$lines" -le "$most" ] ||
			violation "$file: $lines lines; no file is longer than $most"
	done < <(wc -l "$@")
}

check_folders() {
	local count folder
	while read -r count folder; do
		[ "$count" -le "$most_c_files" ] ||
			violation "$folder: $count .c files; no folder has more than $most_c_files"
	done < <(printf '%s\n' "${sources[@]}" | sed -n 's,/[^/]*\.c$,,p' | sort | uniq -c)
}

check_ptrace_calls() {
	local file
	while read -r file; do
		[[ $file =~ ^tracer/tracee/ptrace_ops\.[ch]$ ]] ||
			violation "$file: calls ptrace(2); only tracer/tracee/ptrace_ops.c does"
	done < <(grep -l -E '(^|[^a-zA-Z0-9_>."])ptrace\((PTRACE_|[a-z])' "${sources[@]}" || true)
}

# What is a register's name in <sys/user.h> belongs to the room of its CPU.
check_registers() {
	local place
	while read -r place; do
		violation "${place%%:*}: names a register; arch.h has its uses, in the psABI's terms: ${place#*:}"
	done < <(grep -n -E '(\.|->)(r([abcd]x|[sd]i|[bsi]p|8|9|1[0-5])|orig_rax|eflags|[fg]s_base)\>' \
		"${sources[@]}" | grep -v '^tracer/arch/' || true)
}

# What a tool wrote into the top folder is easily committed with everything else.
check_top_folder() {
	local name
	[ -e .git ] || return 0
	while read -r name; do
		violation "$name: the top folder holds the sources' folders and the usual files alone"
	done < <(git ls-files | cut -d / -f 1 | sort -u | grep -v -x -E \
		'\..*|[A-Z]+(\.md)?|Makefile|tracer|symbols|plot|tests|man|packaging' || true)
}

mapfile -t sources < <(find tracer symbols plot -name '*.[ch]' 2>/dev/null | sort)
mapfile -t test_sources < <(find tests -name '*.[ch]' -o -name '*.cc' -o -name '*.sh' | sort)
if [ ${#sources[@]} -eq 0 ]; then
	echo "check_layering.sh: no sources under $PWD" >&2
	exit 1
fi

"$lib/check_includes.py" "${sources[@]}" || violations=1
check_headers_alone
check_length "$longest_lines" "${sources[@]}"
[ ${#test_sources[@]} -eq 0 ] || check_length "$longest_test_lines" "${test_sources[@]}"
check_folders
check_top_folder
check_ptrace_calls
check_registers
[ "$violations" -eq 0 ]
