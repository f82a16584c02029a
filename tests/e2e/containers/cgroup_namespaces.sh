#!/bin/sh
# --backend cgroup and the limit, of a process in another cgroup namespace, and from within one, where groups that are outside
# have names such as /../other. Against the kernel's own figures.
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_containers -C -m

memory=$(awk '/ - cgroup / && $NF ~ /(^|,)memory(,|$)/ { print $5; exit }' /proc/self/mountinfo)
top=$memory/mprof_test.$$
trap 'rmdir "$top/ours/below" "$top/ours" "$top/theirs/inner" "$top/theirs" "$top" 2>/dev/null' EXIT
if [ -z "$memory" ] || ! mkdir "$top" 2>/dev/null; then
	skip "no memory controller of version 1 may be written to"
fi
mkdir -p "$top/ours/below" "$top/theirs/inner"
echo 300000000 >"$top/theirs/memory.limit_in_bytes"

build_service service
# shellcheck disable=SC2016
begin_service theirs sh -c 'echo $$ >"$1/cgroup.procs"; exec unshare -C ./service' sh "$top/theirs/inner"

# in_group GROUP COMMAND...: in a cgroup namespace whose root is the group.
in_group() {
	# shellcheck disable=SC2016
	in_group=$1
	shift
	sh -c 'echo $$ >"$1/cgroup.procs"; shift; exec unshare -C -m "$@"' sh "$in_group" "$@"
}

# is_theirs LABEL: the figures are between what the kernel said before and after, and the limit is that of the group above.
is_theirs() {
	well_formed "$1.dat"
	awk -v low="$before" -v high="$(cat "$top/theirs/inner/memory.max_usage_in_bytes")" '
		$1 == "MEM" { n++; bytes = $2 * 1048576; if (bytes < low - 1048576 || bytes > high + 1048576) bad = 1 }
		$1 == "WITH" && $3 == "cgroup-limit" { limit = $4 }
		END { exit !(n && !bad && limit > 286 && limit < 286.2) }' "$1.dat" ||
		fail "$1: not the figures of its group: $(head -n 8 "$1.dat")"
}

record="$MPROF_TRACE attach -t 0.3 -T 0.05 --backend cgroup"
for where in outside within deeper; do
	before=$(cat "$top/theirs/inner/memory.usage_in_bytes")
	case $where in
	outside) group=$memory ;; # the namespace of what the machine has for us
	within) group=$top/ours ;;
	deeper) group=$top/ours/below ;;
	esac
	# shellcheck disable=SC2086
	if [ "$where" = outside ]; then
		run_as outside $record -o outside.dat "$program"
	else
		in_group "$group" $record -o "$where.dat" "$program" >"$where.out" 2>"$where.err" 9>&-
		echo $? >"$where.status"
	fi
	status_is "$where" 0
	is_theirs "$where"
done

# Where only our own part of the hierarchy is mounted there is nothing to be read of it; of our own there is.
# shellcheck disable=SC2086,SC2016
in_group "$top/ours" sh -c 'umount "$1" && mount -t cgroup -o memory none "$1" && shift && exec "$@"' sh "$memory" \
	$record -o hidden.dat "$program" >hidden.out 2>hidden.err 9>&-
says hidden 'the cgroup /\.\./theirs/inner is not mounted here, as it is outside of our cgroup namespace'
# shellcheck disable=SC2016
in_group "$top/ours" sh -c 'umount "$1" && mount -t cgroup -o memory none "$1" && shift && exec "$@"' sh "$memory" \
	"$MPROF_TRACE" run -T 0.02 --backend cgroup -o own.dat sleep 0.2 >own.out 2>own.err 9>&-
awk '$1 == "MEM" && $2 > 0 { n++ } END { exit !n }' own.dat || fail "no figure of its own group: $(cat own.err)"
end_service theirs
