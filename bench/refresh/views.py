"""The pages, and what one writes by hand to keep them fresh."""

from pathlib import Path

from django.http import FileResponse, HttpResponse, JsonResponse
from django.shortcuts import render

from bench.refresh import counts, models

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
ISLANDS = range(3)


def page(request, contender, scene, number):
    given = {
        "contender": contender,
        "scene": scene,
        "number": number,
        "pieces": [made(scene, which) for which in range(number)],
        "htmx": request.GET["htmx"],
        "islands": ISLANDS if scene == "islands" else (),
    }
    written = "mizan" if contender in ("header", "flight") else "by_hand"
    answer = render(request, f"refresh/{written}.html", given)
    if contender == "header":
        answer.content = answer.content.replace(b' data-mizan-singleflight=""', b"")
    return answer


def made(scene, which, figures=None):
    """One of a page's pieces: where it stands and what it shows."""
    found = {"which": which, "event": f"changed-{which}" if scene == "rows" else "changed"}
    if scene == "shared":
        template = f"refresh/tiles/{which}.html"
        return {**found, "template": template, "figures": figures or models.figures()}
    return {**found, "template": "refresh/total.html", "total": models.total_of(which)}


def piece(request, scene, which):
    """One piece: what each of them asks for where HX-Trigger told of a change."""
    found = made(scene, which)
    return render(request, found["template"], found)


def pieces(request, scene, number):
    """All pieces at once: what one element asks for that knows them all."""
    found = [made(scene, which) for which in range(number)]
    return render(request, "refresh/out_of_band.html", {"pieces": found})


def write(request, contender, scene, number):
    """The write: HX-Trigger says that something changed, out-of-band brings what did."""
    one = int(request.POST["account"]) if scene == "rows" else None
    which = {"account__lt": number} if one is None else {"account": one}
    models.stamp(int(request.POST["stamp"]), **which)
    if contender in ("trigger", "together"):
        event = "changed" if one is None else f"changed-{one}"
        return HttpResponse(status=204, headers={"HX-Trigger": event})
    figures = models.figures() if contender == "once" else None
    changed = range(number) if one is None else [one]
    pieces = [made(scene, which, figures) for which in changed]
    return render(request, "refresh/out_of_band.html", {"pieces": pieces})


def counted(request):
    return JsonResponse(counts.read())


def htmx(request, version):
    return FileResponse((NODE_MODULES / f"htmx-{version}/dist/htmx.min.js").open("rb"))
