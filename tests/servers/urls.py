from django.urls import include, path

from tests.servers import views

urlpatterns = [
    path("api/mizan/", include("mizan_htmx.urls")),
    path("sync/<shape>/", views.tell),
    path("async/<shape>/", views.atell),
    path("spread/", views.spread),
    path("seen/", views.seen),
    path("page/", views.page),
]
