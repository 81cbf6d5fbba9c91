"""The period of a notice: which days it may have, and its phase on a day.

Days are Amsterdam dates; every `valid_until` is exclusive.
"""

from datetime import date, timedelta

from portal.labelled_enum import LabelledEnum
from portal.notices.kinds import NoticeKind

# How far the first day may lie from today.
LONGEST_BACK, LONGEST_AHEAD = timedelta(days=366), timedelta(days=2 * 366)
FIRST_DAY_TOO_FAR = "Kies een dag van een jaar terug tot twee jaar vooruit."
ARCHIVED_AFTER = timedelta(days=90)  # from the first day of a notice without a last day


class Phase(LabelledEnum):
    """The phase of a notice on a day; stands in addresses."""

    COMING = "gaat-in", "Gaat in"
    CURRENT = "geldt-nu", "Geldt nu"
    ARCHIVED = "archief", "Archief"


def find_phase(
    kind: NoticeKind, valid_from: date, valid_until: date | None, *, is_withdrawn: bool, today: date
) -> Phase:
    """The phase of a notice today."""
    if is_withdrawn or today >= first_day_over(kind, valid_from, valid_until):
        return Phase.ARCHIVED
    return Phase.COMING if today < valid_from else Phase.CURRENT


def first_day_over(kind: NoticeKind, valid_from: date, valid_until: date | None) -> date:
    """The first day on which a notice is over. A kind that can have a last day, such as an absence,
    stays current until it gets one."""
    return valid_until or (date.max if kind.last_day_label else valid_from + ARCHIVED_AFTER)


def start_label(valid_from: date, valid_until: date | None, withdrawn_on: date | None, today: date) -> str:
    """The Dutch words before the first day of a notice, such as "gaat in op"."""
    if withdrawn_on:
        return "zou ingaan op" if withdrawn_on < valid_from else "gold vanaf"
    if today < valid_from:
        return "gaat in op"
    return "vanaf" if valid_until else "sinds"
