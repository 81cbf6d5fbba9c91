"""Contact details on a day: what somebody may see of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from enum import Enum
from functools import partial
from typing import Any

from portal.database.compiled import prepared
from portal.directory.models import ContactDetail
from portal.directory.read_models import Detail
from portal.directory.validity import valid_on


class Visibility(Enum):
    """Which contact details somebody may see: what is for everybody, or also what is for who is
    signed in."""

    OPEN = (ContactDetail.OPEN,)
    MEMBERS = (ContactDetail.OPEN, ContactDetail.MEMBERS)


# Set for every request by `portal.accounts`; whoever forgets to shows only what is for everybody.
VIEWER_VISIBILITY: ContextVar[Visibility] = ContextVar("sees", default=Visibility.OPEN)


@contextmanager
def viewing_as(visibility: Visibility) -> Iterator[None]:
    """See, inside, what somebody else may."""
    token = VIEWER_VISIBILITY.set(visibility)
    try:
        yield
    finally:
        VIEWER_VISIBILITY.reset(token)


def list_details(owner: Any, ids: Iterable[int], on: date) -> defaultdict[int, tuple[Detail, ...]]:
    """Per owner what may be seen of its contact details on the day `on`."""
    found: defaultdict[int, tuple[Detail, ...]] = defaultdict(tuple)
    for key, *rest in _ROWS[owner.name](list(ids), list(VIEWER_VISIBILITY.get().value), on):
        found[key] += (Detail(*rest),)
    return found


def _rows(owner: Any, ids: list[int], visibilities: list[str], on: date) -> Any:
    return (
        ContactDetail.select(owner, ContactDetail.kind, ContactDetail.value, ContactDetail.label)
        .where(
            owner.in_(ids)
            & ContactDetail.visibility.in_(visibilities)
            & valid_on(ContactDetail, on)
        )
        .order_by(ContactDetail.position, ContactDetail.id)
    )


_ROWS = {
    owner.name: prepared(partial(_rows, owner))
    for owner in (ContactDetail.person, ContactDetail.contact_point)
}
