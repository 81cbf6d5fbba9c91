"""Recognises a browser from the one request to the next, before anybody signed in."""

import secrets

from flask import session

_NAME = "browser"


def browser_id() -> str:
    """The random id of this browser, given to it where it has none."""
    if _NAME not in session:
        session[_NAME] = secrets.token_urlsafe(16)
    return str(session[_NAME])


def remember_browser(browser: str) -> None:
    """Keep the id of this browser when its session begins anew."""
    session[_NAME] = browser


def known_browser() -> str:
    """The id of this browser, or "" where it has none."""
    return str(session.get(_NAME, ""))
