#!/bin/sh
# memory_profiler's mprof reads our files, and we read its.
# timeout: 300
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command python3-mprof
need_command convert
need_command identify
unset DISPLAY
export MPLBACKEND=Agg

# Ours, with spaces in C++ names and records that mprof does not know.
awk 'BEGIN {
	print "CMDLINE ./solver --tag #1"
	print "FORMAT 1 mprof-trace 0.1.0"
	print "METRIC rss"
	print "INTERVAL 0.1"
	print "PROC 100 1 1795310486.000000000 ./solver"
	for (i = 0; i <= 100; i++) {
		printf "MEM %.6f %.9f\n", 10 + i, 1795310486 + i / 10
		if (i > 20 && i < 50)
			printf "CHLD 101 %.6f %.9f\n", i / 2, 1795310486 + i / 10
	}
	print "OPEN serve(int,\302\240int) 20.0 1795310487.000000000 0 100 100"
	print "FUNC std::map<int,\302\240Foo>::operator[](int\302\240const&) 30.000000 1795310488.000000000 50.000000 1795310490.000000000 0 100 100"
	print "FUNC f 50.000000 1795310490.000000000 60.000000 1795310491.000000000 1 100 100 unwound"
	print "MANY hot 100 1795310490.000000000 1795310491.000000000 70 0.5 0.001 0.02 0.0 60.0"
	print "DONE 100 1795310496.000000000 0"
}' >mprofile_20260101000000.dat

python3-mprof plot -o theirs.png mprofile_20260101000000.dat >mprof.out 2>&1 ||
	fail "mprof plot: $(cat mprof.out)"
expect "width of mprof's picture" "$(identify -format %w theirs.png)" 400 4000
# Of a list the indices and names; ours says more of each, below a head.
python3-mprof list | awk '{ print $1, $2 }' >theirs
"$MPROF_TRACE" list | awk 'NR > 1 { print $1, $2 }' >ours
diff theirs ours || fail "'list' shows other profiles than mprof"
for command in "peak" "peak 0" "peak --func f" "rm --dry-run 0" "clean --dry-run"; do
	# shellcheck disable=SC2086 # words are wanted
	python3-mprof $command >theirs 2>&1 || fail "mprof $command: $(cat theirs)"
	# shellcheck disable=SC2086
	"$MPROF_TRACE" $command >ours 2>&1 || fail "$command: $(cat ours)"
	diff theirs ours || fail "'$command' prints something else than mprof"
done
name=$(printf 'std::map<int,\302\240Foo>::operator[](int\302\240const&)')
python3-mprof peak --func "$name" >theirs 2>&1
"$MPROF_TRACE" peak --func "$name" >ours 2>&1
diff theirs ours || fail "peak of a name with no-break spaces"
"$MPROF_TRACE" peak --func 'std::map<int, Foo>::operator[](int const&)' >ours 2>&1
diff theirs ours || fail "peak of a name with plain spaces"

# mprof_records FILE WORD [-M] COMMAND...: that many seconds as the command's last word that mprof, which
# may be busy with something else just then, takes some samples of this kind.
mprof_records() {
	file=$1 word=$2
	shift 2
	for seconds in 0.3 3 30; do
		rm -f "$file"
		python3-mprof run -T 0.02 -o "$file" "$@" "$seconds" >run.out 2>&1 ||
			fail "mprof run: $(cat run.out)"
		[ "$(grep -c "^$word" "$file")" -lt 4 ] || return 0
	done
	fail "mprof recorded no $word: $(cat run.out)"
}

# Theirs: a Python program with a decorated function, and one with children.
cat >grow.py <<'END'
import sys, time
@profile
def grow():
    block = bytearray(40 << 20)
    time.sleep(float(sys.argv[1]))
    return block
kept = grow()
END
mprof_records python.dat MEM grow.py
grep -q '^FUNC' python.dat || fail "mprof recorded no function"
"$MPROF_TRACE" plot -o python.png python.dat 2>err || fail "plot of mprof's file: $(cat err)"
[ ! -s err ] || fail "plot of mprof's file: $(cat err)"
expect_margin_clean python.png
expect "bracket of mprof's function" "$(count python.png 'rgb(251,114,13)')" 30 500
python3-mprof peak python.dat >theirs
"$MPROF_TRACE" peak python.dat >ours
diff theirs ours || fail "peak of mprof's file"

# shellcheck disable=SC2016 # another shell expands it
mprof_records children.dat CHLD -M sh -c 'sleep "$0" & sleep "$0"; wait'
"$MPROF_TRACE" plot -o children.png children.dat
expect_margin_clean children.png
python3-mprof peak children.dat >theirs
"$MPROF_TRACE" peak children.dat >ours
diff theirs ours || fail "peak of mprof's file with children"
