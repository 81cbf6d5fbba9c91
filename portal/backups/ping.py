"""A dead-man's ping: a watcher elsewhere expects one after each backup, and raises the alarm when none comes."""

import atexit
import http.client
import logging
import threading
import urllib.request

logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds for one step


def ping(url: str) -> threading.Thread:
    """Ask for `url` in a thread; nobody needs to wait for it. A process that ends, such as `flask
    backup`, gives it ten seconds."""
    thread = threading.Thread(target=_ask, args=(url,), daemon=True)
    atexit.register(thread.join, TIMEOUT)
    thread.start()
    return thread


def _ask(url: str) -> None:
    try:
        # The settings allow https, and http on this computer.
        urllib.request.urlopen(url, timeout=TIMEOUT).close()  # noqa: S310 - see above
    except (OSError, http.client.HTTPException) as error:
        logger.warning("the ping failed: %s", type(error).__name__)
    finally:
        atexit.unregister(threading.current_thread().join)
