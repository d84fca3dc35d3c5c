"""``manage.py mizan_codegen``: TypeScript for what is declared."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mizan_htmx.codegen import files
from mizan_htmx.codegen.project import project
from mizan_htmx.codegen.sources import BANNER, TARGETS
from mizan_htmx.exceptions import MizanError


class Command(BaseCommand):
    help = "Write typed accessors for contexts and mutations, with the kernel beside them."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--target", required=True, choices=sorted(TARGETS))
        parser.add_argument("--out", required=True, type=Path, help="the folder to write into")
        parser.add_argument("--check", action="store_true", help="exit 1 where it is out of date")

    def handle(self, *args: Any, target: str, out: Path, check: bool, **options: Any) -> None:
        try:
            made = project(target, out)
        except MizanError as error:
            raise CommandError(str(error)) from error
        try:
            names = files.drifted(out, made, BANNER) if check else files.write(out, made, BANNER)
        except OSError as error:
            raise CommandError(f"cannot write {out}: {error}") from error
        if check and names:
            raise CommandError(
                f"out of date in {out}: {', '.join(names)}; run mizan_codegen --target {target}"
                f" --out {out}"
            )
        if not check:
            self.stdout.write(f"{len(names)} files written to {out}" if names else "up to date")
