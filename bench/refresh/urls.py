"""One table for all: what stands below ``/mizan/`` runs behind our middleware: bench/wsgi.py."""

from django.conf import settings
from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path

from bench.refresh import views

urlpatterns = [
    path("piece/<str:scene>/<int:which>/", views.piece, name="piece"),
    path("pieces/<str:scene>/<int:number>/", views.pieces, name="pieces"),
    path("page/<str:contender>/<str:scene>/<int:number>/", views.page),
    path("page/<str:contender>/<str:scene>/<int:number>/write/", views.write, name="write"),
    path("api/", include("mizan_htmx.urls")),
    path("htmx/<str:version>.js", views.htmx, name="htmx"),
    path("counts/", views.counted),
    re_path(rf"^{settings.STATIC_URL.lstrip('/')}(?P<path>.*)$", serve, {"insecure": True}),
]
