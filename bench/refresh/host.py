"""The server at the end of a line, and what it has done: by HTTP/1.1, and by HTTP/2."""

import json
import shutil
import ssl
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from bench import server
from bench.refresh.distance import lines

APPLICATION = "bench.refresh.wsgi:application"
THREADS = 8  # a browser opens 6 connections
REST = 0.003  # seconds in which a worker that rests computes nothing
UNVERIFIED = ssl._create_unverified_context()
SUBJECT = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]


class Host:
    """A server as a browser finds it.

    Attributes:
        url: where.
    """

    def __init__(self, scheme, line, clock):
        self.line, self.clock = line, clock
        self.url = f"{scheme}://127.0.0.1:{line.address[1]}"
        self.counts = f"{scheme}://127.0.0.1:{line.server[1]}/counts/"

    def counted(self):
        """Requests, queries and bytes both ways, until now."""
        with urllib.request.urlopen(self.counts, context=UNVERIFIED, timeout=30) as answer:
            return {**json.load(answer), "bytes": self.line.carried}

    def computed(self):
        """Milliseconds of CPU, until the worker rests; asking for counts costs some, too."""
        now, before = self.clock(), None
        while now != before:
            time.sleep(REST)
            now, before = self.clock(), now
        return 1e3 * now


@contextmanager
def http1(*round_trips):
    """gunicorn behind a line for each of these times of a round trip, in seconds."""
    command = server.gunicorn(APPLICATION, THREADS)
    with server.running(command) as (address, clock), lines(address, *round_trips) as opened:
        yield [Host("http", line, clock) for line in opened]


@contextmanager
def http2(folder, *round_trips):
    """The same by hypercorn, with a certificate of its own."""
    options = ["--workers", "0", "--keep-alive", "3600", "--log-level", "warning"]
    command = ["hypercorn", APPLICATION, *options, *certified(folder)]
    with server.running(command) as (address, clock), lines(address, *round_trips) as opened:
        yield [Host("https", line, clock) for line in opened]


def lacks_http2():
    """What is missing for HTTP/2, in words; nothing where all is there."""
    if not find_spec("hypercorn"):
        return "hypercorn is not installed"
    return "" if shutil.which("openssl") else "there is no openssl to make a certificate with"


def certified(folder):
    """Have a certificate made for this run; how hypercorn is told of it."""
    key, certificate = (str(Path(folder) / name) for name in ("key.pem", "certificate.pem"))
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made = ["-keyout", key, "-out", certificate, "-days", "1", *SUBJECT]
    subprocess.run(["openssl", "req", "-x509", *kind, *made], check=True, capture_output=True)
    return ["--keyfile", key, "--certfile", certificate]
