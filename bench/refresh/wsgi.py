"""Ours behind our middleware and the others without, in one process; all is counted alike."""

from bench import wsgi
from bench.refresh import counts


def application(environ, start_response):
    if environ["PATH_INFO"] != "/counts/":  # who looks at them is not counted
        counts.add("requests")
        counts.watch()
    return wsgi.application(environ, start_response)
