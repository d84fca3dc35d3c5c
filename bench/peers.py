"""The same typed work in django-ninja and in Django REST framework, as their manuals write it.

For somebody logged in by a session, with the CSRF check that goes with it: what a page of the
site calls. Both have less to do than ours: no etag, nobody to tell what went stale.
"""

import datetime

from django.db import transaction
from ninja import NinjaAPI, Schema
from ninja.security import django_auth
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from bench.models import Card

api = NinjaAPI(auth=django_auth, docs_url=None, openapi_url=None)


class CardIn(Schema):
    board_id: int
    title: str
    points: int
    due: datetime.date | None


class CardOut(Schema):
    id: int
    lane: str
    title: str
    assignee: str
    points: int
    done: bool
    due: datetime.date | None


@api.get("cards", response=list[CardOut])
def cards(request, board_id: int, done: bool = False):
    return Card.objects.filter(board_id=board_id, done=done)


@api.post("cards", response=CardOut)
def add_card(request, card: CardIn):
    with transaction.atomic():
        return Card.objects.create(**card.dict())


class QuerySerializer(serializers.Serializer):
    board_id = serializers.IntegerField()
    done = serializers.BooleanField(default=False)


class InSerializer(serializers.Serializer):
    board_id = serializers.IntegerField()
    title = serializers.CharField()
    points = serializers.IntegerField()
    due = serializers.DateField(allow_null=True)


class OutSerializer(serializers.ModelSerializer):
    class Meta:
        model = Card
        fields = ("id", "lane", "title", "assignee", "points", "done", "due")


class Cards(APIView):
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)
    parser_classes = (JSONParser,)
    renderer_classes = (JSONRenderer,)

    def get(self, request):
        query = QuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        found = Card.objects.filter(**query.validated_data)
        return Response(OutSerializer(found, many=True).data)

    def post(self, request):
        given = InSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        with transaction.atomic():
            card = Card.objects.create(**given.validated_data)
        return Response(OutSerializer(card).data)
