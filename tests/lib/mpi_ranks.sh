# Helpers of the tests of ranks in tests/e2e/mpi: what an implementation's ranks do, and what is recorded of them.
# shellcheck shell=sh
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

# Open MPI starts nothing for root otherwise, nor more ranks than there are CPUs.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# compile_ranks MPI: ./ranks, and ./wrapped with an MPI_Init of its own, by openmpi or mpich, which is $mpi from now on.
compile_ranks() {
	mpi=$1
	need_command "mpicc.$mpi" "mpirun.$mpi"
	"mpicc.$mpi" -g -O1 -o ranks "$TESTS/e2e/mpi/ranks.c" || fail "cannot compile"
	"mpicc.$mpi" -g -O1 -DWRAPS_INIT -o wrapped "$TESTS/e2e/mpi/ranks.c" || fail "cannot compile"
}

# launch LABEL SIZE WORD…: as run_as, with what the ranks print sorted.
launch() {
	name=$1 size=$2
	shift 2
	run_as "$name" "mpirun.$mpi" -n "$size" "$@"
	sort -o "$name.out" "$name.out"
}

# record LABEL SIZE WORD…: likewise, with a profile LABEL/RANK.dat of each.
record() {
	recorded=$1 size=$2
	shift 2
	launch "$recorded" "$size" "$MPROF_TRACE" run -o "$recorded/%r.dat" "$@"
}

# as_untraced LABEL PLAIN: its output, and its status; of ours nobody speaks but rank 0, which says where all is.
as_untraced() {
	cmp "$2.out" "$1.out" || fail "$1: the output is another"
	status_is "$1" "$(cat "$2.status")"
	! grep '^mprof-trace: ' "$1.err" | grep -v '^mprof-trace: rank 0: ' || fail "$1: a rank is not silent"
	says "$1" "^mprof-trace: rank 0: all [0-9]* ranks together: mprof-trace report $1\$"
}

# whole LABEL SIZE: each rank's profile is recorded to its end.
whole() {
	[ "$(find "$1" -type f | wc -l)" -eq "$2" ] || fail "$1: not $2 profiles, but $(ls "$1")"
	for rank in $(seq 0 $(($2 - 1))); do
		well_formed "$1/$rank.dat"
		grep -q "^RANK $rank $2 " "$1/$rank.dat" || fail "$1/$rank.dat does not know its rank"
		grep -q '^TICKS ' "$1/$rank.dat" || fail "$1/$rank.dat breaks off"
	done
}

# calls_are LABEL SIZE WORK: of work so many, and a thousand of leaf for each; grow gains a MiB more in each rank.
calls_are() {
	for rank in $(seq 0 $(($2 - 1))); do
		file=$1/$rank.dat
		[ "$(count_calls "$file" work)" -eq "$3" ] || fail "$file: $(count_calls "$file" work) calls of work"
		[ "$(count_calls "$file" leaf)" -eq $(($3 * 1000)) ] ||
			fail "$file: $(count_calls "$file" leaf) calls of leaf"
		awk -v mib=$((rank + 1)) '$1 == "FUNC" && $2 == "grow" && !seen++ { exit !($5 - $3 > mib - 0.1 && $5 - $3 < mib + 0.5) }' \
			"$file" || fail "$file: $(grep -m 1 'FUNC grow' "$file") gains no $((rank + 1)) MiB"
	done
}

# after_init LABEL SIZE: nothing was recorded before the return of MPI_Init, in which main was, and perhaps an
# MPI_Init that has called it.
after_init() {
	for rank in $(seq 0 $(($2 - 1))); do
		awk '$1 == "MARK" && $2 == "mark:MPI_Init" { marks++ }
			$1 ~ /^(MEM|CHLD)$/ { samples++ }
			$1 ~ /^(MEM|CHLD|FUNC|OPEN)$/ && !marks { early++ }
			$1 == "FUNC" && $2 == "MPI_Init" && $10 != "before" { early++ }
			$1 == "FUNC" && $2 == "main" && $10 == "before" { mains++ }
			END { exit !(marks == 1 && mains == 1 && early == 1 && samples > 1) }' "$1/$rank.dat" || {
			head -n 20 "$1/$rank.dat"
			fail "$1/$rank.dat is not of what came after MPI_Init"
		}
	done
}

# begin_hang LABEL SIZE: ranks that wait for ever, in the background; $launcher, and their $pids.
begin_hang() {
	label=$1
	: >"$1.out"
	env --default-signal=INT,QUIT "mpirun.$mpi" -n "$2" "$MPROF_TRACE" run -f work,leaf,main -o "$1/%r.dat" \
		./ranks hang </dev/null >"$1.out" 2>"$1.err" &
	launcher=$!
	wait_until sh -c "[ \$(grep -c '^rank' $1.out) -eq $2 ]"
	pids=$(sed -n 's/^rank .* pid //p' "$1.out")
}

# end_hang LABEL SIZE: the launcher ends, and all ranks with it.
end_hang() {
	wait_until sh -c "! kill -0 $launcher"
	wait "$launcher" && fail "$1: the launcher says that all is well"
	for pid in $pids; do
		wait_until sh -c "[ ! -d /proc/$pid ]"
	done
	# What records outlives the launcher by a moment.
	for rank in $(seq 0 $(($2 - 1))); do
		wait_until grep -q '^TICKS ' "$1/$rank.dat"
	done
	whole "$1" "$2"
}
