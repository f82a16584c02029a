#!/bin/sh
# The default file name: a new one each time, never one that exists.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as first "$MPROF_TRACE" run -q true
status_is first 0
set -- mprofile_*.dat
[ $# -eq 1 ] || fail "$# files were written: $*"
echo "$1" | grep -Eqx 'mprofile_[0-9]{14}\.dat' || fail "strange name $1"
well_formed "$1"

# Several within one second, at once.
"$MPROF_TRACE" run -q true &
"$MPROF_TRACE" run -q true &
"$MPROF_TRACE" run -q true &
wait
set -- mprofile_*.dat
[ $# -eq 4 ] || fail "$# files for 4 runs: $*"
for file; do
	well_formed "$file"
done

# The names of the coming seconds are taken: they stay what they are.
rm -f mprofile_*.dat
now=$(date +%s)
for second in 0 1 2 3; do
	echo "taken" >"mprofile_$(date -d "@$((now + second))" +%Y%m%d%H%M%S).dat"
done
run_as taken "$MPROF_TRACE" run -q true
status_is taken 0
[ "$(grep -lx taken mprofile_*.dat | wc -l)" -eq 4 ] || fail "an existing file was overwritten"
set -- mprofile_*.dat
[ $# -eq 5 ] || fail "$# files, not 5"
