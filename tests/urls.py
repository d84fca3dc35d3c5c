from django.urls import include, path

from tests.library import views

urlpatterns = [
    path("api/mizan/", include("mizan_htmx.urls")),
    path("shelf/<int:shelf_id>/", views.shelf_page, name="shelf"),
    path("rename/<int:shelf_id>/", views.rename),
]
