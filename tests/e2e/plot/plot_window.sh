#!/bin/sh
# The window, with a real mouse: zoom, move, back, reset, hover, save, resize, close, and what
# becomes of it when its server goes.
# timeout: 900
set -eu
# shellcheck source=tests/lib/plot_image.sh
. "$TESTS/lib/plot_image.sh"
need_command Xvfb
need_command xdotool
need_command import
need_command convert
need_command python3
export PYTHONPATH="$TESTS/lib" PYTHONDONTWRITEBYTECODE=1
unset DISPLAY

awk 'BEGIN {
	print "CMDLINE ./work\nMETRIC rss\nPROC 100 1 1795310486.0 ./work"
	for (i = 0; i <= 1000; i++) {
		printf "MEM %.6f %.9f\n", i / 10, 1795310486 + i / 100
		if (i > 300) printf "CHLD 101 %.6f %.9f\n", 20, 1795310486 + i / 100
	}
	print "FUNC load 20.0 1795310488.0 60.0 1795310492.0 0 100 100"
}' >line.dat
# A second is 1000 samples of a saw that no page can show.
awk 'BEGIN { for (i = 0; i < 1000000; i++)
	printf "MEM %d %.3f\n", 100 + i % 10, 1795310486 + i / 1000 }' >big.dat

cat >close.c <<'END'
/* Asks a window to close, as a window manager does. */
#include <X11/Xlib.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	Display *display = XOpenDisplay(NULL);
	if (argc != 2 || display == NULL)
		return 1;
	Window window = strtoul(argv[1], NULL, 10);
	XEvent event = { .xclient = { .type = ClientMessage, .window = window, .format = 32 } };
	event.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
	event.xclient.data.l[0] = (long)XInternAtom(display, "WM_DELETE_WINDOW", False);
	XSendEvent(display, window, False, NoEventMask, &event);
	XCloseDisplay(display);
	return 0;
}
END
"${CC:-cc}" -o close close.c -lX11 || skip "no compiler for X11 programs"

cat >drive.py <<'END'
import os, signal, subprocess, sys
from window_driver import Plot, Server, View, near, wait_for

def ended_well(plot, how):
    ended = plot.end()
    assert ended == (0, "", ""), (how, *ended)

def same(one, other):
    return open(one, "rb").read() == open(other, "rb").read()

def ends(view):
    return view.time(view.left), view.time(view.right)

def last():
    return "view%d.svg" % Plot.saved

def heights(view):
    return view.memory(view.bottom), view.memory(view.top)

def count(picture, color, part):
    """Dots of a colour in a part of a screenshot."""
    server.screenshot(picture)
    return int(float(subprocess.check_output(
        ["convert", picture, "-crop", part, "+repage", "-fuzz", "3%", "-fill", "black", "+opaque",
         color, "-fill", "white", "-opaque", color, "-format", "%[fx:mean*w*h]", "info:"])))

server = Server()
plot = Plot(server, "line.dat")
first = plot.view()
assert first.width == 1260 and any("load" in words for words in first.words), first.words

# A box: both its ranges.
plot.drag(first.x(3), first.y(60), first.x(5), first.y(20))
zoomed = plot.view()
near(ends(zoomed)[0], 3, 0.02, "the box's left")
near(ends(zoomed)[1], 5, 0.02, "the box's right")
near(heights(zoomed)[0], 20, 0.5, "the box's bottom")
near(heights(zoomed)[1], 60, 0.5, "the box's top")

# What is there is where it should be: the line at 4 s is 40 MiB, and cut at the frame.
wait_for(lambda: count("zoomed.png", "rgb(31,119,180)",
                       "7x7+%d+%d" % (zoomed.x(4) - 3, zoomed.y(40) - 3)) > 4, "the line at 4 s")
assert count("zoomed.png", "rgb(31,119,180)", "%dx%d+%d+0" % (zoomed.right - zoomed.left, zoomed.top - 3, zoomed.left)) == 0

# The wheel: the time below the pointer stays, memory stays. Three turns are one step back, or more
# where they came slowly: tests/unit/plot/test_plot_window.c knows how many.
at = zoomed.x(3.5)
plot.move(at, 300)
plot.do("click", 4, "click", 4, "click", 4)
wheeled = plot.view()
# The frame itself may have moved a little, with the width of its labels.
share = (at - zoomed.left) / (zoomed.right - zoomed.left)
near(wheeled.time(wheeled.left + share * (wheeled.right - wheeled.left)), 3.5, 0.015,
     "the time below the pointer")
near(ends(wheeled)[1] - ends(wheeled)[0], 2 * 0.8 ** 3, 0.02, "the time seen")
near(heights(wheeled)[1], 60, 0.5, "the top")
for _ in range(3):
    plot.key("b")
    plot.view()
    if same("view2.svg", last()):
        break
assert same("view2.svg", last()), "back is not where the wheel began"
plot.do("keydown", "ctrl", "click", 4, "keyup", "ctrl")
squeezed = plot.view()
near(squeezed.memory(300), zoomed.memory(300), 0.3, "the memory below the pointer")
near(heights(squeezed)[1] - heights(squeezed)[0], 40 * 0.8, 0.5, "the memory seen")

# Back to the box, and to the beginning, to the byte.
plot.key("b")
plot.move(1000, 400)
plot.do("click", 3)
plot.view()
assert same("view1.svg", last()), "back is not where it began"

# Moving: by hand, with the keys; never beyond what there is.
plot.drag(first.x(2), 300, first.x(4), 302)
flat = plot.view()
near(ends(flat)[0], 2, 0.02, "a flat box's left")
near(ends(flat)[1], 4, 0.02, "a flat box's right")
near(heights(flat)[0], 0, 0.01, "memory with a flat box")
half = (flat.right - flat.left) / 2
plot.drag(600, 300, 600 - half, 300, modifier="shift")
moved = plot.view()
near(ends(moved)[0], 3, 0.02, "moved by shift")
near(ends(moved)[1], 5, 0.02, "moved by shift")
plot.drag(300, 300, 300 + half / 2, 310, button=2)
near(ends(plot.view())[0], 2.5, 0.02, "moved by the middle button")
plot.key("Right")
near(ends(plot.view())[0], 2.5 + 2 * 0.15, 0.02, "moved by an arrow")
for _ in range(20):
    plot.key("Left")
near(ends(plot.view())[0], 0, 0.01, "moved to the beginning")
plot.key("r")
plot.view()
assert same("view1.svg", last()), "reset is not where it began"

# Pointing at a bracket frames it and says its name beside it; elsewhere the curve's sample.
x, y, width, height, words = [box for box in first.boxes if box[4].startswith("load\n")][0]
assert "4.00 s from 2 s to 6 s" in words and "+40.0 MiB" in words, words
panel = "200x60+%d+%d" % (x + width / 2 + 14, y + height / 2 + 14)
plot.move(first.right + 20, first.top)
wait_for(lambda: count("hover.png", "rgb(28,28,32)", panel) == 0, "the tooltip to go")
plot.move(x + width / 2, y + height / 2)
wait_for(lambda: count("hover.png", "rgb(28,28,32)", panel) > 150, "the tooltip of a bracket")
plot.move(first.x(7), first.y(70) + 15)
wait_for(lambda: count("hover.png", "rgb(31,119,180)", "13x13+%d+%d" %
                       (first.x(7) - 6, first.y(70) - 6)) >= 20, "the mark of a sample")

# Pictures are saved as they are seen; one that is there is asked for twice.
plot.save("seen.png")
plot.save("seen.pdf")
assert open("seen.pdf", "rb").read(5) == b"%PDF-"
size = subprocess.check_output(["identify", "-format", "%wx%h", "seen.png"]).decode()
assert size == "%dx%d" % (first.width, first.height), size
open("here.png", "w").write("x")
plot.key("s")
plot.do("type", "here.png")
plot.key("Return", "Escape")
plot.save("after.png")
assert open("here.png").read() == "x", "replaced without a question"
plot.key("s")
plot.do("type", "here.png")
plot.key("Return", "Return")
wait_for(lambda: open("here.png", "rb").read(4) == b"\x89PNG", "the picture")
plot.key("s")
plot.do("type", "no.txt")
plot.key("Return", "Escape", "h")
wait_for(lambda: count("help.png", "rgb(28,28,32)", "460x260+395+150") > 600, "help")
assert not os.path.exists("no.txt")
plot.key("Escape")

# A new size, a new picture.
plot.do("windowsize", plot.window, 900, 700)
wait_for(lambda: plot.view().width == 900, "the new size")
plot.key("q")
ended_well(plot, "q")

# Other ways to close it.
plot = Plot(server, "--theme", "dark", "--flame", "line.dat")
plot.save("flame.png")
wait_for(lambda: count("dark.png", "rgb(30,30,34)", "1260x500+0+0") > 100000, "dark paper")
plot.key("Escape")
ended_well(plot, "Escape")
plot = Plot(server, "--backend", "TkAgg", "line.dat", "line.dat")
subprocess.run(["./close", plot.window], env=server.environment, check=True)
ended_well(plot, "the window manager's close")

# A part of a file too large to be held: all of its samples, wherever one looks.
plot = Plot(server, "-w", "500,500.1", "-s", "big.dat")
part = plot.view()
assert 100 <= max(part.curves) <= 110, part.curves
plot.do("keydown", "shift", "click", 5, "keyup", "shift")
near(ends(plot.view())[0], ends(part)[0] + 15, 0.1, "moved by shift and the wheel")
assert 100 <= max(View(last()).curves) <= 110
plot.key("r", "r")
whole = plot.view()
near(ends(whole)[1] * 60, 1000, 1, "all of it")
assert max(whole.curves) > 1500
plot.drag(whole.x(5), 300, whole.x(5.2), 301)
wait_for(lambda: ends(plot.view())[0] > 1, "a part of it")
plot.drag(600, 300, 604, 301)
part = plot.view()
assert 40 <= max(part.curves) <= 200, part.curves
plot.key("q")
ended_well(plot, "q while it may be reading")

# Its client is thrown out, its server dies: one line, no process left behind.
plot = Plot(server, "line.dat")
plot.do("windowkill", plot.window)
status, out, err = plot.end()
assert status == 125 and out == "" and err.count("\n") == 1 and "display" in err, (status, out, err)
plot = Plot(server, "line.dat")
server.end()
status, out, err = plot.end()
assert status == 125 and err.count("\n") == 1 and "display" in err, (status, out, err)
END
python3 drive.py

# A display that is not there: the picture is a file.
[ "$(DISPLAY=:99999 "$MPROF_TRACE" plot line.dat 2>err)" = line.png ] || fail "no file: $(cat err)"
