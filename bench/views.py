"""Bare views, and the page of 500 cards written twice."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from bench.mizan import CARD
from bench.models import SHOWN, Board

BODY = b"x" * 1024


@csrf_exempt
def bare(request):
    return HttpResponse(BODY)


@csrf_exempt
def five(request):
    """The bare view, with five keys recorded."""
    record_five()
    return HttpResponse(BODY)


def record_five():
    for card_id in range(1001, 1006):
        CARD.invalidate(card_id=card_id)


def page(request, template):
    board = Board.objects.get(pk=SHOWN)
    return render(request, template, {"board": board, "cards": board.cards.all()})
