#!/bin/sh
# timeout: 600
# Programs whose lines take and give back known pages, by each compiler that is there, optimised or not: each line has
# gained what it should, to the page, and the lines of each function add up to what its calls have gained. Optimised,
# how often a line runs is the compiler's affair.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

sources=$TESTS/targets/lines
compared=0

# compare PROBES COUNTS SOURCE FUNCTIONS: the program is ./program; COUNTS is --any-count or nothing.
compare() {
	for probe in $1; do
		"$MPROF_TRACE" run -q --lines --probe "$probe" -f "$4" -o "$probe.dat" ./program >out ||
			fail "$what: exit status $?"
		grep -q '^LINE ' "$probe.dat" || fail "$what: no lines were recorded"
		# shellcheck disable=SC2086 # no word, or one
		"$TESTS/lib/check_lines.py" $2 "$probe.dat" "$3" || fail "$what, by $probe"
		compared=$((compared + 1))
	done
}

# build WHAT COMMAND…: whether there is a ./program now.
build() {
	what=$1
	shift
	command -v "$1" >/dev/null || {
		echo "there is no $1"
		return 1
	}
	"$@" -g -o program 2>build.err || fail "$what is not built: $(cat build.err)"
}

# probes_of NAME: what threads take at the same time as we map pads for them is not told apart; and a pad needs some of
# the stack, whose next page it may bring in a line early.
probes_of() {
	case $1 in
	lines_threads | lines_stack) echo auto breakpoint ;;
	*) echo auto breakpoint pad ;;
	esac
}

for optimise in -O0 -O2; do
	case $optimise in
	-O0) counts= ;;
	*) counts=--any-count ;;
	esac
	for compiler in gcc clang; do
		for source in "$sources"/lines_*.c; do
			name=$(basename "$source" .c)
			[ "$name$optimise" = lines_stack-O2 ] && continue # its lines are mixed
			build "$name $compiler $optimise" "$compiler" $optimise -pthread -I"$sources" \
				-I"$TESTS/targets" "$source" || continue
			./program >out
			compare "$(probes_of "$name")" "$counts" "$source" "$(functions_of out)"
		done
	done
	for compiler in g++ clang++; do
		source=$sources/lines_throws.cc
		build "lines_throws $compiler $optimise" "$compiler" $optimise -I"$sources" \
			-I"$TESTS/targets" "$source" || continue
		./program >out
		compare "auto breakpoint pad" "$counts" "$source" "$(functions_of out)"
	done
	if build "Rust $optimise" rustc -C opt-level="${optimise#-O}" "$sources/lines_rust.rs"; then
		compare "auto breakpoint pad" "$counts" "$sources/lines_rust.rs" '*::works,*::recurses'
	fi
	if build "Fortran $optimise" gfortran $optimise "$sources/lines_fortran.f90"; then
		MALLOC_MMAP_THRESHOLD_=65536
		export MALLOC_MMAP_THRESHOLD_
		compare "auto breakpoint pad" "$counts" "$sources/lines_fortran.f90" works_
		unset MALLOC_MMAP_THRESHOLD_
	fi
done
[ $compared -gt 0 ] || skip "there is no compiler"
