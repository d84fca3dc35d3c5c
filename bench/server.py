"""gunicorn with one worker, on a socket of our own, and what that worker has computed."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

PATIENCE = 30  # seconds


def gunicorn(application="bench.wsgi", threads=1):
    """What starts it."""
    return [
        *("gunicorn", application, "--workers", "1"),
        *("--worker-class", "gthread", "--threads", str(threads), "--keep-alive", "3600"),
        *("--log-level", "warning", "--no-control-socket"),
    ]


@contextmanager
def running(command=None):
    """A running server's address, and a clock of its worker's CPU time."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        # Else an answer's body waits 40 ms for the acknowledgement of its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        address, fd = listening.getsockname(), listening.fileno()
        root = Path(__file__).resolve().parent.parent
        whole = [sys.executable, "-m", *(command or gunicorn()), "--bind", f"fd://{fd}"]
        process = subprocess.Popen(whole, cwd=root, env=os.environ, pass_fds=[fd])
    try:
        wait_for(address)
        yield address, clock(process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def wait_for(address):
    """Until something is answered: the socket listens before there is a worker."""
    with socket.create_connection(address, timeout=PATIENCE) as waiting:
        waiting.sendall(b"GET /bare/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        waiting.recv(1)


def clock(server):
    """Reads the seconds that its worker has computed; where that cannot be read, the time."""
    try:
        workers = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    except OSError:
        return time.perf_counter
    # The CPU clock of another process, as Linux makes it: clock_getcpuclockid(3).
    return partial(time.clock_gettime, (~int([*workers, server][0]) << 3) | 2)
