"""``path("api/mizan/", include("mizan_htmx.urls"))``."""

from django.urls import path

from mizan_htmx import views

app_name = "mizan_htmx"

urlpatterns = [
    path("session/", views.session, name="session"),
    path("call/", views.call, name="call"),
    path("call/<str:name>/", views.call_by_name, name="call_by_name"),
    path("ctx/<str:name>/", views.ctx, name="ctx"),
    path("fragment/", views.fragment, name="fragment"),
    path("fresh/", views.fresh, name="fresh"),
]
