#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The officers' page in Chromium, driven by its W3C interface. Prints `ok` and `not ok` lines.

usage: browser.py URL SPKI KEYS OUT     KEYS: folder with the officers' SSH keys; OUT: for screenshots
"""
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

import moves

URL, SPKI, KEYS, OUT = sys.argv[1:5]
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
         f"--ignore-certificate-errors-spki-list={SPKI}"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
failed = False


def say(good, name, detail=""):
    global failed
    if not good and detail:
        print("    " + str(detail)[:600])
    print(("ok" if good else "not ok") + " office-web: " + name, flush=True)
    failed = failed or not good


class Browser:
    """One session: its own profile, its own cookies."""

    def __init__(self, driver, *flags):
        self.profile = tempfile.TemporaryDirectory()
        args = FLAGS + [f"--user-data-dir={self.profile.name}"] + list(flags)
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
        self.post("/url", {"url": URL + path})

    def address(self):
        return self.get("/url")[len(URL):]

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
        with open(os.path.join(OUT, name), "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def paper(self, name):
        with open(os.path.join(OUT, name), "wb") as file:
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


def sign_in(browser, name, key):
    """As an officer does: copy the command, run it, paste what it prints."""
    browser.go("/login")
    browser.type("#name", name)
    browser.follow("main button")
    if not browser.count("pre.command"):
        raise SystemExit("not ok office-web: no challenge: " + browser.text())
    command = browser.text("pre.command").replace("~/.ssh/id_ed25519", os.path.join(KEYS, key))
    signature = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True).stdout
    # As pasting does: at once, not key by key.
    browser.script(f"document.getElementById('signature').value = {json.dumps(signature)}")
    browser.follow("main button")


def wide_enough(browser):
    return browser.script("return document.documentElement.scrollWidth <= window.innerWidth")


def looks(browser):
    """Pages at both widths, in both schemes."""
    event = browser.event("198.51.100.20")
    pages = {"now": "/", "terminals": "/terminals", "terminal": "/terminals/2", "log": "/terminals/2/log",
             "events": "/events", "event": event, "report": event + "/report", "policies": "/policies",
             "actions": "/actions"}
    for name, path in pages.items():
        browser.go(path)
        say(browser.count("main h1") == 1 and browser.count("nav [aria-current]") == 1, f"{name}: renders",
            browser.text())
        browser.picture(f"office-{name}.png")
        browser.window(400, 800)
        say(wide_enough(browser), f"{name}: fits a width of 400")
        browser.picture(f"office-{name}-narrow.png")
        browser.window(1280, 900)
    browser.cdp("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    for name in ("now", "event"):
        browser.go(pages[name])
        browser.picture(f"office-{name}-dark.png")
    browser.cdp("Emulation.setEmulatedMedia", {"features": []})
    browser.go(pages["report"])
    browser.paper("office-report.pdf")
    browser.go(pages["event"])
    browser.paper("office-event.pdf")


def keyboard(browser):
    browser.go("/")
    browser.post("/actions", {"actions": [{"type": "key", "id": "k", "actions": [
        {"type": "keyDown", "value": "\ue004"}, {"type": "keyUp", "value": "\ue004"}]}]})
    first = browser.script("return document.activeElement.className")
    seen = browser.script("const r = document.activeElement.getBoundingClientRect(); return r.left >= 0 && r.width > 0")
    say(first == "skip" and seen, "the first tab stop leads to the content, and is seen", first)
    browser.post("/actions", {"actions": [{"type": "key", "id": "k", "actions": [
        {"type": "keyDown", "value": "\ue007"}, {"type": "keyUp", "value": "\ue007"}]}]})
    say(browser.script("return document.activeElement.id") == "main", "and Enter goes there")
    outline = browser.script("const a = document.querySelector('nav a'); a.focus(); "
                             "return getComputedStyle(a).outlineStyle")
    unnamed = browser.script("return [...document.querySelectorAll('input:not([type=hidden]),select,textarea')]"
                             ".filter(e => !e.labels || !e.labels.length).length")
    unscoped = browser.script("return document.querySelectorAll('th:not([scope])').length")
    say(unnamed == 0 and unscoped == 0 and outline != "none", "fields have labels, headings a scope, focus is drawn",
        (unnamed, unscoped, outline))


def languages(browser):
    event = browser.event("198.51.100.20")
    browser.go("/terminals")
    browser.follow("a[hreflang=zh]")
    say("终端" in browser.text("h1") and browser.address() == "/terminals", "a click speaks Chinese, on the same page",
        browser.text())
    for name, path in (("now", "/"), ("event", event), ("report", event + "/report"), ("terminals", "/terminals")):
        browser.go(path)
        browser.picture(f"office-{name}-zh.png")
    browser.follow("a[hreflang=en]")
    say("Terminals" in browser.text("h1"), "and another one English again")


def main():
    driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = None
    for line in driver.stdout:
        if "successfully on port" in line:
            port = line.rstrip(". \n").split()[-1]
            break
    base = f"http://127.0.0.1:{port}"
    browsers = []
    try:
        first = Browser(base)
        browsers.append(first)
        first.go("/events/1")
        say(first.address().startswith("/login"), "who is not signed in is asked to", first.address())
        first.picture("office-login.png")
        sign_in(first, "kovac", "zajc")
        say(first.count("p.fault") == 1, "another's key does not come in", first.text())
        first.type("#name", "kovac")
        first.follow("main button")
        first.picture("office-challenge.png")
        sign_in(first, "kovac", "kovac")
        say(first.address() == "/" and first.count("table.list tbody tr") > 3, "a key signs in, and sees what waits",
            first.text())
        looks(first)
        first.go(first.event("<script>"))
        say("<script>alert(1)</script>" in first.text("p.lead") and first.count("script") == 0,
            "a device that is called a script is text", first.text("p.lead"))
        say("\u2713" in first.script("return getComputedStyle(document.querySelector('.verdict'), '::before').content")
            and first.count(".verdict.sound") == 1, "the proof is verified", first.text())
        keyboard(first)
        languages(first)
        def another():
            browsers.append(Browser(base))
            return browsers[-1]
        moves.run(first, another, sign_in, say)
        complaints = first.complaints()
        say(complaints == [], "the browser complains of nothing", complaints)
        outside = [u for b in browsers for u in b.requests() if not u.startswith((URL + "/", "data:"))]
        say(outside == [], "nothing is asked for outside", outside)
        first.follow("header form button")
        first.go("/")
        say(first.address().startswith("/login"), "logging out ends it", first.address())
    finally:
        for browser in browsers:
            browser.end()
        driver.terminate()
        driver.wait()
    sys.exit(failed)


main()
