import random
from datetime import date, datetime, time, timedelta, timezone

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.timezone import localdate

from tracker import seed_data
from tracker.models import Activity, Board, Card, Column, Comment, Label, Notice

# Fixed, so that everybody sees the same boards and a test can name a card. Only dates move with
# the day, and --today fixes those too.
RANDOM_SEED = 20260112

# Later columns hold more that is done; the last one only that.
SHARE_DONE = [0.0, 0.1, 0.4, 1.0]


class Command(BaseCommand):
    help = "Fill the tracker with people, boards and cards; boards that are there go."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--if-empty", action="store_true", help="do nothing where a board exists")
        add("--boards", type=int, help="how many boards (default: the three of the demo)")
        add("--cards", type=int, help="how many cards in all, with --boards")
        add("--today", type=date.fromisoformat, help="the day that dates lie around")

    def handle(self, *, if_empty, boards, cards, today, **options):
        if if_empty and Board.objects.exists():
            return
        today = today or localdate()
        plan = demo_plan() if boards is None else large_plan(boards, cards or boards * 40)
        with transaction.atomic():
            Board.objects.all().delete()
            Label.objects.all().delete()
            people, labels = seed_people(), seed_labels()
            for title, columns in plan:
                rng = random.Random(f"{RANDOM_SEED} {title}")
                seed_board(title, columns, people, labels, today, rng)
        self.stdout.write(f"{Board.objects.count()} boards with {Card.objects.count()} cards.")
        names = ", ".join(person.username for person in people)
        self.stdout.write(f"Sign in as {names}; password: demo")


def demo_plan():
    return list(seed_data.BOARDS.items())


def large_plan(boards, cards):
    """The first board holds a tenth of all cards, the others share the rest."""
    rng = random.Random(RANDOM_SEED)
    titles = [f"{verb} {thing}" for verb in seed_data.VERBS for thing in seed_data.THINGS]
    plan = [(board_title(n), {name: [] for name in seed_data.COLUMNS}) for n in range(boards)]
    first, *others = [list(columns.values()) for _, columns in plan]
    rest = [column for columns in others for column in columns]
    large = cards // 10 if rest else cards
    for n in range(cards):
        column = first[n % len(first)] if n < large else rest[(n - large) % len(rest)]
        column.append(f"{rng.choice(titles)}, no. {n + 1}")
    return plan


def board_title(n):
    round_, rest = divmod(n, len(seed_data.PLACES) * len(seed_data.WORKS))
    place = seed_data.PLACES[rest % len(seed_data.PLACES)]
    work = seed_data.WORKS[rest // len(seed_data.PLACES)]
    return f"{place} {work}" + (f" {round_ + 1}" if round_ else "")


def seed_people():
    users = get_user_model().objects
    # One hash for all of them: hashing is slow on purpose, and everybody knows this password.
    password = make_password("demo")
    for username, first, last in seed_data.PEOPLE:
        names = {"first_name": first, "last_name": last, "password": password}
        users.get_or_create(username=username, defaults=names)
    names = [username for username, _, _ in seed_data.PEOPLE]
    return list(users.filter(username__in=names).order_by("pk"))


def seed_labels():
    labels = [Label(name=name, hue=hue) for name, hue, _ in seed_data.LABELS]
    return Label.objects.bulk_create(labels)


def seed_board(title, columns, people, labels, today, rng):
    lead, goal = seed_data.LEADS.get(title, (rng.choice(people).username, ""))
    lead = next(person for person in people if person.username == lead)
    board = Board.objects.create(title=title, goal=goal, lead=lead)
    cards = []
    for position, (name, titles) in enumerate(columns.items()):
        column = Column.objects.create(board=board, title=name, position=position)
        share = SHARE_DONE[position]
        for place, text in enumerate(titles):
            cards.append(new_card(column, place, text, people, share, today, rng))
    cards = Card.objects.bulk_create(cards)
    through = Card.labels.through
    through.objects.bulk_create(
        through(card=card, label=label) for card in cards for label in labels_for(card, labels)
    )
    comments = Comment.objects.bulk_create(talk(cards, people, today, rng))
    Notice.objects.bulk_create(told(cards, comments, people, today, rng))
    Activity.objects.bulk_create(history(board, cards, people, today, rng))


def new_card(column, position, title, people, share_done, today, rng):
    done = rng.random() < share_done
    due = today + timedelta(days=rng.randint(-18, -2) if done else rng.randint(-3, 24))
    due -= timedelta(days=max(0, due.weekday() - 4))  # nothing is due at a weekend
    # By chance of its own, so that all else stays as it was seeded before.
    finished = today - timedelta(days=random.Random(f"{RANDOM_SEED} {title}").randint(1, 12))
    return Card(
        column=column,
        position=position,
        title=title,
        description=rng.choice(seed_data.DESCRIPTIONS) if rng.random() < 0.6 else "",
        done=done,
        finished=finished if done else None,
        points=rng.choice([1, 1, 2, 2, 3, 5, 8]),
        due=due if rng.random() < 0.4 else None,
        # What is open may wait for somebody; what is done was done by somebody.
        assignee=rng.choice(people if done else [*people, None, None]),
    )


def labels_for(card, labels):
    words = {word.strip(",.:") for word in card.title.lower().split()}
    fitting = zip(labels, seed_data.LABELS, strict=True)
    return [label for label, (_, _, known) in fitting if words & set(known.split())][:2]


def evening_before(today):
    return datetime.combine(today - timedelta(days=1), time(17, 30), timezone.utc)


def some_time_before(today, days, rng):
    ago = timedelta(days=rng.randint(0, days), minutes=rng.randint(0, 500))
    return evening_before(today) - ago


def talk(cards, people, today, rng):
    """One to four comments on a third of the cards."""
    for card in rng.sample(cards, len(cards) // 3):
        said = some_time_before(today, 9, rng)
        for text in rng.sample(seed_data.COMMENTS, rng.choice([1, 1, 2, 2, 3, 4])):
            said += timedelta(minutes=rng.randint(3, 55))
            created = min(said, evening_before(today))
            yield Comment(card=card, author=rng.choice(people), text=text, created=created)


def told(cards, comments, people, today, rng):
    """What each person was told of their cards, the newest of it unread."""
    news = [
        (comment.created, comment.author, "commented on", comment.card)
        for comment in comments
        if comment.card.assignee not in (None, comment.author)
    ]
    for card in rng.sample(cards, len(cards) // 5):
        given = some_time_before(today, 6, rng)
        giver = rng.choice(people)
        if card.assignee not in (None, giver):
            news.append((given, giver, "gave you", card))
    for created, actor, text, card in sorted(news, key=lambda new: new[0]):
        read = created < evening_before(today) - timedelta(days=3)
        yield Notice(
            person=card.assignee, actor=actor, card=card, text=text, created=created, read=read
        )


def history(board, cards, people, today, rng, length=12):
    chosen = rng.sample(cards, min(length, len(cards)))
    steps = [timedelta(minutes=rng.randint(7, 190)) for _ in chosen]
    now = evening_before(today) - sum(steps, timedelta())
    for card, step in zip(chosen, steps, strict=True):
        now += step
        said = ["finished “{}”"] if card.done else ["moved “{}” to {}", "added “{}” to {}"]
        yield Activity(
            board=board,
            actor=card.assignee or rng.choice(people),
            text=rng.choice(said).format(card, card.column),
            created=now,
        )
