"""Declare what each piece of a page reads and what each write affects; the page stays fresh.

The public names: ``Context``, ``Key``, ``mutation``, ``affects`` and ``recording``.
"""

from mizan_htmx.affected import affects
from mizan_htmx.contexts import Context
from mizan_htmx.keys import Key
from mizan_htmx.mutations import mutation
from mizan_htmx.recording import recording

__all__ = ["Context", "Key", "affects", "mutation", "recording"]
__version__ = "0.1.0"
