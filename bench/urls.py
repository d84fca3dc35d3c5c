"""One table for all: what stands below ``/mizan/`` runs behind our middleware, see wsgi.py."""

from django.urls import include, path

from bench import peers, views

urlpatterns = [
    path("bare/", views.bare),
    path("five/", views.five),
    path("api/", include("mizan_htmx.urls")),
    path("ninja/", peers.api.urls),
    path("drf/cards", peers.Cards.as_view()),
    path("toggle/<int:card_id>/", views.bare, name="toggle"),
]
