#!/bin/sh
# What is attached to is a rank by its own environment, whatever ours says: in the profile, in names of outputs, in a
# report of several. Where that must not be read there is none; of several ranks there is none either.
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

for variable in $(env | sed -n 's/^\([A-Za-z_]*\)=.*/\1/p' |
	grep -E '^(OMPI|PMI|PMIX|MV2|JSM|FLUX|PALS|SLURM|PBS|LSB)_|^SLURMD_NODENAME$|^ENVIRONMENT$'); do
	unset "$variable"
done

# start_rank RANK [VARIABLE=VALUE…]: a rank of a job of four, whose launcher was Open MPI. Sets $program.
start_rank() {
	rank=$1
	shift
	start_program "rank$rank" env OMPI_COMM_WORLD_RANK="$rank" OMPI_COMM_WORLD_SIZE=4 PMIX_NAMESPACE=77@1 "$@" \
		"$TARGETS/waits_for_signals"
	ready_pid "rank$rank" >/dev/null
}

start_rank 3 SLURMD_NODENAME=node017
third=$program
start_rank 0
first=$program
start_program outside "$TARGETS/waits_for_signals"
ready_pid outside >/dev/null
outside=$program

# attached LABEL WORD…: as if we were rank 9 of something else ourselves.
attached() {
	run_as "$1" env PMI_RANK=9 PMI_SIZE=12 "$MPROF_TRACE" "$@"
	status_is "$1" 0
}
attached attach -t 0.05 -o 'out/%j/%n.%r.dat' "$third"
grep -qxF 'RANK 3 4 77@1 node017' out/77@1/node017.3.dat || fail "not rank 3: $(find out)"
attached attach -t 0.05 -f no_such --allow-missing -o 'out/%j/%2r.dat' "$first"
grep -qxF "RANK 0 4 77@1 $(hostname)" out/77@1/00.dat || fail "not rank 0: $(find out)"
attached run -t 0.05 -o 'run.%r.dat' -a "$first"
grep -qxF "RANK 0 4 77@1 $(hostname)" run.0.dat || fail "run -a: not rank 0"
attached report --by rank --csv out/77@1
[ "$(awk -F, 'NR > 1 { print $2 }' report.out | paste -sd' ')" = '0 3' ] || fail "a report of other ranks: $(cat report.out)"

# A name is as it was given, and what is there is replaced: nobody else writes by the same words.
attached attach -t 0.05 -o plain.dat "$third"
attached attach -t 0.05 -o plain.dat "$third"
[ "$(echo plain*)" = plain.dat ] || fail "other names: $(echo plain*)"
well_formed plain.dat
attached attach -t 0.05 "$third"
[ "$(find . -name 'mprofile_??????????????.dat' | wc -l)" -eq 1 ] || fail "another default name: $(ls mprofile*)"

# Of several ranks in one profile there is none; of one and the same there is.
attached attach -t 0.05 -o several.dat "$third" "$first"
! grep '^RANK' several.dat || fail "a rank, of two"
refused several "%r: process $third is rank 3, and $first is rank 0" -o '%r.dat' "$third" "$first"
# Nor is our own that of a process outside.
attached attach -t 0.05 -o outside.dat "$outside"
! grep '^RANK' outside.dat || fail "a rank, of nothing"
refused outside '%r is the rank' -o '%r.dat' "$outside"
refused outside '%j is the number' -o '%j.dat' "$outside"

if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$MPROF_TRACE" -a -r /proc/1/statm; then
	mkdir -m 777 hidden
	run_as hidden setpriv --reuid=65534 --regid=65534 --clear-groups \
		"$MPROF_TRACE" attach -t 0.05 -o hidden/x.dat "$third"
	status_is hidden 0
	! grep '^RANK' hidden/x.dat || fail "its environment was read"
fi
kill "$third" "$first" "$outside"
