"""Slow and greedy visitors cost nobody else an answer."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from tests.processes import Portal, Start
from tests.soak.conftest import LONG
from tests.soak.visitor import Visitor, until_answered

BODIES, HEADS, READERS, PROBES = 64, 64, 16, 4
SECONDS = 60 if LONG else 2  # how long the finder is asked under this load
LIMIT = 1.0  # seconds within which the finder answers
BODY_NEVER_COMES = b"POST /inloggen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\na"
HEAD_NEVER_ENDS = b"GET / HTTP/1.1\r\nHost: 127."
LONG_PAGE = b"GET /scholen HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_the_finder_answers_while_others_send_and_read_slowly(start: Start) -> None:
    portal = Portal(start)
    visitor = Visitor(portal.port)
    until_answered(visitor, "/?q=camelot")
    done = threading.Event()
    with slow_visitors(portal.port, done) as stalled:
        seconds = []
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            begun = time.monotonic()
            assert visitor.ask("/?q=camelot").status == 200
            seconds.append(time.monotonic() - begun)
        assert not LONG or stalled[0].recv(12) == b"HTTP/1.1 408"
    print(
        f"\n{len(seconds)} searches beside {BODIES} slow bodies, {HEADS} slow heads, {READERS} "
        f"slow readers and {PROBES} clients on /readyz; the slowest took {max(seconds):.3f} s"
    )
    assert max(seconds) <= LIMIT


@contextlib.contextmanager
def slow_visitors(port: int, done: threading.Event) -> Iterator[list[socket.socket]]:
    """Open all of them; gives the connections whose body never comes. They end with the block."""

    def read_slowly() -> None:
        with connect(port, receive_buffer=1024) as reader:
            while not done.is_set():
                reader.sendall(LONG_PAGE)
                while not done.wait(1) and reader.recv(1):
                    pass

    def probe() -> None:
        client = Visitor(port)
        while not done.is_set():
            client.ask("/readyz")

    threads = [threading.Thread(target=read_slowly) for _ in range(READERS)]
    threads += [threading.Thread(target=probe) for _ in range(PROBES)]
    with contextlib.ExitStack() as open_connections:
        stalled = []
        for head, number in ((BODY_NEVER_COMES, BODIES), (HEAD_NEVER_ENDS, HEADS)):
            for _ in range(number):
                connection = open_connections.enter_context(connect(port))
                connection.sendall(head)
                stalled.append(connection)
        for thread in threads:
            thread.start()
        try:
            yield stalled
        finally:
            done.set()
            for thread in threads:
                thread.join()


def connect(port: int, receive_buffer: int = 0) -> socket.socket:
    """A connection; a small receive buffer makes the server wait for the reader."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    return connection
