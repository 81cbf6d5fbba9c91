"""The rule about time: a validity period is half-open, `[valid_from, valid_until)`.

Both are Amsterdam dates. An open end is NULL. Forms ask for the last day inclusive; the database
stores the day after it.
"""

from datetime import date, timedelta
from typing import Any


def valid_on(model: Any, on: date) -> Any:
    """The condition that a row of `model` is valid on the day `on`."""
    return _begun(model, on) & _not_over(model, on)


def overlaps(model: Any, valid_from: Any, valid_until: date | None) -> Any:
    """The condition that a row of `model` is valid on some day of another period."""
    if valid_until is None:
        return _not_over(model, valid_from)
    return _not_over(model, valid_from) & (model.valid_from < valid_until)


def current_or_future(model: Any, on: date) -> Any:
    """The condition that a row of `model` is valid on the day `on` or later."""
    return _not_over(model, on)


def day_after(last_day: date) -> date:
    """The `valid_until` of a period with this last day."""
    return last_day + timedelta(days=1)


def last_day(valid_until: date) -> date:
    """The last day of a period with this `valid_until`."""
    return valid_until - timedelta(days=1)


def _begun(model: Any, on: date) -> Any:
    return model.valid_from.is_null() | (model.valid_from <= on)


def _not_over(model: Any, on: Any) -> Any:
    return model.valid_until.is_null() | (model.valid_until > on)
