"""``manage.py mizan_schema``: an OpenAPI 3.1 document of what is declared."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mizan_htmx.codegen import files, schema


class Command(BaseCommand):
    help = "Write the contexts and mutations as OpenAPI 3.1. Runs no query, needs no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="the file to write; stdout unless said")
        parser.add_argument("--check", action="store_true", help="exit 1 where FILE is out of date")
        parser.add_argument("--indent", type=int, default=2, help="spaces per level, 2 unless said")

    def handle(
        self, *args: Any, out: Path | None, check: bool, indent: int, **options: Any
    ) -> None:
        text = schema.to_json(schema.document(), indent)
        if out is None:
            if check:
                raise CommandError("--check compares with a file: name it with --out")
            self.stdout.write(text, ending="")
            return
        if check:
            if files.drifted(out.parent, {out.name: text}):
                raise CommandError(f"{out} is out of date; run mizan_schema --out {out}")
            return
        try:
            files.write(out.parent, {out.name: text})
        except OSError as error:
            raise CommandError(f"cannot write {out}: {error}") from error
