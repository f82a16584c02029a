"""Drives a page of plot -o x.html in headless Chromium: real clicks, keys and wheel turns.

The page says of itself in <html data-first-ms> when it has drawn first, and in data-draw-ms how long the
last drawing took. Run with Debian's python3: /usr/bin/python3.
"""
import base64
import json
import os
import time

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

# For what hangs: a slow machine may take twenty times as long as a quiet one.
PATIENCE_S = 240


class Browser:
    """A browser with a profile of its own in the working directory."""

    def __init__(self, width=1300, height=900, dark=False):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--hide-scrollbars", "--disable-background-networking", f"--window-size={width},{height}",
                         "--user-data-dir=" + os.path.abspath("browser")):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.chrome.service.Service("/usr/bin/chromedriver")
        self.driver = webdriver.Chrome(options=options, service=service)
        self.driver.set_page_load_timeout(PATIENCE_S)
        self.driver.set_script_timeout(PATIENCE_S)
        self.resize(width, height)
        self.set_dark(dark)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def resize(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def set_dark(self, dark):
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def open(self, path, fragment=""):
        self.driver.get("about:blank")
        self.driver.get("file://" + os.path.abspath(path) + fragment)
        self.wait_for("the first drawing", lambda: self.js("return document.documentElement.dataset.firstMs"))

    def wait_for(self, what, condition):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"waited in vain for {what}; the hash is {self.hash()!r}")

    def hash(self):
        return self.js("return decodeURIComponent(location.hash.slice(1))")

    def hash_parts(self):
        return dict(part.partition("=")[::2] for part in self.hash().split("&") if part)

    def wait_for_hash(self, key, condition=lambda value: value is not None):
        """The page writes its address when hands rest."""
        return self.wait_for(f"the hash's {key}", lambda: (lambda value: condition(value) and (value or True))(
            self.hash_parts().get(key)))

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def find_all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def click(self, what):
        """@what: a selector, or what finds the element: it may be made anew while it is looked for."""
        self.on(what, lambda element: element.click())

    def on(self, what, act):
        for _ in range(100):
            try:
                return act(what() if callable(what) else self.find(what))
            except StaleElementReferenceException:
                pass
        raise AssertionError(f"{what} never stays")

    def text(self, selector):
        """"" while there is no such element."""
        return self.js("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def texts(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)", selector)

    def actions(self):
        return ActionChains(self.driver, duration=20)

    def chart_box(self):
        return self.js("document.querySelector('#chart').scrollIntoView({block: 'center'});"
                       "const b = document.querySelector('#chart').getBoundingClientRect();"
                       "return [b.left, b.top, b.width, b.height]")

    def mouse(self, kind, x, y, **more):
        """A real event of the mouse, in coordinates of the chart."""
        left, top, _, _ = self.chart_box()
        self.cdp("Input.dispatchMouseEvent", type=kind, x=left + x, y=top + y, **more)

    def drag(self, x1, x2, y, **more):
        self.mouse("mousePressed", x1, y, button="left", buttons=1, clickCount=1, **more)
        for i in range(1, 6):
            self.mouse("mouseMoved", x1 + (x2 - x1) * i / 5, y, button="left", buttons=1, **more)
        self.mouse("mouseReleased", x2, y, button="left", buttons=0, clickCount=1, **more)

    def touch(self, kind, *xs, y=100):
        """Fingers on the chart; none left: kind is touchEnd."""
        left, top, _, _ = self.chart_box()
        self.cdp("Input.dispatchTouchEvent", type=kind,
                 touchPoints=[{"x": left + x, "y": top + y, "id": i} for i, x in enumerate(xs)])

    def key(self, *keys):
        self.actions().send_keys(*keys).perform()

    def table(self, name):
        """The rows of one of the tables, as lists of texts."""
        tabs = self.texts("[role=tab]")
        at, = [i for i, tab in enumerate(tabs) if tab.startswith(name)]
        self.click(lambda: self.find_all("[role=tab]")[at])
        return self.js("return [...document.querySelectorAll('#tables tbody tr')].map(row =>"
                       " [...row.cells].map(cell => cell.textContent))")

    def colors(self, selector, color):
        """How many dots of a canvas have nearly that colour (r, g, b)."""
        return self.js("""
            const canvas = document.querySelector(arguments[0]), [r, g, b] = arguments[1];
            const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let i = 0; i < data.length; i += 4)
                count += data[i + 3] > 200 && Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) +
                    Math.abs(data[i + 2] - b) < 30;
            return count;""", selector, color)

    def screenshot(self, path, whole=True):
        size = self.js("return [innerWidth, innerHeight, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": size[0], "height": size[2] if whole else size[1], "scale": 1}
        taken = self.cdp("Page.captureScreenshot", captureBeyondViewport=whole, clip=clip)
        with open(path, "wb") as file:
            file.write(base64.b64decode(taken["data"]))

    def complaints(self):
        """What the browser's console has got, but for what self.colors costs."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "willReadFrequently" not in entry["message"]]

    def requests(self):
        """The URLs that pages from files have asked for since this was asked last."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent" and
                event["params"]["documentURL"].startswith("file:")]


__all__ = ["Browser", "Keys"]
