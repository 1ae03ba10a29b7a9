# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium, driven by chromedriver over its W3C interface; and an officer who signs in by it."""
import base64
import contextlib
import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


@contextlib.contextmanager
def chromedriver():
    """Its address, while it runs."""
    driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        for line in driver.stdout:
            if "successfully on port" in line:
                yield f"http://127.0.0.1:{line.rstrip('. ' + chr(10)).split()[-1]}"
                break
    finally:
        driver.terminate()
        driver.wait()


class Browser:
    """One session: its own profile, its own cookies."""

    def __init__(self, driver, url, spki, out):
        self.url, self.out = url, out
        self.profile = tempfile.TemporaryDirectory()
        args = FLAGS + [f"--user-data-dir={self.profile.name}", f"--ignore-certificate-errors-spki-list={spki}"]
        options = {"args": args, "prefs": {"intl.accept_languages": "en-GB,en"}}
        answer = self.ask(driver, "POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options,
            "goog:loggingPrefs": {"performance": "ALL", "browser": "ALL"}}}})
        self.base = f"{driver}/session/{answer['sessionId']}"
        self.window(1280, 900)

    @staticmethod
    def ask(base, method, path, body=None):
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def post(self, path, body=None):
        return self.ask(self.base, "POST", path, body)

    def get(self, path):
        return self.ask(self.base, "GET", path)

    def window(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride",
                 {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def cdp(self, command, params):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": params})

    def go(self, path):
        self.post("/url", {"url": self.url + path})

    def address(self):
        return self.get("/url")[len(self.url):]

    def event(self, text):
        """The address of the waiting event whose sentence has this text."""
        self.go("/")
        element = self.post("/element", {"using": "xpath", "value": f"//a[@class='what'][contains(., '{text}')]"})
        return self.get(f"/element/{element[ELEMENT]}/attribute/href")

    def find(self, css):
        return self.post("/element", {"using": "css selector", "value": css})[ELEMENT]

    def count(self, css):
        return len(self.post("/elements", {"using": "css selector", "value": css}))

    def text(self, css="body"):
        return self.get(f"/element/{self.find(css)}/text")

    def type(self, css, text):
        self.post(f"/element/{self.find(css)}/value", {"text": text})

    def click(self, css):
        self.post(f"/element/{self.find(css)}/click")

    def follow(self, css):
        """Click on what leads to another page, and wait for that."""
        self.script("window.before = true")
        self.click(css)
        for _ in range(300):
            try:
                if self.script("return !window.before && document.readyState == 'complete'"):
                    return
            except urllib.error.HTTPError:
                pass  # between two pages
            time.sleep(0.05)
        raise SystemExit(f"not ok office-web: {css} leads nowhere: {self.text()}")

    def script(self, text):
        return self.post("/execute/sync", {"script": text, "args": []})

    def picture(self, name, whole=True):
        """PNG of the whole page, whatever its height."""
        shot = self.cdp("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": whole})
        with open(os.path.join(self.out, name), "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def paper(self, name):
        with open(os.path.join(self.out, name), "wb") as file:
            file.write(base64.b64decode(self.post("/print", {"page": {"width": 21.0, "height": 29.7}})))

    def requests(self):
        """Every address that was asked for so far."""
        found = []
        for entry in self.post("/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent" and self.base_page(message):
                found.append(message["params"]["request"]["url"])
        return found

    @staticmethod
    def base_page(message):
        """Not of the page that the browser itself begins with."""
        return not message["params"]["request"]["url"].startswith("chrome://")

    def complaints(self):
        return [e["message"] for e in self.post("/se/log", {"type": "browser"})
                if "status of 40" not in e["message"]]

    def end(self):
        self.ask(self.base, "DELETE", "")
        self.profile.cleanup()


def sign_in(browser, name, key_file):
    """As an officer does: copy the command, run it, paste what it prints."""
    browser.go("/login")
    browser.type("#name", name)
    browser.follow("main button")
    if not browser.count("pre.command"):
        raise SystemExit("not ok office-web: no challenge: " + browser.text())
    command = browser.text("pre.command").replace("~/.ssh/id_ed25519", key_file)
    signature = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
    # As pasting does: at once, not key by key.
    browser.script(f"document.getElementById('signature').value = {json.dumps(signature)}")
    browser.follow("main button")
