"""What the state machine holds two pages to, by what it knows of either."""

PLACES = {"first": 1, "second": 1, "third": 2, "fourth": 2, "fifth": 2, "sixth": 1}
OWN = ("mine", "my-own")
ISLANDS = ("sixth", "my-own")
PATIENCE = 500  # milliseconds after which the script may show what came late (case F-24)


class Proof:
    """The checks; what they look at is the machine's, see ``Soak.begin``."""

    def check(self, tab, seen, painted):
        who, document = seen["who"], seen["id"]
        assert document not in self.leaving, f"INV-4: {who}'s page stays after another's answer"
        assert not seen["others"], f"INV-4: {who} sees what is {seen['others']}'s"
        if self.whose.setdefault(document, who) and self.typed[tab][1] == document:
            assert seen["notes"] == [self.typed[tab][0]], f"{seen['notes']}, not {self.typed[tab]}"
        for place, text, at, *who in painted:
            if place:
                self.check_paint(tab, place, *self.read(place, text, *who), at)
            elif text in self.told:
                self.know(tab, *self.told.pop(text))
        wrong = {n for place in seen["places"] for n in self.check_place(tab, place, seen)}
        # A page may be rendered while a write is under way: one half of it before, the other after.
        self.missed -= {(t, n) for t, n in self.missed if t == tab and n not in wrong}
        if not wrong and not any(place["stale"] for place in seen["places"]):
            self.hurt.discard(tab)

    def read(self, place, text, who):
        """Which number a place shows, and which value."""
        words = text.split()
        if place in OWN:
            assert words, f"{place} is empty"
            assert words[0] == who, f"INV-4: {who} sees {text}"
        return who if place in OWN else PLACES[place], int(words[-1])

    def check_paint(self, tab, place, n, value, at):
        """INV-5: what is painted is never older than what is known, save for the starving."""
        starves = at - self.clean[tab][place] > PATIENCE
        known = self.known[tab][n]
        assert value >= self.shown[tab][place, n], f"INV-5: {place} of {tab} goes back to {value}"
        assert starves or value >= known, f"INV-5: {place} of {tab} shows {value} after {known}"
        self.shown[tab][place, n] = value

    def check_place(self, tab, place, seen):
        """What is shown is what is committed, unless there is a reason why it cannot be yet.

        Returns:
            The numbers it shows wrongly: none, or its own.
        """
        name = place["id"]
        n, value = self.read(name, place["value"], seen["who"])
        unread = [
            one for page in self.tabs for one in page.held if one.method == "POST" and one.n == n
        ]
        if value == self.model[n]:
            self.clean[tab][name] = seen["now"]
            return []
        marked = place["stale"] is not None or place["busy"]
        excuses = {
            "held": self.tabs[tab].held,
            "unread": unread,
            "typed into": place["updated"] is not None,
            "missed": (tab, n) in self.missed,
            "lost": tab in self.hurt and (marked or name in ISLANDS),
        }
        assert any(excuses.values()), f"{name} of {tab} shows {value}, not {self.model[n]}: {place}"
        return [n]
