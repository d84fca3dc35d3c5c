"""Contenders in turn, A B C and again, so that whatever else the machine does meets all of them."""

from statistics import median
from time import process_time


def in_turn(contenders, rounds):
    """What each contender's turns took, in seconds.

    Args:
        contenders: {name: a function that takes one turn and returns the seconds of one piece
            of its work}.
        rounds: how many turns each has; one more before them warms up.
    """
    names = list(contenders)
    turns = {name: [contenders[name]()][:0] for name in names}
    for number in range(rounds):
        first = number % len(names)  # nobody always comes after the slowest
        for name in names[first:] + names[:first]:
            turns[name].append(contenders[name]())
    return turns


def repeated(function, number):
    """A turn: this many calls, as the seconds of one, of this process's own CPU time."""

    def turn():
        start = process_time()
        for _ in range(number):
            function()
        return (process_time() - start) / number

    return turn


def ratio(turns, name, base):
    """How many times as long as the base it took: the median over the rounds."""
    return median(mine / its for mine, its in zip(turns[name], turns[base], strict=True))


def added(turns, name, base):
    """How many seconds longer than the base it took: the median over the rounds."""
    return median(mine - its for mine, its in zip(turns[name], turns[base], strict=True))
