"""Start a server on a socket of our own, and speak to it byte by byte."""

import json
import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30  # seconds until a server that says nothing counts as dead

GUNICORN = ["gunicorn", "--bind", "fd://{fd}", "tests.servers.wsgi"]
UVICORN = ["uvicorn", "--fd", "{fd}", "--lifespan", "off", "tests.servers.asgi:application"]
SERVERS = {
    "gunicorn sync": [*GUNICORN, "--worker-class", "sync", "--workers", "1"],
    "gunicorn gthread": [*GUNICORN, "--worker-class", "gthread", "--threads", "8"],
    "uvicorn h11": [*UVICORN, "--http", "h11"],
    "uvicorn httptools": [*UVICORN, "--http", "httptools"],
}


@dataclass
class Reply:
    """An answer as it stood on the wire."""

    raw: bytes

    def __post_init__(self):
        self.head, _, self.rest = self.raw.partition(b"\r\n\r\n")
        first, *self.lines = self.head.split(b"\r\n")
        self.status = int(first.split(b" ")[1]) if first else None

    def all(self, name):
        """The values of every header line of a name, as they stood there."""
        pairs = (line.decode("ascii").partition(":") for line in self.lines)
        return [value.strip() for found, _, value in pairs if found.lower() == name.lower()]

    @property
    def body(self):
        if self.all("Transfer-Encoding") != ["chunked"]:
            return self.rest
        body, rest = b"", self.rest
        while size := int(rest.partition(b"\r\n")[0], 16):
            rest = rest.partition(b"\r\n")[2]
            body, rest = body + rest[:size], rest[size + 2 :]
        return body

    @property
    def code(self):
        return json.loads(self.body)["error"]["code"]


class Server:
    """A running server.

    Attributes:
        kind: its name in ``SERVERS``.
        address: where it listens.
        log: the file with what it had to say.
        token: the header lines of a CSRF cookie and its token.
    """

    def __init__(self, kind, address, log, pid):
        self.kind, self.address, self.log, self.pid = kind, address, log, pid
        reply = self.ask(b"GET", "/api/mizan/session/")  # waits until it is there
        assert reply.status == 204, log.read_text()
        cookie = reply.all("Set-Cookie")[0].partition(";")[0]
        self.token = (f"Cookie: {cookie}", f"X-CSRFToken: {reply.all('X-CSRFToken')[0]}")

    @property
    def is_async(self):
        return self.kind.startswith("uvicorn")

    def peak(self):
        """The most memory that it and its workers have ever had, in bytes (Linux)."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        status = [Path(f"/proc/{pid}/status").read_text() for pid in (self.pid, *children)]
        return sum(int(text.partition("VmHWM:")[2].split()[0]) * 1024 for text in status)

    def say(self, *parts, stop=False):
        """Send bytes as they are; what comes back until the server closes.

        Args:
            stop: whether to say that no more will come, before waiting for the answer.
        """
        raw = bytearray()
        with socket.create_connection(self.address, timeout=PATIENCE) as connection:
            try:
                for part in parts:
                    connection.sendall(part)
                if stop:
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has answered and closed before all was sent
            try:
                while received := connection.recv(65_536):
                    raw += received
            except ConnectionResetError:
                pass
        return Reply(bytes(raw))

    def ask(self, method, path, *headers, body=None):
        """One request with an honest length."""
        lines = [*headers] if body is None else [*headers, f"Content-Length: {len(body)}"]
        return self.say(head(method, path, *lines), body or b"")

    def post(self, path, value):
        """``{"value": …}``, ASCII only."""
        body = json.dumps({"value": value}).encode()
        return self.ask(b"POST", path, "Content-Type: application/json", body=body)


def head(method, path, *lines):
    """A request's head; it asks the server to close the connection afterwards."""
    common = ("Host: testserver", "Connection: close")
    return b"\r\n".join(
        [method + f" {path} HTTP/1.1".encode(), *(x.encode() for x in (*common, *lines)), b"", b""]
    )


def chunked(body, size=4096):
    """A body in the chunked coding, RFC 9112 section 7.1."""
    for start in range(0, len(body), size):
        chunk = body[start : start + size]
        yield b"%x\r\n%s\r\n" % (len(chunk), chunk)
    yield b"0\r\n\r\n"


def environment(database):
    return {
        **os.environ,
        "HOME": str(database.parent),  # gunicorn puts a control socket there
        "DJANGO_SETTINGS_MODULE": "tests.servers.settings",
        "MIZAN_TEST_DATABASE": str(database),
        "PYTHONPATH": str(ROOT),
    }


def create(database):
    """Make the database's tables, as a project does before it starts its servers."""
    command = [sys.executable, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(command, env=environment(database), cwd=ROOT, check=True)


@contextmanager
def running(kind, database, log):
    """A server of this kind, which writes what it has to say into a file."""
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as out:
        address, fd = listening.getsockname(), listening.fileno()
        command = [part.format(fd=fd) for part in SERVERS[kind]]
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=environment(database),
            cwd=ROOT,
            pass_fds=[fd],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
    # Our own end is closed: from here on a server that died refuses the connection.
    try:
        yield Server(kind, address, log, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
