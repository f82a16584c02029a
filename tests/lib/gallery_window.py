#!/usr/bin/python3
"""Screenshots of the window for the gallery: gallery_window.py NAME.dat OPTIONS...

Writes window-hover.png (a call pointed at), window-drag.png (a box being dragged), window-zoom.png
(what it shows then) and window-help.png.
"""
import os
import sys

from window_driver import Plot, Server


def main():
    server = Server("1260x800")
    plot = Plot(server, *sys.argv[1:])
    first = plot.view()

    def shot(name):
        # Each event is followed by a picture before the next one is read: two saves are enough.
        for path in ("shot1.png", "shot2.png"):
            plot.save(path)
            os.unlink(path)
        server.screenshot(name)

    call = max(first.boxes, key=lambda box: len(box[4]))
    plot.move(call[0] + call[2] / 2, call[1] + call[3] / 2)
    shot("window-hover.png")
    plot.move(first.left + 150, first.top + 60)
    plot.do("mousedown", 1)
    plot.move(first.left + 420, first.top + 250)
    plot.move(first.left + 430, first.top + 260)
    shot("window-drag.png")
    plot.do("mouseup", 1)
    shot("window-zoom.png")
    plot.key("h")
    shot("window-help.png")
    plot.key("q")
    plot.end()
    os.unlink("view1.svg")
    server.end()


if __name__ == "__main__":
    main()
