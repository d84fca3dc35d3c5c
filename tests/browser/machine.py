"""The state machine: whatever two tabs do, and whatever becomes of answers, what is shown is right.

The model is a plain dict of what is committed. What each tab may show follows from it, from the
writes whose answers the tab has read, and from what is held back.
"""

import json
import sys
import urllib.request
from collections import Counter, defaultdict, deque

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from playwright.sync_api import Error

from tests.browser.proof import Proof
from tests.browser.tabs import Tabs
from tests.browser.tallies import FATES, NUMBERS

USERS = {"alice", "bob"}

tabs_ = st.sampled_from([0, 0, 1])
numbers = st.sampled_from([*NUMBERS, *NUMBERS, "mine"])
hows = st.sampled_from(["form", "view", "call"])
fates = st.sampled_from(["commit", *FATES])
replies = st.sampled_from(["pass", "pass", "hold", "lose", "unsent"])


class Soak(Proof, RuleBasedStateMachine):
    """
    Args:
        context: a browser's, kept for all runs.
        server: its address.
        htmx: the version.
        counts: where the steps are counted, by rule.
        wrongs: where what was wrong is kept, for Hypothesis hides what does not happen twice.
    """

    tabs = None

    def __init__(self, context, server, htmx, counts, wrongs):
        super().__init__()
        self.server, self.context = server, context
        self.counts, self.wrongs = counts, wrongs
        self.address = f"{server}/tallies/page/?htmx={htmx}"
        if not hasattr(context, "tabs"):
            context.tabs = Tabs(context, self.address)
        self.tabs = context.tabs
        self.tabs.watcher = self
        self.is_right = False

    # What happens

    @initialize(flight=st.sampled_from(["", "flight"]))
    def begin(self, flight):
        self.story = deque(maxlen=60)
        self.count("begin")
        self.model = Counter()
        self.known = [Counter(), Counter()]  # what each tab has reason to know
        self.shown = [Counter(), Counter()]  # the newest that each has shown
        self.clean = [defaultdict(float), defaultdict(float)]  # when each place was last right
        self.typed = [["", None], ["", None]]
        self.hurt, self.missed = set(), set()
        self.whose, self.leaving = {}, set()
        self.told = {}  # by request, what a write's answer lets a page know
        self.get(f"tallies/reset/{flight or 'none'}/")
        self.user = None
        self.log_in("alice")
        self.tabs.begin()

    @rule(tab=tabs_, how=hows, n=numbers, fate=fates, reply=replies)
    def write(self, tab, how, n, fate, reply):
        self.count({"commit": "mutate"}.get(fate, "roll back"))
        self.counts[f"  answer to a write: {reply}"] += 1
        self.send(tab, how, n, fate, reply)

    @rule(tab=tabs_, reply=st.sampled_from(["hold", "hold", "lose", "unsent"]))
    def arrange(self, tab, reply):
        """What becomes of the tab's next read."""
        self.count(f"{reply} a read")
        self.tabs[tab].fates.append((reply, "read"))

    @rule(index=st.integers(0, 1), lose=st.sampled_from([False, False, True]))
    def release(self, index, lose):
        held = self.held()
        if held:
            self.count("lose what was held" if lose else "release")
            tab, place = held[index % len(held)]
            self.tabs[tab].release(place, lose)

    @rule(tab=tabs_, kind=st.sampled_from(["read", "write"]), how=hows, n=numbers)
    def reorder(self, tab, kind, how, n):
        """Two writes are answered the wrong way round, or the other tab's reads that follow."""
        self.count(f"reorder two {kind}s")
        self.release_all()
        for reader in self.tabs:
            reader.fates[:] = (
                [("hold", "read")] * 2 * (reader == self.tabs[1 - tab] and kind == "read")
            )
        for _ in range(2):
            self.send(tab, how, n, "commit", "pass" if kind == "read" else "hold")
            self.look()
        self.release_all()

    @rule(tab=tabs_, text=st.sampled_from(["a", "b", ""]))
    def type(self, tab, text):
        """Type a letter, or leave the field."""
        self.count("type" if text else "leave the field")
        if not text:
            return self.tabs[tab].run("document.activeElement.blur()")
        self.tabs[tab].run("document.querySelector('[name=note]').focus()")
        self.tabs[tab].page.keyboard.insert_text(text)
        before, document = self.typed[tab]
        now = self.tabs[tab].seen["id"]
        self.typed[tab] = [before + text if document == now else text, now]

    @rule(tab=tabs_, back=st.booleans())
    def navigate(self, tab, back):
        self.count("navigate back" if back else "reload")
        if not back:
            return self.tabs[tab].go()
        while self.tabs[tab].held:  # Playwright would forget it, though the page may be kept
            self.tabs[tab].release(0, lose=True)
        restored = self.tabs[tab].seen["restored"]
        self.tabs[tab].back()
        self.tabs[tab].settle()
        self.counts["  of these from bfcache"] += self.tabs[tab].seen["restored"] > restored

    @rule(tab=tabs_, ms=st.sampled_from([60, 600, 2000, 40_000]))
    def wait(self, tab, ms):
        """Time passes; or it does not, and afterwards is later: the machine slept."""
        self.count("let time pass" if ms < 40_000 else "sleep")
        if ms < 40_000:
            self.tabs[tab].settle(ms)
        else:
            self.tabs[tab].run(f"machine.sleep({ms})")

    @rule()
    def log_in_as_another(self):
        self.count("log in as another")
        self.log_in(*USERS - {self.user})

    def teardown(self):
        fault = sys.exc_info()[1]
        if isinstance(fault, AssertionError):
            self.wrongs.append(fault)
            print("", "What led there:", *self.story, sep="\n  ")
        elif self.is_right and not isinstance(fault, Error):
            self.come_to_rest()
            self.counts["runs"] += 1

    # How

    def count(self, name):
        self.counts[name] += 1
        self.story.append(name)

    def tell(self, what, answer):
        """Note, for whoever has to find a fault, what became of a request."""
        tab = self.tabs.index(answer.tab)
        path = answer.url.partition("://")[2].partition("/")[2]
        known = [getattr(answer, name, "") for name in ("value", "user", "id")]
        said = (answer.method, path[:60], *known)
        self.story.append(f"    {what} by tab {tab}: {' '.join(map(str, said))}")

    def get(self, path):
        return urllib.request.urlopen(f"{self.server}/{path}", timeout=10).read()

    def log_in(self, user):
        self.context.request.get(f"{self.server}/login-as/{user}/").dispose()
        self.user = user

    def held(self):
        return [(t, i) for t, tab in enumerate(self.tabs) for i in range(len(tab.held))]

    def send(self, tab, how, n, fate, *becomes):
        """A write, and what becomes of its answer; one's own are always done, and through mizan."""
        if n == "mine":
            fate, how = "commit", how.replace("view", "form")
        name = "count_mine" if n == "mine" else "count"
        self.tabs[tab].fates += [(one, "write") if isinstance(one, str) else one for one in becomes]
        if how == "call":
            kernel = "globalThis[Symbol.for('mizan.kernel')]"
            args = {} if n == "mine" else {"n": n, "fate": fate}
            self.tabs[tab].run(f"a => void {kernel}.mizanCall('{name}', a).catch(() => 0)", args)
        else:
            self.tabs[tab].run(f"document.querySelector('#{how}-{n}-{fate}').click()")

    def release_all(self):
        """What is held arrives, the last first."""
        for tab in self.tabs:
            tab.fates.clear()
        while held := self.held():
            tab, place = held[-1]
            self.tabs[tab].release(place)
            self.look()

    def come_to_rest(self):
        """Whatever is held arrives and time passes: then everything is right, with no excuse."""
        self.release_all()
        for tab in self.tabs:
            tab.run("document.activeElement.blur()")
            tab.run("machine.sleep(40_000)")
        self.tabs.settle()
        self.hurt.clear()
        self.missed.clear()
        self.look()
        told = json.loads(self.get("tallies/"))
        assert told == {str(n): value for n, value in self.model.items() if value}
        for tab in self.tabs:
            assert tab.seen["who"] == self.user
            assert not [one for one in tab.seen["places"] if one["stale"] or one["updated"]]

    # What the tabs tell

    def answered(self, answer):
        """The server has answered: INV-1, a write that is done says so, and no other does."""
        answer.user = self.user
        if answer.method != "POST":
            return self.tell("answered", answer)
        name, n, fate = answer.call
        answer.n = self.user if name == "count_mine" else n
        key = "purse" if name == "count_mine" else f"tally;n={n}"
        told = answer.headers.get("x-mizan-invalidate")
        answer.done = fate == "commit" and answer.status < 400
        self.model[answer.n] += answer.done
        answer.value = self.model[answer.n]
        assert told == (key if answer.done else None), (
            f"INV-1: {name} {fate} {answer.status} said {told}"
        )
        self.tell("answered", answer)

    def delivered(self, answer, lost):
        """A page has it, or a network error."""
        self.tell("lost" if lost else "delivered", answer)
        tab = self.tabs.index(answer.tab)
        if lost and answer.method == "GET":
            self.hurt.add(tab)
        if not lost and answer.method == "POST" and answer.done:
            self.told[answer.id] = answer.n, answer.value
        document = (answer.id or "").split(" ")[0]
        if not lost and self.whose.get(document, answer.user) != answer.user:
            self.leaving.add(document)

    def forgotten(self, answer):
        """A page left while an answer to it was held: nobody knows of that write."""
        self.tell("forgotten", answer)
        if answer.method == "POST" and answer.done:
            self.missed |= {(tab, answer.n) for tab in range(2)}

    def miss_left(self):
        """A write was answered as its page left: the next page may have been read before it."""
        here = [page.seen["id"] for page in self.tabs]
        for request in [one for one in self.told if one.split(" ")[0] not in here]:
            n, _ = self.told.pop(request)
            self.missed |= {(tab, n) for tab in range(2)}

    def know(self, tab, n, value):
        self.known[tab][n] = max(self.known[tab][n], value)

    # What has to be

    @invariant()
    def look(self):
        """Both pages as they are when nothing goes on but what is held."""
        self.is_right = False
        self.tabs.settle()
        assert self.tabs.faults == []
        self.miss_left()
        for tab, page in enumerate(self.tabs):
            values = [place["value"] for place in page.seen["places"]]
            who, document, now = (page.seen[name] for name in ("who", "id", "now"))
            self.story.append(f"  tab {tab} shows {who}, {document} at {now}: {values}")
            self.check(tab, page.seen, page.painted)
            page.painted.clear()
        assert not self.told, "a page has not read what it was given"
        for n in list(self.model):  # each has heard by now what the other knows
            both = max(known[n] for known in self.known)
            for tab in range(2):
                self.know(tab, n, both)
        self.is_right = True
