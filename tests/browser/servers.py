"""Real servers for the pages: gunicorn (sync, in threads) and uvicorn (async)."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

COMMANDS = {
    "gunicorn": ["gunicorn", "--threads", "8", "--log-level", "error", "tests.browser.wsgi"],
    "uvicorn": [
        "uvicorn",
        "--log-level",
        "error",
        "--ws",
        "none",
        "tests.browser.asgi:application",
    ],
}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url):
    """Whether a server is there by now."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False
    return True


@contextmanager
def running(command, url, env, cwd=ROOT):
    """A server while it is needed; bounded waiting, and its output where it does not come up."""
    process = subprocess.Popen(
        [sys.executable, *command],
        env=env,
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        for _ in range(300):
            if answers(url):
                break
            assert process.poll() is None, process.stdout.read().decode()
            time.sleep(0.1)
        else:
            raise AssertionError("the server did not come up")
        yield url
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def pages(name, database):
    """The address of the tests' pages under one of the servers."""
    env = {
        **os.environ,
        "BROWSER_DB": str(database),
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "-v0", "--run-syncdb"],
        env=env,
        cwd=ROOT,
        check=True,
    )
    port = free_port()
    bind = ["--bind", f"127.0.0.1:{port}"] if name == "gunicorn" else ["--port", str(port)]
    module, *rest = COMMANDS[name]
    with running(["-m", module, *bind, *rest], f"http://127.0.0.1:{port}", env) as url:
        yield url
