"""gunicorn with one worker, on a socket of our own."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 30  # seconds
COMMAND = [
    *(sys.executable, "-m", "gunicorn", "bench.wsgi", "--workers", "1"),
    *("--worker-class", "gthread", "--threads", "1", "--keep-alive", "3600"),
    *("--log-level", "warning", "--no-control-socket"),
]


@contextmanager
def running():
    """A running server's address."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        # Else an answer's body waits 40 ms for the acknowledgement of its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address, fd = listening.getsockname(), listening.fileno()
        root = Path(__file__).resolve().parent.parent
        command = [*COMMAND, "--bind", f"fd://{fd}"]
        process = subprocess.Popen(command, cwd=root, env=os.environ, pass_fds=[fd])
    try:
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(address):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(address, timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
