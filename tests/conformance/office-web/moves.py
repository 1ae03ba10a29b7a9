# SPDX-License-Identifier: GPL-2.0-or-later
"""An event goes its way by the forms of the page, with a second person. Called by pages.py."""
from chromium import sign_in


def submit(browser, move, text=None):
    """The form of a move: opened, filled in, sent."""
    browser.script(f"""const form = document.querySelector('input[name=move][value={move}]').form;
        if (form.parentElement.tagName == 'DETAILS') form.parentElement.open = true;
        form.setAttribute('data-chosen', '1');""")
    if text is not None:
        browser.type("form[data-chosen] textarea[name=text]", text)
    browser.follow("form[data-chosen] button")


def state(browser):
    return browser.text(".facts .state")


def offered(browser):
    return browser.script("return [...document.querySelectorAll('input[name=move]')].map(e => e.value)")


def run(first, new_browser, key, say):
    address = first.event("<script>")
    first.go(address)
    first.picture("office-event-moves.png")
    submit(first, "take")
    say(state(first) == "in hand" and first.address() == address, "one click takes an event in hand", first.text())
    stale = new_browser()
    sign_in(stale, "zajc", key("zajc"))
    stale.go(address)
    submit(first, "explain", "He had found the stick in the car park. <b>Really.</b>")
    say("<b>Really.</b>" in first.text(".own") and first.count(".own b") == 0, "what the user says is text", first.text())
    submit(stale, "note", "seen")
    say(stale.count("p.fault") == 1, "who has not seen the latest is told so", stale.text())
    submit(first, "handle", "The stick is in the safe.")
    submit(first, "review", "No harm done; the user was instructed.")
    say(state(first) == "to review" and "close" not in offered(first), "who asks for closing cannot close", offered(first))
    auditor = new_browser()
    sign_in(auditor, "horvat", key("horvat"))
    auditor.go(address)
    say(offered(auditor) == [] and state(auditor) == "to review", "an auditor sees it and is offered nothing",
        offered(auditor))
    stale.go(address)
    stale.picture("office-event-review.png")
    submit(stale, "close")
    say(state(stale) == "closed", "a second person closes it", stale.text())
    stale.go(address + "/report")
    say("The stick is in the safe." in stale.text(".report"), "and the report has it", stale.text())
    stale.picture("office-report-filled.png")
    stale.go("/events/new")
    stale.picture("office-new.png")
    stale.type("textarea[name=facts]", "A registered medium is missing since Monday.")
    stale.click("input[name=drill]")
    stale.follow("main form button")
    say(stale.count("p.drill") == 1 and "missing since Monday" in stale.text(), "an officer enters a drill", stale.text())
    say("Treated as a leak" in stale.text(".facts"), "a lost medium says when it counts as a leak", stale.text(".facts"))
    stale.script("document.querySelector('select[name=unit]').value = '1'")
    submit(stale, "cyber")
    say("protection department and police" in stale.text(".facts") and "Cyber report due" in stale.text(".facts"),
        "a cyber incident says to whom it is reported, and until when", stale.text(".facts"))
    stale.picture("office-event-cyber.png")
    stale.go(stale.address() + "/report")
    say("protection department and police" in stale.text(".report"), "and so does its report", stale.text())
    stale.go("/actions")
    say("kovac" in stale.text("table") and "asked for closing" in stale.text("table"), "all of it is in the own log",
        stale.text())
    stale.picture("office-actions-after.png")
