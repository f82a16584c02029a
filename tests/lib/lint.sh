#!/bin/bash
# Everything that reads the code instead of running it; called by `make lint`. Shows each tool's
# verdict, and fails if any tool complains. Environment: BUILD, CC, JOBS; ARCH_FOREIGN, the folders of tracer/arch that
# are not for this processor.
set -euo pipefail

cd "$(dirname "$(realpath "$0")")/../.."
build=${BUILD:-build}
jobs=${JOBS:-2}
foreign=${ARCH_FOREIGN:-none}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

mapfile -t sources < <(find tracer symbols plot -name '*.c' 2>/dev/null | sort)
# No compiler of this processor knows the registers of another.
mapfile -t compiled < <(printf '%s\n' "${sources[@]}" | grep -v -E "^tracer/arch/(${foreign// /|})/")
mapfile -t headers < <(find tracer symbols plot -name '*.h' 2>/dev/null | sort)
mapfile -t unit_tests < <(find tests/unit -name '*.[ch]' | sort)
mapfile -t scripts < <(find tests packaging -name '*.sh' -o -name '*.bash' | sort)
mapfile -t pages < <(find man -name '*.[1357]' | sort)
read -r -a flags < <(pkg-config --cflags libdw libunwind-ptrace libpcre2-8 plplot \
	x11 cairo-xlib pangocairo chafa)
flags+=(-std=gnu11 -D_GNU_SOURCE -I. -Itracer/api)

failed=()
lint() { # lint NAME COMMAND…: quiet when the command succeeds
	local name=$1 start=$SECONDS
	shift
	if "$@" >"$log" 2>&1 </dev/null; then
		echo "ok    $name ($((SECONDS - start)) s)"
	else
		echo "FAIL  $name:"
		grep -v -E '^[0-9]+ warnings? generated' "$log" | sed 's/^/    | /'
		failed+=("$name")
	fi
}

compile_all() { # compile_all COMPILER: the program and the unit tests, warnings are errors
	local programs=()
	mapfile -t programs < <(find tests/unit -name 'test_*.c' -printf "$build-$1/unit/%P\n" |
		sed 's/\.c$//')
	make --silent --no-print-directory -j"$jobs" CC="$1" BUILD="$build-$1" WERROR=-Werror all \
		"${programs[@]}"
}

run_tidy() {
	local tidy=(clang-tidy --quiet '--warnings-as-errors=*')
	"${tidy[@]}" tracer/base/error.c -- "${flags[@]}" &&
		printf '%s\n' "${compiled[@]}" | grep -v '^tracer/base/error\.c$' |
			xargs -P "$jobs" -I '{}' "${tidy[@]}" '{}' -- "${flags[@]}" -include tests/lib/analyze.h
}

run_cppcheck() {
	cppcheck --quiet --std=c11 --language=c -j "$jobs" --error-exitcode=1 --inline-suppr \
		--enable=warning,performance,portability -D_GNU_SOURCE -D__x86_64__ -I. \
		--suppressions-list=tests/lib/cppcheck.supp "${sources[@]}"
}

# What a function's or a header's move breaks shows here, before fuzzers are built.
check_fuzzers() {
	clang -Wall -Wextra -Wshadow -Werror -fsyntax-only "${flags[@]}" tests/fuzz/*.c tests/fuzz/relocation/*.c
}

lint gcc compile_all gcc
lint clang compile_all clang
lint fuzzers check_fuzzers
lint clang-format clang-format --dry-run -Werror "${sources[@]}" "${headers[@]}" "${unit_tests[@]}" \
	tests/fuzz/*.[ch] tests/fuzz/relocation/*.[ch]
lint clang-tidy run_tidy
lint cppcheck run_cppcheck
lint shellcheck shellcheck -x .ci/run "${scripts[@]}"
lint mandoc mandoc -T lint -W warning "${pages[@]}"
lint layering tests/lib/check_layering.sh
lint includes tests/lib/unused_includes.py "${compiled[@]}" "${headers[@]}" -- "${CC:-cc}" "${flags[@]}"

if [ ${#failed[@]} -gt 0 ]; then
	echo "Linters that complain: ${failed[*]}" >&2
	exit 1
fi
