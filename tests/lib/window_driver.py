"""Drives a plot's window on an X server of its own (Xvfb) with a mouse and keys (xdotool's XTEST).

What is seen is asked for as a user would: by saving it and by taking screenshots.
"""
import os
import re
import subprocess
import time
import xml.etree.ElementTree as ET

# Before a test that waits for something has failed.
PATIENCE_S = float(os.environ.get("PATIENCE", "300"))


class Server:
    """An Xvfb with a display number of its own choice."""

    def __init__(self, size="1400x1000"):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            # Without -noreset it starts anew after its last client, and refuses the next one then.
            # With -r a key whose release comes late is still one letter.
            ["Xvfb", "-displayfd", str(write), "-screen", "0", size + "x24", "-nolisten", "tcp",
             "-noreset", "-r"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        self.environment = dict(os.environ, DISPLAY=":" + number)

    def run(self, *command, check=True):
        return subprocess.run(command, env=self.environment, check=check, timeout=PATIENCE_S,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout

    def screenshot(self, path):
        self.run("import", "-window", "root", path)

    def end(self):
        self.process.kill()
        self.process.wait()


class View:
    """What a saved SVG shows: its axes, its words, its tooltips."""

    def __init__(self, path):
        root = ET.parse(path).getroot()
        space = "{http://www.w3.org/2000/svg}"
        self.width, self.height = (float(n) for n in root.get("viewBox").split()[2:])
        times, memories, self.words = [], [], []
        for text in root.iter(space + "text"):
            words = "".join(text.itertext())
            self.words.append(words)
            place = [float(n) for n in re.findall(r"-?[\d.]+", text.get("transform"))][4:]
            is_figure = re.fullmatch(r"-?\d+(\.\d+)?", words) and text.get("font-size") == "14"
            if is_figure and text.get("text-anchor") == "middle":
                times.append((place[0], float(words)))
            elif is_figure and text.get("text-anchor") == "end":
                memories.append((place[1], float(words)))
        self.times, self.memories = times, memories
        spines = [[float(n) for n in re.findall(r"-?[\d.]+", line.get("points"))]
                  for line in root.iter(space + "polyline") if line.get("stroke") == "#82828A"]
        # The frame's corners: dots from the left, and from the top.
        self.left, low, _, high = max(spines, key=lambda s: abs(s[3] - s[1]))
        self.right = max(max(spines, key=lambda s: abs(s[2] - s[0]))[0::2])
        self.bottom, self.top = self.height - min(low, high), self.height - max(low, high)
        # What has a tooltip: left, top, width, height, and what it says.
        self.boxes = [[float(box.get(key)) for key in ("x", "y", "width", "height")] +
                      [box.find(space + "title").text] for box in root.iter(space + "rect")
                      if box.find(space + "title") is not None]
        self.curves = [len(line.get("points").split()) for line in root.iter(space + "polyline")]

    @staticmethod
    def at(ticks, place):
        (p1, v1), (p2, v2) = ticks[0], ticks[-1]
        return v1 + (place - p1) * (v2 - v1) / (p2 - p1)

    def time(self, x):
        """At so many dots from the left."""
        return self.at(self.times, x)

    def memory(self, y):
        """At so many dots from the top."""
        return self.at(self.memories, self.height - y)

    def x(self, time):
        return self.at([(v, p) for p, v in self.times], time)

    def y(self, memory):
        return self.height - self.at([(v, p) for p, v in self.memories], memory)


class Plot:
    """A running `mprof-trace plot` whose window lies at the screen's upper left corner."""

    saved = 0  # views, of all plots

    def __init__(self, server, *arguments):
        self.server = server
        self.process = subprocess.Popen([os.environ["MPROF_TRACE"], "plot", *arguments],
                                        env=server.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        wait_for(self.has_window, "a window")
        self.move(600, 300)  # keys go to the window below the pointer

    def has_window(self):
        """Whether its window is there yet. A search fails where there is none, and also where a
        window goes while it walks over them."""
        assert self.process.poll() is None, self.end()
        found = self.server.run("xdotool", "search", "--all", "--onlyvisible", "--pid",
                                str(self.process.pid), "--class", "mprof-trace", check=False)
        self.window = found.split()[-1].decode() if found else None
        return self.window is not None

    def do(self, *words):
        self.server.run("xdotool", *(str(word) for word in words))

    def move(self, x, y):
        self.do("mousemove", round(x), round(y))

    def key(self, *keys):
        self.do("key", *keys)

    def drag(self, x1, y1, x2, y2, button=1, modifier=None):
        self.move(x1, y1)
        if modifier:
            self.do("keydown", modifier)
        self.do("mousedown", button)
        for part in (0.3, 0.7, 1):
            self.move(x1 + (x2 - x1) * part, y1 + (y2 - y1) * part)
        self.do("mouseup", button)
        if modifier:
            self.do("keyup", modifier)

    def save(self, path):
        self.key("s")
        self.do("type", path)
        self.key("Return")
        wait_for(lambda: os.path.exists(path), path)

    def view(self):
        """What is seen now."""
        Plot.saved += 1
        path = "view%d.svg" % Plot.saved
        self.save(path)
        return View(path)

    def end(self):
        """Its status and what it wrote, once it has ended."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, out.decode(), err.decode()


def wait_for(condition, what):
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("waited in vain for " + what)
        time.sleep(0.02)


def near(actual, expected, within, what):
    assert abs(actual - expected) <= within, "%s is %g, not %g" % (what, actual, expected)
