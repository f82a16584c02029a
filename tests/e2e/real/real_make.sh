#!/bin/sh
# make -j4 on a C tree, this one: the same objects, a line for each process, and the tree's sum.
# asserts: unharmed target
# timeout: 1200
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

need_command make cc
export MAKEFLAGS='' MAKELEVEL='' MFLAGS=''
for part in Makefile tracer symbols plot packaging; do
	cp -r "$TESTS/../$part" .
done

# The same path and the same time for both, so that the same bytes come out; $1: the label.
build() {
	label=$1
	shift
	rm -rf build
	run_as "$label" "$@" make -s -j4 BUILD=build CFLAGS=-O0
	status_is "$label" 0
	sort -o "$label.out" "$label.out" # jobs end in any order
	find build -name '*.o' | sort | xargs sha256sum >"$label.objects"
}

export RUN_SECONDS=900
build plain
build watched "$MPROF_TRACE" run -q -C -M -o watched.dat
same_as_untraced watched || fail "make says something else"
cmp plain.objects watched.objects || fail "other objects were made"
well_formed watched.dat
processes=$(grep -c '^PROC' watched.dat)
objects=$(grep -c /obj/ watched.objects) # others are linked of these
# A compiler and an assembler for each at least.
[ "$processes" -gt $((3 * objects)) ] || fail "only $processes processes for $objects objects"
[ "$(grep -c '^DONE.* 0$' watched.dat)" -eq "$processes" ] || fail "not all $processes ended well"
# One more says which Zydis it is built with (packaging/build_facts.sh).
awk '$1 == "EXEC" { commands[$NF]++ } END { exit !(commands["cc1"] == '"$((objects + 1))"') }' watched.dat ||
	fail "not a cc1 for each of $objects objects"
# cc1 alone has some 25 MiB; four run at a time.
awk '$1 == "MEM" && $2 > most { most = $2 } END { exit !(most > 60 && most < 4000) }' watched.dat ||
	fail "the sum of the tree is wrong"
"$MPROF_TRACE" plot -o make.png watched.dat >/dev/null || fail "no plot"

# With probes in each compiler, gcc's driver and make.
build probed "$MPROF_TRACE" run -q -M -f 'main,_exit,make_temp_file' -o probed.dat
same_as_untraced probed || fail "make says something else when probed"
cmp plain.objects probed.objects || fail "other objects were made when probed"
well_formed probed.dat
[ "$(grep -c '^PROC' probed.dat)" -eq "$processes" ] || fail "another number of processes"
