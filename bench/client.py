"""A client that keeps several connections busy, small enough not to be what is measured."""

import selectors
import socket

CONNECTIONS = 8


def request(method, path, body=b"", **headers):
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Client:
    """Connections that are kept alive; each sends its next request when its answer is there."""

    def __init__(self, address, clock):
        self.clock = clock
        self.selector = selectors.DefaultSelector()
        self.connections = [socket.create_connection(address) for _ in range(CONNECTIONS)]
        for connection in self.connections:
            self.selector.register(connection, selectors.EVENT_READ)

    def turn(self, sent, number):
        """Send a request this many times; the seconds of one."""
        parts = dict.fromkeys(self.connections, b"")
        waiting = number
        start = self.clock()
        for connection in self.connections:
            connection.sendall(sent)
        unsent = number - len(self.connections)
        while waiting:
            for ready, _ in self.selector.select():
                connection = ready.fileobj
                answer = parts[connection] + self._received(connection)
                parts[connection] = b"" if is_whole(answer) else answer
                if not parts[connection]:
                    waiting -= 1
                    if unsent > 0:
                        unsent -= 1
                        connection.sendall(sent)
        return (self.clock() - start) / number

    def ask(self, sent):
        """One answer: its head and its body."""
        connection, answer = self.connections[0], b""
        connection.sendall(sent)
        while not is_whole(answer):
            answer += self._received(connection)
        head, _, body = answer.partition(b"\r\n\r\n")
        return head.decode("latin-1"), body

    def _received(self, connection):
        received = connection.recv(65_536)
        if not received:
            raise ConnectionError("the server closed the connection")
        return received

    def close(self):
        self.selector.close()
        for connection in self.connections:
            connection.close()


def is_whole(answer):
    """Whether all of an answer is there; whoever answers otherwise than 200 is out."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AssertionError(answer.decode("latin-1"))
    at = answer.lower().index(b"content-length:") + len(b"content-length:")
    return len(answer) >= end + 4 + int(answer[at : answer.index(b"\r", at)])
