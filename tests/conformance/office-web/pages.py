#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The officers' page in Chromium. Prints `ok` and `not ok` lines.

usage: pages.py URL SPKI KEYS OUT     KEYS: folder with the officers' SSH keys; OUT: for screenshots
"""
import os
import sys

import moves
from chromium import Browser, chromedriver, sign_in

URL, SPKI, KEYS, OUT = sys.argv[1:5]
failed = False


def say(good, name, detail=""):
    global failed
    if not good and detail:
        print("    " + str(detail)[:600])
    print(("ok" if good else "not ok") + " office-web: " + name, flush=True)
    failed = failed or not good


def key(name):
    return os.path.join(KEYS, name)


def wide_enough(browser):
    return browser.script("return document.documentElement.scrollWidth <= window.innerWidth")


def request(browser):
    """The address of the form of a request that waits."""
    browser.go("/transfers")
    return browser.script("return document.querySelector('a[href$=\"/form\"]').getAttribute('href')")


def looks(browser):
    """Pages at both widths, in both schemes."""
    event = browser.event("198.51.100.20")
    pages = {"now": "/", "terminals": "/terminals", "terminal": "/terminals/2", "log": "/terminals/2/log",
             "transfers": "/transfers", "transfer": "/transfers/1", "form": request(browser), "media": "/media",
             "medium": "/media?id=9f3c5e00112233445566778899aabbcc",
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
    browser.go(pages["form"])
    browser.paper("office-form.pdf")
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
    event, form = browser.event("198.51.100.20"), request(browser)
    browser.go("/terminals")
    browser.follow("a[hreflang=zh]")
    say("终端" in browser.text("h1") and browser.address() == "/terminals", "a click speaks Chinese, on the same page",
        browser.text())
    for name, path in (("now", "/"), ("event", event), ("report", event + "/report"), ("transfers", "/transfers"),
                       ("transfer", "/transfers/1"), ("form", form), ("terminals", "/terminals")):
        browser.go(path)
        browser.picture(f"office-{name}-zh.png")
    browser.follow("a[hreflang=en]")
    say("Terminals" in browser.text("h1"), "and another one English again")


def check(driver, browsers):
    def another():
        browsers.append(Browser(driver, URL, SPKI, OUT))
        return browsers[-1]

    first = another()
    first.go("/events/1")
    say(first.address().startswith("/login"), "who is not signed in is asked to", first.address())
    first.picture("office-login.png")
    sign_in(first, "kovac", key("zajc"))
    say(first.count("p.fault") == 1, "another's key does not come in", first.text())
    first.type("#name", "kovac")
    first.follow("main button")
    first.picture("office-challenge.png")
    sign_in(first, "kovac", key("kovac"))
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
    moves.run(first, another, key, say)
    complaints = first.complaints()
    say(complaints == [], "the browser complains of nothing", complaints)
    outside = [u for b in browsers for u in b.requests() if not u.startswith((URL + "/", "data:"))]
    say(outside == [], "nothing is asked for outside", outside)
    first.follow("header form button")
    first.go("/")
    say(first.address().startswith("/login"), "logging out ends it", first.address())


def main():
    browsers = []
    with chromedriver() as driver:
        try:
            check(driver, browsers)
        finally:
            for browser in browsers:
                browser.end()
    sys.exit(failed)


main()
