#!/bin/sh
# Marks that a program has made with mprof_mark.h: recorded without being asked for, by name, left out, often, in C and
# C++, by gcc and clang; a program that is run without us does not notice them.
# asserts: unharmed target
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

program=$TARGETS/marks
inner='mark:inner'
load=$(printf 'mark:load\302\240100%%\302\240"all"')
phase=$(printf 'mark:phase\302\2402')
counts() { [ "$1" -eq "$2" ] && [ "$3" -eq "$4" ]; }
count_marks() { grep -acF "MARK $2 " "$1"; }
# recorded OPTION...: of the program, into marks.dat.
recorded() {
	run_as traced "$MPROF_TRACE" run -q "$@" -o marks.dat "$program"
	same_as_untraced traced || fail "$*: the program behaves in another way"
	well_formed marks.dat
}

run_as plain "$program"
for probe in auto breakpoint pad; do
	recorded --probe $probe
	[ "$(count_calls marks.dat "$inner")" -eq 4 ] || fail "$probe: pairs"
	[ "$(count_calls marks.dat "$load")" -eq 4 ] || fail "$probe: a name with spaces"
	[ "$(count_marks marks.dat "$phase")" -eq 4 ] || fail "$probe: marks"
	[ "$(grep -ac '^CHFUNC ' marks.dat)" -eq 2 ] || fail "$probe: those of the child"
done
awk -v load="$load" '$1 == "FUNC" && $2 == load && $5 - 0 > 0 && $4 - $3 < 3.9 { bad = 1 } END { exit bad }' marks.dat ||
	fail "memory: $(grep -a ^FUNC marks.dat)"
awk '$1 ~ /FUNC$/ && $2 == "mark:inner" && $7 != 1 { bad = 1 } END { exit bad }' marks.dat ||
	fail "a pair within a pair"

# Beside functions, some alone, left out, and by the name of the static probe.
recorded -f main
counts "$(count_calls marks.dat main)" 1 "$(count_calls marks.dat "$inner")" 4 || fail "beside a function"
recorded -f 'mark:inn*'
counts "$(count_calls marks.dat "$inner")" 4 "$(count_calls marks.dat "$load")" 0 || fail "some alone"
recorded -f 'mark:phase 2'
counts "$(count_marks marks.dat "$phase")" 4 "$(count_calls marks.dat "$inner")" 0 || fail "one alone"
recorded -f 'main,!mark:*'
[ "$(grep -ac mark: marks.dat)" -eq 0 ] || fail "left out, and there"
recorded -f 'main,!mark:load*'
counts "$(count_calls marks.dat "$inner")" 4 "$(count_calls marks.dat "$load")" 0 || fail "one left out"
recorded -f 'usdt:mprof:phase 2,!mark:inner'
[ "$(grep -acF 'MARK usdt:mprof:phase' marks.dat)" -eq 4 ] || fail "by the name of the probe"
recorded --no-probes
[ "$(grep -ac mark: marks.dat)" -eq 0 ] || fail "recorded without probes"
run_as bad "$MPROF_TRACE" run -f 'mark:' -o bad.dat "$program"
status_is bad 125
says bad "missing behind 'mark:'"
run_as bad "$MPROF_TRACE" run -f 'mark:no_such' -o bad.dat "$program"
status_is bad 125
says bad "'mark:no_such': not found: no mark has this name"

# Often, on two threads: all of them, whatever the file keeps single.
run_as plain "$program" hot
for probe in auto breakpoint; do
	run_as traced "$MPROF_TRACE" run -q --probe $probe --max-calls 1000 -o marks.dat "$program" hot
	same_as_untraced traced || fail "$probe, often: the program behaves in another way"
	well_formed marks.dat
	[ "$(count_calls marks.dat mark:round)" -eq 60000 ] || fail "$probe: $(count_calls marks.dat mark:round) pairs"
	awk '$1 == "MARK" && $2 == "mark:third" { n++; single++ } $1 == "MANY" && $2 == "mark:third" { n += $6 }
		END { exit n != 20000 || single != 1000 }' marks.dat || fail "$probe: not 20000 marks, 1000 of them single"
	[ "$(wc -l <marks.dat)" -lt 5000 ] || fail "$probe: the file has no bound"
done

"$MPROF_TRACE" funcs --static -f 'mark:*' "$program" | cut -f 1 | sort >list
[ "$(tr '\n' ';' <list)" = 'mark:inner;mark:load 100% "all";mark:phase 2;mark:round;mark:third;mark:timed;' ] ||
	fail "funcs: $(cat list)"

# The plot knows them by the same patterns.
run_as plot "$MPROF_TRACE" report --func 'mark:*' marks.dat
status_is plot 0

# Both compilers, both languages, with and without optimisation; exceptions end a scope.
cat >scope.cc <<-EOF
	#include <stdexcept>
	#include "tracer/api/mprof_mark.h"
	template <class T> static T twice(T x)
	{
		MPROF_SCOPE("twice");
		if (x > 2)
			throw std::runtime_error("too much");
		return x + x;
	}
	inline int both() { MPROF_SCOPE("both"); return static_cast<int>(twice(1.0)) + twice(2); }
	int main()
	{
		int sum = both();
		try { sum += twice(3); } catch (const std::exception &) { MPROF_MARK("caught"); }
		return sum == 6 ? 0 : 1;
	}
EOF
cat >plain.c <<-EOF
	#include "tracer/api/mprof_mark.h"
	int main(void) { MPROF_BEGIN("a"); MPROF_END("a"); MPROF_MARK("b"); return 0; }
EOF
for compiler in gcc clang; do
	cxx=g++
	[ $compiler = gcc ] || cxx=clang++
	if ! command -v $compiler >/dev/null || ! command -v $cxx >/dev/null; then
		echo "$compiler is not installed"
		continue
	fi
	for level in -O0 -O2; do
		$cxx -std=c++17 -pedantic -Wall -Wextra -Werror $level \
			-I"$TESTS/.." -o scope scope.cc || fail "$compiler $level: C++"
		run_as traced "$MPROF_TRACE" run -q -o marks.dat ./scope
		status_is traced 0
		[ "$(count_calls marks.dat mark:twice)" -eq 3 ] || fail "$compiler $level: scopes"
		[ "$(count_calls marks.dat mark:both)" -eq 1 ] || fail "$compiler $level: a scope of an inline function"
		[ "$(count_marks marks.dat mark:caught)" -eq 1 ] || fail "$compiler $level: a mark"
		$compiler -std=c11 -pedantic -Wall -Wextra -Werror $level -I"$TESTS/.." -o plain plain.c || fail "$compiler $level: C"
		readelf -n plain >notes
		[ "$(grep -c 'Provider: mprof' notes)" -eq 3 ] || fail "$compiler $level: notes"
		# What is off is gone.
		$compiler -DMPROF_MARK_DISABLE -Wall -Werror $level -I"$TESTS/.." -o plain plain.c || fail "$compiler $level: off"
		! readelf -n plain | grep -q mprof || fail "$compiler $level: off, and there"
	done
done

# A name may hold anything: one line of the file is one record.
printf '#include "tracer/api/mprof_mark.h"\nint main(void) { MPROF_MARK("a\\n\\033[2Jb\\377"); return 0; }\n' >odd.c
"${CC:-cc}" -I"$TESTS/.." -o odd odd.c || fail "an odd name"
run_as traced "$MPROF_TRACE" run -q -o marks.dat ./odd
well_formed marks.dat
[ "$(count_marks marks.dat 'mark:a??[2Jb?')" -eq 1 ] || fail "an odd name: $(grep -a ^MARK marks.dat)"
