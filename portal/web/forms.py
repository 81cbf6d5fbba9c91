"""What every form of the portal shares."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm


def printable(text: str | None) -> str:
    """A filter for every text field: without the characters that no page and no database can
    hold (NUL and other control characters), and without blanks around it."""
    return "".join(c for c in text or "" if c.isprintable() or c in "\r\n\t").strip()


class QueryForm(FlaskForm):  # type: ignore[misc]
    """A form that asks (GET): it changes nothing, so it carries no token and can be shared as an
    address."""

    class Meta:
        csrf = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formdata=request.args, **kwargs)
