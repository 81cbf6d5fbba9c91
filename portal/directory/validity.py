"""The one rule about time: a span is half-open, `[valid_from, valid_until)`, an open end is NULL.

People say the last day; the database holds the first day on which it is over.
"""

from datetime import date, timedelta
from typing import Any


def valid_on(model: Any, on: date) -> Any:
    """The condition that a row of `model` holds on the day `on`."""
    return _begun(model, on) & _not_over(model, on)


def overlaps(model: Any, valid_from: Any, valid_until: date | None) -> Any:
    """The condition that a row of `model` holds on some day of another span."""
    if valid_until is None:
        return _not_over(model, valid_from)
    return _not_over(model, valid_from) & (model.valid_from < valid_until)


def current_or_future(model: Any, on: date) -> Any:
    """The condition that a row of `model` holds on the day `on` or begins later."""
    return _not_over(model, on)


def day_after(last_day: date) -> date:
    """The `valid_until` of a span whose last day is given."""
    return last_day + timedelta(days=1)


def last_day(valid_until: date) -> date:
    """The last day of a span, from its `valid_until`."""
    return valid_until - timedelta(days=1)


def _begun(model: Any, on: date) -> Any:
    return model.valid_from.is_null() | (model.valid_from <= on)


def _not_over(model: Any, on: Any) -> Any:
    return model.valid_until.is_null() | (model.valid_until > on)
