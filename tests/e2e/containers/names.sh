#!/bin/sh
# Processes of containers by name: what is in the list tells two of them apart, pids are those that they have here, and
# the pid that a process has inside is said, with the namespace or the container's number.
# asserts: unharmed target
# shellcheck source=tests/lib/containers.sh
. "$TESTS/lib/containers.sh"
[ "$(id -u)" -eq 0 ] || skip "only root can make namespaces"
need_containers -m -p -f --mount-proc

name=ct$$
build_service "$name"
begin_service one unshare -m -p -f --mount-proc "./$name"
one=$program
exec 8>&9

# The only one: its name is enough.
start_attach named -f leaf -o named.dat "$name" 8>&- 9>&-
space=$(readlink "/proc/$one/ns/pid" | tr -dc 0-9)
grep -q "attached to $one ($name), pid 1 in pid namespace $space\$" named.err ||
	fail "it does not say which process: $(cat named.err)"
wait_until grep -Eq "^(FUNC|MANY) leaf .* $one " named.dat
stop_attach named
well_formed named.dat
[ "$(awk '$1 == "PROC" { print $2 }' named.dat)" = "$one" ] || fail "another process"

# A second one, in a control group such as container engines make, where that is possible.
memory=$(awk '/ - cgroup / && $NF ~ /(^|,)memory(,|$)/ { print $5; exit }' /proc/self/mountinfo)
id=0123456789abcdef0123456789abcdef0123456789abcdef000000$(printf %010d $$)
group=$memory/mprof_test.$$/docker/$id
if [ -n "$memory" ] && mkdir -p "$group" 2>/dev/null; then
	trap 'rmdir "$group" "$memory/mprof_test.$$/docker" "$memory/mprof_test.$$" 2>/dev/null' EXIT
	where="in container 0123456789ab"
else
	echo "no control group is named after a container here"
	group=
fi
# shellcheck disable=SC2016
begin_service two sh -c '[ -z "$1" ] || echo $$ >"$1/cgroup.procs"
	exec unshare -m -p -f --mount-proc sh -c "\"\$1\"; exit" sh "$2"' sh "$group" "./$name" 8>&-
two=$program
[ -n "$group" ] || where="in pid namespace $(readlink "/proc/$two/ns/pid" | tr -dc 0-9)"

run_as both "$MPROF_TRACE" attach -f leaf -o both.dat "$name" 8>&- 9>&-
status_is both 125
says both "^ *$one  \\./$name  \\(pid 1 in pid namespace $space\\)\$"
says both "^ *$two  \\./$name  \\(pid 2 $where\\)\$"
[ ! -e both.dat ] || fail "a file was written"

start_attach second -f leaf -o second.dat "$two" 8>&- 9>&-
grep -q "attached to $two ($name), pid 2 $where\$" second.err || fail "it says something else: $(cat second.err)"
stop_attach second

# In no container of its own, and below another root.
end_service two
exec 9>&8 8>&-
holder=$(ps -o ppid= -p "$one" | tr -d ' ')
exec 9>&-
wait_until sh -c "! kill -0 $one"
grep -q '^done 1$' one.out || fail "the first was disturbed"
mkdir jail
build_service "jail/$name" -static
begin_service jailed chroot jail "/$name"
start_attach jailed -f leaf -o jailed.dat "$program" 9>&-
grep -q "attached to $program ($name), its root is $PWD/jail\$" jailed.err || fail "no root: $(cat jailed.err)"
stop_attach jailed
end_service jailed
