"""A frontend of a test's own: what mizan_codegen made, compiled by tsc and bundled by esbuild."""

import io
import json
import shutil
import subprocess
import textwrap
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
MISSING = shutil.which("node") is None or not (MODULES / "openapi-typescript").is_dir()

TSCONFIG = {
    "compilerOptions": {
        "strict": True,
        "noEmit": True,
        "noUnusedLocals": True,
        "noUncheckedIndexedAccess": True,
        "exactOptionalPropertyTypes": True,
        "verbatimModuleSyntax": True,
        "isolatedModules": True,
        "target": "es2022",
        "module": "esnext",
        "moduleResolution": "bundler",
        "lib": ["es2022", "dom", "dom.iterable"],
        "jsx": "react-jsx",
        "types": [],
    },
    "include": ["**/*.ts", "**/*.tsx"],
}


class Frontend:
    """What was made for a target, and what a test adds.

    Args:
        folder: an empty one.
        target: of ``mizan_codegen``.
        out: the folder in it that the code is made in.
        modules: what the frontend has installed.
    """

    def __init__(self, folder, target, out=".", modules=MODULES):
        self.folder, self.modules = folder, modules
        (folder / "node_modules").symlink_to(modules)
        # svelte's types ask for packages that only its compiler needs.
        quiet = {"skipLibCheck": target == "svelte"}
        options = {**TSCONFIG["compilerOptions"], **quiet}
        (folder / "tsconfig.json").write_text(json.dumps({**TSCONFIG, "compilerOptions": options}))
        call_command("mizan_codegen", target=target, out=folder / out, stdout=io.StringIO())

    def write(self, name, text):
        (self.folder / name).write_text(textwrap.dedent(text))

    def faults(self, compiler="typescript-7"):
        """What tsc says, or ""."""
        return subprocess.run(
            ["node", self.modules / compiler / "bin" / "tsc", "--project", self.folder],
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ).stdout

    def bundle(self, name):
        """One JavaScript file of it and all that it imports."""
        made = self.folder / "bundle.mjs"
        esbuild = [MODULES / ".bin" / "esbuild", "--bundle", "--format=esm", "--platform=node"]
        words = [self.folder / name, f"--outfile={made}", "--log-level=warning"]
        subprocess.run([*esbuild, *words], check=True)
        return made


def node(script, *words):
    """What a script prints; it may import what the repository has installed."""
    done = subprocess.run(
        ["node", "--input-type=module", "-e", script, *map(str, words)],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
