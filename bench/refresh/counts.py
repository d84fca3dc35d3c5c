"""What the server did: requests and queries, counted as they come."""

from threading import Lock

from django.db import connections

_lock = Lock()
_counts = {"requests": 0, "queries": 0}


def add(name):
    with _lock:
        _counts[name] += 1


def read():
    with _lock:
        return dict(_counts)


def watch():
    """Count this thread's queries; what opens or ends a transaction is none."""
    for connection in connections.all():
        if _count not in connection.execute_wrappers:
            connection.execute_wrappers.insert(0, _count)


def _count(execute, sql, params, many, context):
    if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
        add("queries")
    return execute(sql, params, many, context)
