#!/bin/sh
# plot --follow: the window of a file that grows; of which only what has come is read.
# timeout: 900
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command Xvfb
need_command xdotool
need_command python3
export PYTHONPATH="$TESTS/lib" PYTHONDONTWRITEBYTECODE=1
unset DISPLAY

cat >drive.py <<'END'
import os, threading
from window_driver import Plot, Server, near, wait_for

START = 1795310486

def append(text, path="x.dat"):
    with open(path, "a") as file:
        file.write(text)

def samples(first, end, mib):
    """Ten a second."""
    append("".join("MEM %d %.1f\n" % (mib(i), START + i / 10) for i in range(first, end)))

def ends(view):
    return view.time(view.left), view.time(view.right)

def seen(plot, condition, what):
    """A view of which it is true. Saving needs its time: no more than one is in the making."""
    views = []
    def look():
        views.append(plot.view())
        return condition(views[-1])
    wait_for(look, what)
    return views[-1]

def read_bytes(plot):
    """By the process of the window, from anywhere."""
    for line in open("/proc/%d/io" % plot.process.pid):
        if line.startswith("rchar:"):
            return int(line.split()[1])

server = Server()
open("x.dat", "w").close()
def begin():
    append("CMDLINE ./work\nFORMAT 3 test\nMETRIC rss\nPROC 100 1 %d.0 ./work\n" % START)
    samples(0, 100, lambda i: i)
timer = threading.Timer(1, begin)
timer.start()
plot = Plot(server, "--follow", "x.dat")
timer.join()
first = seen(plot, lambda view: abs(ends(view)[1] - 10) < 1.5, "10 s")

# It grows: time, memory, a function, a child.
samples(100, 300, lambda i: i)
append("FUNC load 20.0 %d.0 290.0 %d.0 0 100 100\nPROC 101 100 %d.0 ./child\n" % (START + 2, START + 29, START + 5) +
       "".join("CHLD 101 50 %d.0\n" % (START + i) for i in range(5, 30)))
grown = seen(plot, lambda view: abs(ends(view)[1] - 30) < 3, "30 s")
assert grown.memory(grown.top) >= 299, grown.memory(grown.top)
assert any("load" in words for words in grown.words) and any("child" in words for words in grown.words), grown.words

# A view of the past stays what it is; one that reaches to the end moves along.
plot.drag(grown.x(5), 300, grown.x(10), 301)
past = seen(plot, lambda view: abs(ends(view)[1] - 10) < 0.5, "a part of it")
samples(300, 400, lambda i: 300)
plot.key("b")
seen(plot, lambda view: abs(ends(view)[1] - 40) < 3, "40 s")
plot.key("r")

# Paused it stands still.
plot.key("space")
seen(plot, lambda view: True, "a pause")
samples(400, 500, lambda i: 300)
paused = [plot.view() for _ in range(4)]
assert all(ends(view)[1] < 45 for view in paused), ends(paused[-1])
plot.key("space")
seen(plot, lambda view: ends(view)[1] > 47, "50 s")

# 24 MB, and then a line at a time.
append("".join("MEM 200 %.4f\n" % (START + 50 + i / 10000) for i in range(1000000)))
seen(plot, lambda view: ends(view)[1] > 148, "150 s")
size, before = os.stat("x.dat").st_size, read_bytes(plot)
for i in range(4):
    append("MEM 200 %d.0\n" % (START + 155 + 5 * i))
    seen(plot, lambda view: ends(view)[1] > 153 + 5 * i, "a line more")
# Each look has read the file's first block, no more.
assert read_bytes(plot) - before < size, (read_bytes(plot) - before, size)

# Another recording in its place.
append("CMDLINE ./other\nFORMAT 3 test\nMEM 5 %d.0\nMEM 7 %d.0\n" % (START, START + 3), "y.dat")
os.rename("y.dat", "x.dat")
other = seen(plot, lambda view: ends(view)[1] < 5, "another one")
assert other.memory(other.top) < 20 and any("./other" in words for words in other.words), other.words
append("TICKS 2 0 0 0 0\n")
seen(plot, lambda view: not any("recording" in words for words in view.words), "its end")
plot.key("q")
status, out, err = plot.end()
assert (status, out) == (0, "") and err.count("\n") == 1 and "waiting for the first sample" in err, (status, out, err)
server.end()
END
python3 drive.py

# What cannot be followed.
printf 'MEM 1 1795310486\n' | tee one.dat >two.dat
refused() { # refused REGEX WORD...
	wanted=$1
	shift
	status=0
	"$MPROF_TRACE" plot --follow "$@" >out 2>err || status=$?
	[ "$status" -eq 125 ] || fail "$*: status $status"
	grep -Eq -e "$wanted" err || fail "$*: $(cat err)"
}
refused 'one file' -o x.png one.dat
refused 'one file' one.dat two.dat
refused 'one file' --align start --align f one.dat
refused 'one file' --backend svg one.dat
refused 'No such file' no.dat
refused 'regular file' /dev/null
refused 'is a directory' .
printf 'once upon a time\n' >prose.dat
refused 'not a profile' prose.dat
refused 'cannot open a window' one.dat
