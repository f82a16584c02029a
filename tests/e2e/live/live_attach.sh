#!/bin/sh
# A view of a process that runs, by its pid and by its name: q, Ctrl-C and its end; it feels nothing.
# asserts: unharmed target
# timeout: 900
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"
# shellcheck source=tests/lib/attach.sh
. "$TESTS/lib/attach.sh"

cat >watch.py <<'END'
import os, sys, time
from live_terminal import Terminal

name, key, status = sys.argv[1:4]
terminal = Terminal("sh", "-c", 'trap : INT; echo before; "$MPROF_TRACE" live -T 0.05 %s; echo status $?; read line' % name)
modes = None
terminal.wait_for(lambda: "recording" in terminal.text() and "PROCESS" in terminal.text(), "the view")
assert sys.argv[4] in terminal.text(), terminal.text()
if sys.argv[5:]:
    terminal.wait_for(lambda: any(line.split()[-1:] == sys.argv[5:] for line in terminal.lines()), sys.argv[5])
terminal.type(key)
terminal.wait_for("status " + status, "the end")
assert terminal.is_plain() and "before" in terminal.text() and "profile" in terminal.text(), terminal.text()
terminal.type("\n")
terminal.end()
END

start_busy -j 2
/usr/bin/python3 watch.py "-o pid.dat $program" q 0 "$program" || fail "by pid"
/usr/bin/python3 watch.py "-o probed.dat -f work_leaf $program" "$(printf '\003')" 0 "$program" work_leaf || fail "with Ctrl-C"
end_busy
for name in pid probed; do
	well_formed "$name.dat"
	grep -q '^TICKS' "$name.dat" || fail "$name.dat has no end"
done

# By a name that one process has. A path, or a word more, is a program.
cp "$(command -v sleep)" "live_$$"
"./live_$$" 1000 &
program=$!
wait_until grep -q "live_$$" "/proc/$program/comm"
PATH=$PWD:$PATH
export PATH
/usr/bin/python3 watch.py "-o name.dat live_$$" q 0 "$program" || fail "by name"
grep -q "^PROC $program " name.dat || fail "another process"
kill -0 "$program"
/usr/bin/python3 watch.py "-o started.dat live_$$ 1001" "$(printf '\003')" 130 "live_$$" || fail "a word more"
/usr/bin/python3 watch.py "-o path.dat ./live_$$ 1001" "$(printf '\003')" 130 "live_$$" || fail "a path"
grep -q "^PROC $program " started.dat path.dat && fail "the running one was taken"
kill "$program"
