from django.contrib.staticfiles.views import serve
from django.urls import include, path, re_path

from mizan_htmx import affects
from tests.browser import tallies, views
from tests.browser.mizan import number

urlpatterns = [
    path("api/mizan/", include("mizan_htmx.urls")),
    path("page/<str:name>/", views.page, name="page"),
    path("htmx/<str:version>.js", views.htmx, name="htmx"),
    path("old/<int:which>/", views.old, name="old"),
    path("class/<int:which>/", affects(number, n="which")(views.Old.as_view()), name="class"),
    path("landing/", views.landing, name="landing"),
    path("rows/", views.rows, name="rows"),
    path("login/", views.sign_in, name="login"),
    path("login-as/<str:name>/", views.login_as),
    path("logout/", views.sign_out),
    path("gone/", views.gone, name="gone"),
    path("to-login/", views.to_login, name="to_login"),
    path("later/<int:which>/", views.later, name="later"),
    path("tally/<int:n>/", tallies.shown, name="tally"),
    path("tally/<int:n>/<str:fate>/", tallies.counted, name="tallied"),
    path("tallies/reset/<str:flight>/", tallies.reset),
    path("tallies/page/", tallies.page),
    path("tallies/", tallies.truth),
    path("state/<path:what>/", views.state),
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
]
