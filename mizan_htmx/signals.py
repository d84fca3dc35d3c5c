"""``invalidated``: sent when keys went stale, before any client hears of it.

Receivers get ``keys``, an ``Invalidation``. Where a transaction is still open the signal is sent
at once and again after the commit, so a receiver must be idempotent. A receiver that raises is
logged by Django and harms nobody: the write stands.
"""

from __future__ import annotations

import asyncio

from django.dispatch import Signal

from mizan_htmx.invalidation import Invalidation

invalidated = Signal()

_tasks: set[asyncio.Task[object]] = set()  # the loop itself holds tasks weakly


def announce(keys: Invalidation) -> None:
    """Tell every receiver, from synchronous code or from a callback."""
    try:
        invalidated.send_robust(sender=None, keys=keys)
    except RuntimeError:
        # On a running loop Django cannot wait for async receivers; the loop can, a moment later.
        task = asyncio.get_running_loop().create_task(aannounce(keys))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)


async def aannounce(keys: Invalidation) -> None:
    """Tell every receiver, and wait for the async ones."""
    await invalidated.asend_robust(sender=None, keys=keys)
