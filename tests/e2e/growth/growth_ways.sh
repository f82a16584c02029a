#!/bin/sh
# timeout: 120
# --stacks=growth of programs as they come: optimised and without frame pointers, stripped, below a shell, started by an ordinary
# user, and attached to with a thread that waits.
set -eu
# shellcheck source=tests/lib/growth.sh
. "$TESTS/lib/growth.sh"
need_perf_events
need_command cc strip nm

cc -O2 -fomit-frame-pointer -fno-inline -fno-optimize-sibling-calls -g -pthread -o optimised "$TESTS/targets/growth/grow_known.c" -I"$TESTS/targets" -I"$TESTS/.." ||
	skip 'there is no compiler'
run_as optimised "$MPROF_TRACE" run --stacks=growth -o optimised.dat ./optimised bursts
check_known optimised

# Functions without a name are called by where they begin.
cp "$TARGETS/grow_known" stripped
strip stripped
run_as stripped "$MPROF_TRACE" run --stacks=growth -o stripped.dat ./stripped bursts
status_is stripped 0
begins=$(nm "$TARGETS/grow_known" | awk '$3 == "grow_in_bursts" { sub(/^0+/, "", $1); print $1 }')
is_near 'stripped' "$(charged_to stripped.dat "[stripped+0x$begins]")" 48 15

run_as shell "$MPROF_TRACE" run --stacks=growth -o shell.dat sh -c "'$TARGETS/grow_known' bursts; exit 0"
check_known shell
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chmod 777 .
	run_as nobody setpriv --reuid 65534 --regid 65534 --clear-groups "$MPROF_TRACE" run --stacks=growth \
		-o nobody.dat "$TARGETS/grow_known" bursts
	! grep -q warning nobody.err || skip "an ordinary user is refused here: $(cat nobody.err)"
	check_known nobody
fi

# attached LABEL OPTION…: all of its threads are asleep when we come.
attached() {
	name=$1
	shift
	rm -f go
	mkfifo go
	"$TARGETS/grow_known" waits <go >"$name.out" &
	target=$!
	exec 3>go
	until grep -q '^waits' "$name.out"; do sleep 0.01; done
	"$MPROF_TRACE" attach "$@" --stacks=growth -o "$name.dat" "$target" >/dev/null 2>"$name.err" 3>&- &
	tracer=$!
	until grep -q 'attached to' "$name.err"; do
		kill -0 "$tracer" || fail "$name: $(cat "$name.err")"
		sleep 0.01
	done
	sleep 0.1 # a tick: that it is said comes a little before threads are looked at
	exec 3>&-
	wait "$target" || fail "$name: the program ended in another way"
	result=0
	wait "$tracer" || result=$?
	echo $result >"$name.status"
	check_known "$name"
}
attached sampled
attached probed -f grow_shared
