#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""One event on the officers' page, as a picture: what waits, then the page of the one that TEXT names.

usage: picture.py URL SPKI NAME KEY OUT TEXT      writes OUT/office-now.png, office-event.png and office-transfers.png
"""
import sys

from chromium import Browser, chromedriver, sign_in

url, spki, name, key, out, text = sys.argv[1:7]
with chromedriver() as driver:
    browser = Browser(driver, url, spki, out)
    try:
        sign_in(browser, name, key)
        browser.picture("office-now.png")
        browser.go(browser.event(text))
        browser.picture("office-event.png")
        sound = browser.count(".verdict.sound") == 1
        print(browser.text("p.lead"))
        print(browser.text(".verdict"))
        browser.go("/transfers")
        browser.picture("office-transfers.png")
    finally:
        browser.end()
sys.exit(not sound)
