"""A context whose parameter is any text, one with an async query, and mutations that write."""

from mizan_htmx import Context, mutation
from tests.servers.models import Note

note = Context("note")
notes = Context("notes")


@note.query
def times(request, text: str) -> int:
    return Note.objects.filter(text=text).count()


@notes.query
async def texts(request, start: str) -> list[str]:
    found = Note.objects.filter(text__startswith=start).values_list("text", flat=True)
    return [text async for text in found]


@mutation(affects=note)
def write(request, text: str) -> int:
    return Note.objects.create(text=text).pk


@mutation(affects=note)
async def awrite(request, text: str) -> int:
    return (await Note.objects.acreate(text=text)).pk


@mutation(affects=note)
def maybe(request, text: str | None) -> int:
    """Where nothing is given, it writes nothing of it."""
    return 0 if text is None else write(request, text=text)
