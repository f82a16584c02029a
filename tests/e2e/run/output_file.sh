#!/bin/sh
# Where the recording goes: unwritable places, replaced files, a full disk, a closed pipe.
# shellcheck disable=SC2016 # another shell expands it
# shellcheck source=tests/lib/record.sh
. "$TESTS/lib/record.sh"

run_as nowhere "$MPROF_TRACE" run -o no/such/folder/x.dat sh -c 'echo ran >ran'
status_is nowhere 125
says_one_line nowhere
says nowhere 'no/such/folder/x\.dat'
[ ! -e ran ] || fail "the program ran although nothing can be recorded"

mkdir folder
run_as folder "$MPROF_TRACE" run -o folder sh -c 'echo ran >ran'
status_is folder 125
says_one_line folder
[ ! -e ran ] || fail "the program ran although nothing can be recorded"

# -o replaces.
yes 'old line' | head -n 10000 >old.dat
run_as replaced "$MPROF_TRACE" run -q -o old.dat true
status_is replaced 0
grep -q 'old line' old.dat && fail "old.dat still has its old lines"
well_formed old.dat

# A full disk: the program is unharmed, it is said once, and the status is ours.
[ -c /dev/full ] || skip "there is no /dev/full"
run_as plain "$TARGETS/threads_many" 50
run_as full "$MPROF_TRACE" run -T 0.01 -f step -o /dev/full "$TARGETS/threads_many" 50
status_is full 125
cmp plain.out full.out || fail "the program's output changed"
[ "$(grep -c 'No space left' full.err)" -eq 1 ] || {
	cat full.err
	fail "not said exactly once"
}

# A reader that goes away, before the program ends: a pipe has room for all that is written here.
mkfifo pipe
{ head -n 1 pipe >head.out; : >gone; } &
run_as piped "$MPROF_TRACE" run -T 0.01 -f step -o pipe \
	sh -c 'until [ -e gone ]; do sleep 0.05; done; exec "$0" 50' "$TARGETS/threads_many"
wait $!
status_is piped 125
cmp plain.out piped.out || fail "the program's output changed"

# What cannot be run replaces nothing.
run_as kept "$MPROF_TRACE" run -o kept.dat true
cp kept.dat before.dat
for program in no_such_program "$TESTS"; do
	run_as refused "$MPROF_TRACE" run -o kept.dat "$program"
	cmp before.dat kept.dat || fail "$program cannot be run, and has cost a profile"
	run_as refused "$MPROF_TRACE" run -o new.dat "$program"
	[ ! -e new.dat ] || fail "$program cannot be run, and there is a profile of it"
done

# A pipe that nobody reads: signals end the wait for its reader, and for its being read.
mkfifo unread
run_as unread timeout -k 20 -s TERM 1 "$MPROF_TRACE" run -o unread sleep 60
status_is unread 124
sh -c 'exec 3<unread; exec sleep 60' &
reader=$!
run_as stalled timeout -k 20 -s TERM 3 "$MPROF_TRACE" run --no-follow -f '*' -o unread \
	sh -c 'for i in 1 2 3 4 5 6 7 8 9; do : >"x$i"; done; ls /usr/lib/* >ls.out; exec sleep 60'
kill "$reader"
status_is stalled 124
says stalled 'cannot write the profile unread'
