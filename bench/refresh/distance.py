"""A network path of some length: what is sent arrives later, each way, and is counted."""

import asyncio
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread

CHUNK = 65_536


class Line:
    """A line to a server.

    Args:
        server: the address to carry to.
        seconds: how long each way takes.

    Attributes:
        address: where to connect.
        carried: bytes so far, both ways.
    """

    def __init__(self, server, seconds):
        self.server, self.seconds = server, seconds
        self.carried = 0

    async def open(self):
        listening = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.address = listening.sockets[0].getsockname()

    async def _connect(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection(*self.server[:2])
        ways = self._carry(reader, far_writer), self._carry(far_reader, writer)
        with suppress(asyncio.CancelledError):  # who closes the lines ends them all
            await asyncio.gather(*ways, return_exceptions=True)
        writer.close()
        far_writer.close()

    async def _carry(self, reader, writer):
        now = asyncio.get_running_loop().time
        under_way = asyncio.Queue()
        arriving = asyncio.create_task(self._arrive(under_way, writer))
        while chunk := await reader.read(CHUNK):
            self.carried += len(chunk)
            under_way.put_nowait((now() + self.seconds, chunk))
        under_way.put_nowait((now() + self.seconds, b""))
        await arriving

    async def _arrive(self, under_way, writer):
        now = asyncio.get_running_loop().time
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(due - now())
            if not chunk:
                return writer.close()
            writer.write(chunk)


@contextmanager
def lines(server, *round_trips):
    """Lines to a server, one for each time a round trip takes, in seconds."""
    opened = [Line(server, seconds / 2) for seconds in round_trips]
    there = Future()
    thread = Thread(target=asyncio.run, args=[_serve(opened, there)])
    thread.start()
    loop, done = there.result()
    try:
        yield opened
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()


async def _serve(opened, there):
    done = asyncio.Event()
    for line in opened:
        await line.open()
    there.set_result((asyncio.get_running_loop(), done))
    await done.wait()
