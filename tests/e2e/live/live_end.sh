#!/bin/sh
# However a live view ends, the terminal is as it was; the recording goes on where it should.
# timeout: 900
set -eu
# shellcheck source=tests/lib/live.sh
. "$TESTS/lib/live.sh"

cat >ends.py <<'END'
import os, signal, sys, time
from live_terminal import Terminal, children, engine_of, view_of

orders = os.open("orders", os.O_RDWR)

def tell(order):
    os.write(orders, (order + "\n").encode())

class Live:
    def __init__(self, name):
        self.name = name
        self.terminal = Terminal("sh", "-c", 'trap : INT; stty intr ^C -ixon; echo before; '
                                 'while [ ! -e go ]; do sleep 0.05; done; '
                                 '"$MPROF_TRACE" live -o %s.dat -f grow -T 0.05 ./told orders; '
                                 'echo status $? | tee status; while [ ! -e gone ]; do sleep 0.05; done' %
                                 name)
        self.terminal.wait_for("before", "the shell")
        self.modes = self.terminal.modes()
        open("go", "w").close()
        self.terminal.wait_for(lambda: "recording" in self.terminal.text() and "told" in self.terminal.text(),
                               "the view")
        os.unlink("go")
        assert self.terminal.is_second() and self.terminal.modes() != self.modes
        self.front = [pid for pid in children(self.terminal.pid)
                      if os.readlink("/proc/%d/exe" % pid) == os.path.realpath(os.environ["MPROF_TRACE"])][0]
        self.view, self.engine = view_of(self.front), engine_of(self.front)

    def is_as_before(self):
        return self.terminal.is_plain() and self.terminal.modes() == self.modes

    def waits(self, status, words=""):
        # Where the front end was killed, the shell does not wait for the view to give the screen back.
        self.terminal.wait_for(lambda: os.path.exists("status") and open("status").read() and
                               self.is_as_before(), self.name + ": its end")
        assert open("status").read() == "status %d\n" % status, (self.name, open("status").read())
        os.unlink("status")
        self.terminal.wait_for(lambda: words in self.terminal.text().replace("\n", " "), words)
        assert words in self.terminal.text().replace("\n", " "), (self.name, words, self.terminal.text())
        assert "before" in self.terminal.text() and self.is_as_before(), (self.name, self.terminal.text())
        open("gone", "w").close()
        self.terminal.end()
        os.unlink("gone")
        print(self.name)

    def goes_on_without(self, words):
        """Plain, while the program runs; then its end."""
        self.terminal.wait_for(words, words)
        self.terminal.wait_for(self.is_as_before, "the terminal as it was")
        tell("grow 3")
        tell("exit 4")
        self.waits(4, "profile %s.dat" % self.name)

live = Live("exit")
tell("exit 5")
live.waits(5, "profile exit.dat")

live = Live("crash")
tell("crash")
live.waits(139, "profile crash.dat")

live = Live("interrupt")
live.terminal.type("\x03")
live.waits(130, "profile interrupt.dat")

live = Live("term")
os.kill(live.front, signal.SIGTERM)
live.waits(143, "profile term.dat")

live = Live("quit")
live.terminal.type("q")
live.goes_on_without("goes on without a view")

live = Live("view_term")
os.kill(live.view, signal.SIGTERM)
live.terminal.wait_for(live.is_as_before, "the terminal as it was")
tell("exit 6")
live.waits(6)

for number in signal.SIGKILL, signal.SIGSEGV:
    live = Live("view_%d" % number)
    os.kill(live.view, number)
    live.goes_on_without("killed by signal %d" % number)

live = Live("engine_kill")
os.kill(live.engine, signal.SIGKILL)
live.waits(125, "killed by signal 9")  # the terminal's end is the program's, which nobody waits for

live = Live("front_kill")
os.kill(live.front, signal.SIGKILL)
live.waits(137)
END
/usr/bin/python3 ends.py >ended || { cat ended; exit 1; }
for name in exit crash interrupt term quit view_term view_9 view_11; do
	well_formed "$name.dat"
	grep -q '^TICKS' "$name.dat" || fail "$name.dat has no end"
done
awk '$1 == "FUNC" && $2 == "grow" { n++ } END { exit n != 1 }' quit.dat || fail "what came after q is not recorded"
