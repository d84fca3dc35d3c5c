from django.contrib.auth.views import LogoutView
from django.urls import path

from . import htmx, views

urlpatterns = [
    path("", views.boards, name="boards"),
    path("tour/", views.tour, name="tour"),
    path("work/", views.work, name="work"),
    path("boards/<int:pk>/", views.board, name="board"),
    path("boards/<int:pk>/table/", views.table, name="table"),
    path("boards/<int:pk>/islands/", views.islands, name="islands"),
    path("boards/<int:pk>/rows/", views.rows, name="rows"),
    path("boards/<int:pk>/archive/", views.ArchiveDone.as_view(), name="archive_done"),
    path("cards/<int:pk>/", views.card, name="card"),
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("htmx.js", htmx.script, name="htmx_script"),
]
