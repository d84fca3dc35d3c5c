"""What stands below ``mizan/`` runs behind our middleware, the rest without: see wsgi.py."""

from django.urls import include, path

from bench import peers, views

urlpatterns = [
    path("bare/", views.bare),
    path("mizan/bare/", views.bare),
    path("mizan/five/", views.five),
    path("mizan/api/", include("mizan_htmx.urls")),
    path("ninja/", peers.api.urls),
    path("drf/cards", peers.Cards.as_view()),
    path("toggle/<int:card_id>/", views.bare, name="toggle"),
]
