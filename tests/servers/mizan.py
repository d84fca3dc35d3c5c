"""A context whose parameter is any text, and a mutation that writes it."""

from mizan_htmx import Context, mutation
from tests.servers.models import Note

note = Context("note")


@note.query
def times(request, text: str) -> int:
    return Note.objects.filter(text=text).count()


@mutation(affects=note)
def write(request, text: str) -> int:
    return Note.objects.create(text=text).pk


@mutation(affects=note)
async def awrite(request, text: str) -> int:
    return (await Note.objects.acreate(text=text)).pk
