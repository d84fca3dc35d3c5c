"""Tabs of one browser, as the state machine drives them.

Each request is answered by the server at once; the answer is let through, held or lost. A step is
over when nothing goes on any more but what is held.
"""

import json
import re
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Error

INSIDE = Path(__file__).with_name("machine.js").read_text()
HOLDS = 2  # at most so many answers at once
LEFT = re.compile("destroyed|machine is not defined|null")
ABORTED = re.compile("ERR_ABORTED|interrupted by another navigation")
SETTLE = "([held, ms, until, ping]) => machine.settle(held, ms, until, ping)"
LOOKS = 4_000  # at a page, until it is given up; each takes a few milliseconds
LONG = 1_000  # looks in which any request has come to Playwright that ever will
SOON = 120  # milliseconds: what the script puts off for a moment is part of a step


class Answer:
    """A request of a page, and what the server said to it, wherever that is by now."""

    def __init__(self, tab, route):
        request = route.request
        self.tab, self.route, self.method, self.url = tab, route, request.method, request.url
        self.id = request.headers.get("x-machine")
        self.response = None

    def fetch(self):
        self.response = self.route.fetch()
        self.headers, self.status = self.response.headers, self.response.status

    @property
    def call(self):
        """What a write asks for: its name, the number, and whether it is to be done."""
        path = urlsplit(self.url).path.strip("/").split("/")
        if "tally" in path:
            return "count", int(path[1]), path[2]
        name, body = path[-1], self.route.request.post_data
        if name == "call":
            call = json.loads(body)
            name, said = call["fn"], call["args"]
        else:
            said = dict(parse_qsl(body))
        return name, int(said.get("n", 1)), said.get("fate", "commit")

    def end(self, lose=False):
        """Let it through to the page, or lose it; the page may be gone, or want it no more."""
        try:
            self.route.abort() if lose else self.route.fulfill(response=self.response)
        except Error:
            self.tab.orphans.add(self.id)
            return False
        return True


class Tab:
    """A page, what of it is held, and what was read of it last."""

    def __init__(self, tabs, address):
        self.tabs, self.address = tabs, address
        self.held, self.fates, self.painted, self.seen = [], [], [], None
        self.taken = set()
        self.orphans = set()  # of a page that left: Playwright never answers them, should it return
        self.page = tabs.context.new_page()
        self.page.route("**/tally/**", self.take)
        self.page.route("**/api/mizan/**", self.take)
        self.page.on("pageerror", lambda error: tabs.faults.append(str(error)))

    def take(self, route):
        """Answer a request by the next of the fates that are set for its kind."""
        answer = Answer(self, route)
        self.taken.add(answer.id)
        kind = "write" if answer.method == "POST" else "read"
        fate = next((fate for fate in self.fates if fate[1] == kind), ("pass", kind))
        if fate in self.fates:
            self.fates.remove(fate)
        if fate[0] == "unsent":
            return self.deliver(answer, lose=True)
        try:
            answer.fetch()
        except Error:
            return self.orphans.add(answer.id)
        self.tabs.watcher.answered(answer)
        if fate[0] == "hold" and sum(len(tab.held) for tab in self.tabs) < HOLDS:
            return self.held.append(answer)
        return self.deliver(answer, lose=fate[0] == "lose")

    def forget(self, under):
        """What is held and not under way any more, the page does not want."""
        for answer in [one for one in self.held if one.id not in under]:
            self.held.remove(answer)
            self.tabs.watcher.forgotten(answer)

    def release(self, index, lose=False):
        answer = self.held.pop(index)
        self.deliver(answer, lose)
        return answer

    def deliver(self, answer, lose=False):
        if answer.end(lose):
            self.tabs.watcher.delivered(answer, lose)

    def run(self, script, argument=None):
        return self.page.evaluate(script, argument)

    def go(self, address=None, again=True):
        try:
            self.page.goto(address or self.address, wait_until="commit")
        except Error as error:  # the page was just about to reload by itself, which it does once
            if not again or not ABORTED.search(str(error)):
                raise
            self.go(address, again=False)

    def back(self):
        """Leave the page and come back by the browser's history."""
        self.go(f"{urlsplit(self.address).scheme}://{urlsplit(self.address).netloc}/landing/")
        try:
            self.run("history.back()")
        except Error as error:  # it was quicker than the answer to this
            if not LEFT.search(str(error)):
                raise
        self.page.wait_for_url(self.address, wait_until="commit")

    def settle(self, ms=SOON, ping=0):
        """Go on until nothing is under way that is not held; what the page is then."""
        until = None
        for look in range(LOOKS):
            try:
                seen = self.run(SETTLE, [self.ids, ms, until, ping])
            except Error as error:
                if not LEFT.search(str(error)):
                    raise
                until = None
                self.page.wait_for_timeout(1)
                continue
            until = seen["until"]
            self.painted += seen["painted"]
            self.forget(seen["under"])
            if seen["ready"] and not seen["leaving"] and set(seen["under"]) == set(self.ids):
                self.seen = seen
                return seen
            if look == LONG and seen["restored"]:
                # Nor does it always hear of what a page sent as it left.
                unheard = set(seen["under"]) - self.taken
                self.tabs.watcher.counts["  pages with a request nobody heard of"] += bool(unheard)
                self.orphans |= unheard
            if self.orphans.intersection(seen["under"]):
                with suppress(Error):  # the page may be leaving by itself
                    self.go()
                until = None
            self.page.wait_for_timeout(1)
        raise AssertionError(f"it does not come to rest: {seen}, held: {self.ids}")

    @property
    def ids(self):
        return [one.id for one in self.held]


class Tabs(list):
    """Two tabs of one browser, the same user's.

    Their `watcher` is told of each answer: when the server has given it, when a page has it.
    """

    def __init__(self, context, address):
        self.context, self.watcher, self.faults, self.ping = context, None, [], 0
        context.add_init_script(INSIDE)
        super().__init__(Tab(self, address) for _ in range(2))

    def settle(self):
        """Let both go on until neither does anything more, having heard of all the other did."""
        before = None
        for _ in range(100):
            last, self.ping = self.ping, self.ping + 1
            seen = [tab.settle(ping=self.ping) for tab in self]
            now = [(one["id"], one["deeds"]) for one in seen]
            if now == before and all(one["heard"] >= last for one in seen):
                return
            before = now
        raise AssertionError(f"the tabs do not come to rest: {seen}")

    def begin(self):
        """Open the page in both."""
        for tab in self:
            tab.fates.clear()
            tab.painted.clear()
            tab.go()
        for tab in self:
            tab.settle()
            tab.run(f"delete sessionStorage['mizan {urlsplit(self[0].address).path}']")
