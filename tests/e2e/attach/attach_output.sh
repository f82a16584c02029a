#!/bin/sh
# The disk is full, the pipe of the output breaks, the terminal closes: the program is left as it was.
# asserts: unharmed target
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

start_busy -j 2 -r 8000
if [ -c /dev/full ]; then
	start_recorder full attach -t 0.5 -T 0.01 -f 'work_*' -o /dev/full "$program"
	end_recorder full
	status_is full 125
	says full '/dev/full.*[Nn]o space'
	is_own_code "$program" || fail "a full disk: traps are left"
fi

# It is ended only when the reader has gone, however late that is.
mkfifo pipe
head -n 5 <pipe >pipe.out &
reader=$!
"$MPROF_TRACE" attach -T 0.01 -f 'work_*' -o /dev/stdout "$program" >pipe 2>pipe.err </dev/null &
recorder=$!
wait "$reader"
[ "$(wc -l <pipe.out)" -eq 5 ] || fail "a pipe: nothing came through it"
wait_until grep -q '[Bb]roken pipe' pipe.err
kill "$recorder"
end_recorder pipe
status_is pipe 125
is_own_code "$program" || fail "a broken pipe: traps are left"

# SIGHUP is what a terminal that closes sends; it ends the recording.
start_attach hangup -T 0.01 -f 'work_*' -o hangup.dat "$program"
wait_until grep -q ^FUNC hangup.dat
kill -HUP "$recorder"
end_recorder hangup
wait_until is_own_code "$program"
well_formed hangup.dat
end_busy
