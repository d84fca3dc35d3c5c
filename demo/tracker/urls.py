from django.contrib.auth.views import LogoutView
from django.urls import path

from . import htmx, views

urlpatterns = [
    path("", views.boards, name="boards"),
    path("boards/<int:pk>/", views.board, name="board"),
    path("boards/<int:pk>/archive/", views.archive_done, name="archive_done"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("htmx.js", htmx.script, name="htmx_script"),
]
