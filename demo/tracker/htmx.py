"""Which htmx a page loads: `?htmx=4` in any address, kept in a cookie, else the setting."""

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.utils.decorators import sync_and_async_middleware

VERSIONS = {"2": 2, "4": 4}
COOKIE = "demo_htmx"


def asked(request: HttpRequest) -> str:
    version = request.GET.get("htmx", "")
    return version if version in VERSIONS else ""


def context(request: HttpRequest) -> dict[str, object]:
    version = asked(request) or request.COOKIES.get(COOKIE, "")
    return {
        "htmx_versions": VERSIONS.values(),
        "htmx_version": VERSIONS.get(version, settings.DEMO_HTMX),
        "htmx_own_script": bool(settings.DEMO_HTMX_SCRIPT),
        "htmx_config": settings.DEMO_HTMX_CONFIG,
    }


@sync_and_async_middleware
def remember_version(get_response):
    def remember(request, response):
        if version := asked(request):
            response.set_cookie(COOKIE, version, samesite="Lax")
        return response

    if iscoroutinefunction(get_response):

        async def middleware(request):
            return remember(request, await get_response(request))

    else:

        def middleware(request):
            return remember(request, get_response(request))

    return middleware


def script(request: HttpRequest) -> FileResponse:
    """The file that DEMO_HTMX_SCRIPT names, for browser tests over other builds of htmx."""
    if not settings.DEMO_HTMX_SCRIPT:
        raise Http404
    return FileResponse(open(settings.DEMO_HTMX_SCRIPT, "rb"), content_type="text/javascript")
