"""A planned session: its hours, its place, who leads it and who is invited."""

import json
from collections.abc import Collection, Iterable
from datetime import date, datetime, time
from typing import NamedTuple

from portal.clock import AMSTERDAM, day_of
from portal.directory.contact_details import viewing_as
from portal.directory.models import DetailKind, Visibility
from portal.directory.who_works_or_is_absent import list_holders


class Invitee(NamedTuple):
    """A person who is invited beside the requester and the mailboxes."""

    role: str  # the key of the role; "": invited by address
    name: str
    address: str  # lower case


class Session(NamedTuple):
    """A session on one day; the moments are aware."""

    begins_at: datetime
    ends_at: datetime
    place: str
    leader: str  # a name; may be empty
    invitees: tuple[Invitee, ...]

    @property
    def day(self) -> date:
        """Its day in Amsterdam."""
        return day_of(self.begins_at)

    @property
    def begins(self) -> time:
        """The hour in Amsterdam at which it begins."""
        return self.begins_at.astimezone(AMSTERDAM).time()

    @property
    def ends(self) -> time:
        """The hour in Amsterdam at which it ends."""
        return self.ends_at.astimezone(AMSTERDAM).time()

    @property
    def hours(self) -> str:
        """From when to when: "15.00–16.30 uur"."""
        return f"{self.begins:%H.%M}–{self.ends:%H.%M} uur"


def read_invitees(text: str) -> tuple[Invitee, ...]:
    """The invitees as the database stores them (JSON)."""
    return tuple(Invitee(*row) for row in json.loads(text))


def list_invitees(
    on: date, workplaces: Collection[str], roles: Collection[str], addresses: Iterable[str]
) -> list[Invitee]:
    """Those who hold these roles (keys) at a school or its kern (codes) on the day `on`, or their
    substitutes, and these addresses; each address once. A holder without an address is left out.

    Each invitee sees the address of the others, so that addresses for colleagues only are not used.
    """
    with viewing_as(Visibility.OPEN):
        holders = list_holders(on, workplaces, roles) if roles else []
    found: dict[str, Invitee] = {}
    for holder in holders:
        contact = holder.substitute if holder.is_absent else holder.contact
        addresses_of = contact.of_kind(DetailKind.EMAIL) if contact else ()
        if contact and addresses_of:
            address = addresses_of[0].value.lower()
            found.setdefault(address, Invitee(holder.role, contact.name, address))
    for address in addresses:
        found.setdefault(address, Invitee("", address, address))
    return list(found.values())
