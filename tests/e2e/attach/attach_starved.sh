#!/bin/bash
# Attached to and left while the program, mprof-trace, or both get a twentieth of a CPU, have the lowest
# priority, or while the program is frozen and thawed: it feels nothing, and its code is its own each time.
# asserts: unharmed target
# timeout: 1800
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

rounds=${ATTACH_ROUNDS:-2}
groups=()
freezer=

# A cgroup with processes in it cannot be removed: they go back first.
leave_groups() {
	local group pid
	[ -z "$freezer" ] || kill "$freezer"
	for group in "${groups[@]}"; do
		[ ! -e "$group/freezer.state" ] || echo THAWED >"$group/freezer.state"
		while read -r pid; do
			echo "$pid" >"${group%/*}/cgroup.procs"
		done <"$group/cgroup.procs"
		rmdir "$group"
	done 2>/dev/null
}
trap leave_groups EXIT

# new_group CONTROLLER: sets $group to a cgroup (version 1) of our own, if one can be made.
new_group() {
	local mount
	mount=$(awk -v controller="$1" '$3 == "cgroup" && $4 ~ "(^|,)" controller "(,|$)" { print $2; exit }' /proc/mounts)
	group=$mount/mprof-trace-test.$$
	[ -n "$mount" ] && mkdir "$group" 2>/dev/null && groups+=("$group")
}

# attach_rounds WORD...: attaches with what the words start it by.
attach_rounds() {
	local round=0
	while [ "$round" -lt "$rounds" ]; do
		round=$((round + 1))
		start_attach_by attached "$@"
		wait_until grep -q ^FUNC busy.dat
		stop_attach attached
		is_own_code "$program" || fail "round $round with '$*': traps are left in its code"
		well_formed busy.dat
	done
}

# start_attach_by LABEL WORD...: as start_attach; the words come before mprof-trace's own.
start_attach_by() {
	local label=$1
	shift
	: >"$label.err"
	rm -f busy.dat
	"$@" env --default-signal=INT,QUIT "$MPROF_TRACE" attach -T 0.05 -f "$functions" -o busy.dat "$program" \
		</dev/null >"$label.out" 2>"$label.err" &
	recorder=$!
	wait_until sh -c "grep -q 'attached to' '$label.err' || ! kill -0 $recorder"
	grep -q 'attached to' "$label.err" || { cat "$label.err"; fail "it did not attach"; }
}

# In a subshell of its own each, so that nothing stays where it was put.
in_group() {
	echo "$BASHPID" >"$group/cgroup.procs" || exit 125
	exec "$@"
}

functions='work_*'
start_busy -j 8
attach_rounds nice -n 19
end_busy

left_out=
if new_group cpu && [ -e "$group/cpu.cfs_quota_us" ]; then
	echo 100000 >"$group/cpu.cfs_period_us"
	echo 5000 >"$group/cpu.cfs_quota_us"
	start_busy -j 8 -l # it is late by itself
	attach_rounds in_group # mprof-trace has little
	echo "$program" >"$group/cgroup.procs"
	attach_rounds in_group # both have
	attach_rounds          # the program has
	echo "$program" >"${group%/*}/cgroup.procs"
	end_busy
else
	left_out="no cgroup with a limit of CPU time could be made"
fi

# To be frozen interrupts system calls, without a tracer as well: a program that computes.
if new_group freezer; then
	start_program works "$TARGETS/works_until_told"
	wait_until grep -q '^ready ' works.out
	functions=outer,leaf
	echo "$program" >"$group/cgroup.procs"
	(
		while :; do
			echo FROZEN >"$group/freezer.state"
			sleep "0.$((RANDOM % 4))"
			echo THAWED >"$group/freezer.state"
			sleep "0.$((RANDOM % 4))"
		done
	) &
	freezer=$!
	attach_rounds
	kill "$freezer"
	wait "$freezer" 2>/dev/null
	freezer=
	echo THAWED >"$group/freezer.state"
	kill -USR1 "$program"
	run_result=0
	wait "$program" || run_result=$?
	[ "$run_result" -eq 7 ] || fail "the frozen program ended with status $run_result"
	grep -qx 'wrong 0, worked 1, child 900' works.out || fail "the frozen program: $(cat works.out)"
else
	left_out="no cgroup that can be frozen could be made"
fi
[ -z "$left_out" ] || skip "$left_out"
