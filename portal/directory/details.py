"""Contact details on a day: what everybody may see of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.database import tuples
from portal.directory.models import ContactDetail
from portal.directory.rows import Detail


def holds(model: Any, on: date) -> Any:
    """That a row's span holds on the day `on`; an open end holds for ever."""
    return (model.valid_from.is_null() | (model.valid_from <= on)) & (
        model.valid_until.is_null() | (model.valid_until > on)
    )


def list_details(owner: Any, ids: Iterable[int], on: date) -> defaultdict[int, tuple[Detail, ...]]:
    """Per owner what everybody may see of its contact details on the day `on`."""
    found: defaultdict[int, tuple[Detail, ...]] = defaultdict(tuple)
    query = (
        ContactDetail.select(owner, ContactDetail.kind, ContactDetail.value, ContactDetail.label)
        .where(
            owner.in_(list(ids))
            & (ContactDetail.visibility == ContactDetail.OPEN)
            & holds(ContactDetail, on)
        )
        .order_by(ContactDetail.position, ContactDetail.id)
    )
    for key, *rest in tuples(query):
        found[key] += (Detail(*rest),)
    return found
