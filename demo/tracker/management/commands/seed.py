import random
from datetime import datetime, timedelta, timezone

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand
from django.db import transaction

from tracker import seed_data
from tracker.models import Activity, Board, Card, Column

# Fixed, so that everybody sees the same boards and a test can name a card.
RANDOM_SEED = 20260112
BASE_DATE = datetime(2026, 1, 12, 8, 30, tzinfo=timezone.utc)

# Later columns hold more that is done; the last one only that.
SHARE_DONE = [0.0, 0.1, 0.4, 1.0]


class Command(BaseCommand):
    help = "Fill the tracker with people, boards and cards; boards that are there go."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--if-empty", action="store_true", help="do nothing where a board exists")
        add("--boards", type=int, help="how many boards (default: the three of the demo)")
        add("--cards", type=int, help="how many cards in all, with --boards")

    def handle(self, *, if_empty, boards, cards, **options):
        if if_empty and Board.objects.exists():
            return
        plan = demo_plan() if boards is None else large_plan(boards, cards or boards * 40)
        with transaction.atomic():
            Board.objects.all().delete()
            people = seed_people()
            for title, columns in plan:
                seed_board(title, columns, people, random.Random(f"{RANDOM_SEED} {title}"))
        self.stdout.write(f"{Board.objects.count()} boards with {Card.objects.count()} cards.")
        names = ", ".join(person.username for person in people)
        self.stdout.write(f"Sign in as {names}; password: demo")


def demo_plan():
    return list(seed_data.BOARDS.items())


def large_plan(boards, cards):
    rng = random.Random(RANDOM_SEED)
    titles = [f"{verb} {thing}" for verb in seed_data.VERBS for thing in seed_data.THINGS]
    plan = [(board_title(n), {name: [] for name in seed_data.COLUMNS}) for n in range(boards)]
    columns = [titles for _, columns in plan for titles in columns.values()]
    for n in range(cards):
        columns[n % len(columns)].append(f"{rng.choice(titles)}, no. {n + 1}")
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


def seed_board(title, columns, people, rng):
    board = Board.objects.create(title=title)
    cards = []
    for position, (name, titles) in enumerate(columns.items()):
        column = Column.objects.create(board=board, title=name, position=position)
        share = SHARE_DONE[position]
        cards += [new_card(column, i, text, people, share, rng) for i, text in enumerate(titles)]
    Card.objects.bulk_create(cards)
    Activity.objects.bulk_create(history(board, cards, people, rng))


def new_card(column, position, title, people, share_done, rng):
    done = rng.random() < share_done
    return Card(
        column=column,
        position=position,
        title=title,
        done=done,
        points=rng.choice([1, 1, 2, 2, 3, 5, 8]),
        # What is open may wait for somebody; what is done was done by somebody.
        assignee=rng.choice(people if done else [*people, None, None]),
    )


def history(board, cards, people, rng, length=12):
    now = BASE_DATE
    for card in rng.sample(cards, min(length, len(cards))):
        now += timedelta(minutes=rng.randint(7, 190))
        said = ["finished “{}”"] if card.done else ["moved “{}” to {}", "added “{}” to {}"]
        yield Activity(
            board=board,
            actor=card.assignee or rng.choice(people),
            text=rng.choice(said).format(card, card.column),
            created=now,
        )
