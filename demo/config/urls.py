from django.contrib.staticfiles.views import serve
from django.urls import include, path

urlpatterns = [
    path("api/mizan/", include("mizan_htmx.urls")),
    path("", include("tracker.urls")),
    # runserver does this by itself; gunicorn, uvicorn and DEBUG=False need it said.
    path("static/<path:path>", serve, {"insecure": True}),
]
