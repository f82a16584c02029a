#!/bin/sh
# Names of outputs by what launchers say, under simulated environments: every rank has a file of its own, nothing is
# replaced, folders are made, and all ranks but 0 are silent.
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# The machine that runs this may be a rank, or a job, itself.
for variable in $(env | sed -n 's/^\([A-Za-z_]*\)=.*/\1/p' |
	grep -E '^(OMPI|PMI|PMIX|MV2|JSM|FLUX|PALS|SLURM|PBS|LSB)_|^SLURMD_NODENAME$|^ENVIRONMENT$'); do
	unset "$variable"
done

# ranks_as LABEL SIZE WORD…: one after another, as Open MPI would start them.
ranks_as() {
	name=$1 size=$2
	shift 2
	for rank in $(seq 0 $((size - 1))); do
		run_as "$name.$rank" env OMPI_COMM_WORLD_RANK="$rank" OMPI_COMM_WORLD_SIZE="$size" \
			PMIX_NAMESPACE=77@1 "$MPROF_TRACE" run "$@"
		status_is "$name.$rank" 0
	done
}

is_silent() {
	[ ! -s "$1.err" ] || { cat "$1.err"; fail "$1 is not silent"; }
}

has_rank() { # has_rank FILE RANK SIZE JOB [NODE]
	well_formed "$1"
	grep -qxF "RANK $2 $3 $4 ${5:-$(hostname)}" "$1" || { grep '^RANK' "$1"; fail "$1: not rank $2 of $3, job $4"; }
}

# Folders are made with what umask leaves; rank 0 says where to look.
(umask 027 && ranks_as fields 3 -o 'out/%j/run.%r.dat' true) || exit 1
for rank in 0 1 2; do
	has_rank "out/77@1/run.$rank.dat" "$rank" 3 77@1
done
[ "$(stat -c %a out out/77@1 | paste -sd' ')" = '750 750' ] || fail "folders of another mode: $(stat -c %a out out/77@1)"
says fields.0 'rank 0: .*profile out/77@1/run\.0\.dat'
says fields.0 'all 3 ranks together: mprof-trace report out/77@1$'
is_silent fields.1
is_silent fields.2

# Without a field: the rank is in the name, and who comes again gets a number.
ranks_as plain 2 -o run.dat true
ranks_as plain 2 -o run.dat true
has_rank run.0.dat 0 2 77@1
has_rank run.1-2.dat 1 2 77@1
[ "$(ls run*)" = "$(printf '%s\n' run.0-2.dat run.0.dat run.1-2.dat run.1.dat)" ] || fail "other files: $(ls run*)"
ranks_as width 2 -o '%3r.dat' true
has_rank 001.dat 1 2 77@1
ranks_as default 2 true
[ "$(find . -name 'mprofile_??????????????.[01].dat' | wc -l)" -eq 2 ] || fail "other default names: $(ls mprofile*)"

# All at once for one name.
for i in 1 2 3 4 5 6; do
	PMI_RANK=5 PMI_SIZE=8 "$MPROF_TRACE" run -o meet/%r.dat true 2>"meet$i.err" &
done
wait
cat meet?.err
[ "$(find meet -name '5*.dat' | wc -l)" -eq 6 ] || fail "six ranks, but $(ls meet)"
well_formed meet/5-6.dat
for file in meet/*; do
	grep -q '^TICKS' "$file" || fail "$file is not whole"
done

# What is no file keeps its name, and 1 of 1 is no parallel program.
ranks_as null 2 -o /dev/null true
[ ! -e /dev/null.1 ] || fail "made /dev/null.1"
ranks_as one 1 -o one.dat true
ranks_as one 1 -o one.dat true
has_rank one.dat 0 1 77@1
[ "$(ls one.*dat)" = one.dat ] || fail "one rank alone did not replace: $(ls one.*dat)"
says one.0 '^mprof-trace: peak '

# -v on all ranks, and errors, begin with the rank; what cannot be run leaves nothing.
ranks_as verbose 2 -v -o verbose.dat true
says verbose.1 '^mprof-trace: rank 1: peak '
run_as wrong env PMI_RANK=1 PMI_SIZE=2 "$MPROF_TRACE" run -o 'no/%r/x.dat' ./no_such_program
status_is wrong 127
says_one_line wrong
says wrong '^mprof-trace: rank 1: .*no_such_program'
[ ! -e no ] || fail "a folder is left of a program that cannot be run"
mkdir kept
run_as wrong env PMI_RANK=1 PMI_SIZE=2 "$MPROF_TRACE" run -o kept/a/b/x.dat ./no_such_program
[ "$(find kept)" = kept ] || fail "left: $(find kept)"
run_as wrong env PMI_RANK=1 PMI_SIZE=2 "$MPROF_TRACE" run -o one.dat/x.dat true
status_is wrong 125
says wrong '^mprof-trace: rank 1: .*one\.dat/x\.1\.dat'

# Slurm: a step of an array's job; the script that called srun is no rank.
run_as slurm env ENVIRONMENT=BATCH SLURM_JOB_ID=1207 SLURM_ARRAY_JOB_ID=1200 SLURM_ARRAY_TASK_ID=7 \
	SLURM_STEP_ID=0 SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=8 SLURMD_NODENAME=node017 \
	"$MPROF_TRACE" run -o 'slurm/%j/%n.%r.dat' true
status_is slurm 0
is_silent slurm
has_rank slurm/1200_7/node017.3.dat 3 8 1200_7 node017
run_as script env ENVIRONMENT=BATCH SLURM_JOB_ID=1207 SLURM_PROCID=0 SLURM_NTASKS=8 \
	"$MPROF_TRACE" run -o 'script.%j.dat' true
status_is script 0
says script '^mprof-trace: peak '
! grep '^RANK' script.1207.dat || fail "the script is a rank"

# PBS, with Intel MPI within.
run_as pbs env PBS_JOBID='12[4].head' PBS_TASKNUM=1 PBS_VNODENUM=0 PMI_RANK=2 PMI_SIZE=4 \
	"$MPROF_TRACE" run -o 'pbs/%j.%r.dat' true
status_is pbs 0
has_rank 'pbs/12[4].head.2.dat' 2 4 '12[4].head'

# Outside of all: no word that several could share, but for this host's name.
for field in %r %j; do
	run_as outside "$MPROF_TRACE" run -o "outside.$field.dat" sh -c 'echo ran >ran'
	status_is outside 125
	says_one_line outside
	says outside "$field is "
done
[ ! -e ran ] || fail "the program ran although its rank is not known"
run_as outside "$MPROF_TRACE" run -o 'outside/%n.%q{HOME_OF_IT}.dat' true
status_is outside 125
HOME_OF_IT=x run_as outside "$MPROF_TRACE" run -o 'outside/%n.%q{HOME_OF_IT}.dat' true
status_is outside 0
! grep '^RANK' "outside/$(hostname).x.dat" || fail "a rank, of nothing"
