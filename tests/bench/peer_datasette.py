"""Datasette as `make bench-peers` asks it; runs in the environment of the peers.

    peer_datasette.py DATABASE ROUNDS < texts.json

Prints seconds of CPU by name, as JSON.
"""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlencode

from datasette.app import Datasette

LEAN = {"_nocount": 1, "_nosuggest": 1}
PAGES: dict[str, tuple[str, dict[str, int]]] = {
    "Datasette, JSON, no counts or facets": ("/flat/peer.json", LEAN),
    "Datasette, table page, the same": ("/flat/peer", LEAN),
    "Datasette, JSON as shipped": ("/flat/peer.json", {}),
    "Datasette, table page as shipped": ("/flat/peer", {}),
}


async def main() -> None:
    """Measure and print."""
    texts, rounds = json.load(sys.stdin), int(sys.argv[2])
    datasette = Datasette([sys.argv[1]])
    await datasette.invoke_startup()
    app = datasette.app()
    costs = {}
    for name, (path, options) in PAGES.items():
        best = [min([await ask(app, path, text, options) for _ in range(rounds)]) for text in texts]
        costs[name] = sum(best) / len(best)
    print(json.dumps(costs))


async def ask(app: Any, path: str, text: str, options: dict[str, int]) -> float:
    """The CPU time of one request in all threads, in seconds: each word, the last one as a
    beginning, by FTS5."""
    *whole, last = text.split()
    words = " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    query = urlencode({"_search": words, "_searchmode": "raw", "_size": 10, **options})
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    begun = time.process_time()
    await app(scope, receive, send)
    cost = time.process_time() - begun
    assert sent[0]["status"] == 200, (sent[0], path, query)
    return cost


if __name__ == "__main__":
    asyncio.run(main())
