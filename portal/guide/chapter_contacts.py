"""The contacts in a chapter: per municipality the contact point to call first."""

from collections.abc import Callable

from portal import clock
from portal.directory.contact_details import Contact, list_contact_points
from portal.directory.models import DetailKind
from portal.directory.places import list_municipalities


def find_contact_points() -> Callable[[tuple[str, ...]], dict[Contact, list[str]]]:
    """A function that gives for roles (keys) the contact points to call first today, each with the
    names of its municipalities. Details of persons are left out: on a page that is printed and
    kept, a contact point outlives a person."""
    rows = list_contact_points(clock.today())
    municipalities = {m.code: m.name for m in list_municipalities(in_region=True)}

    def contact_points(roles: tuple[str, ...]) -> dict[Contact, list[str]]:
        names: dict[Contact, list[str]] = {}
        seen: set[tuple[str, str, str]] = set()
        for row in rows:
            key = (row.role, row.municipality, row.sector)
            # Only the first one: the others are shown where a school is chosen.
            if row.role not in roles or row.municipality not in municipalities or key in seen:
                continue
            seen.add(key)
            listed = names.setdefault(_without_persons(row.contact), [])
            if municipalities[row.municipality] not in listed:
                listed.append(municipalities[row.municipality])
        return names

    return contact_points


def _without_persons(contact: Contact) -> Contact:
    """A contact point without the numbers and addresses of the persons who work there."""
    kept = (d for d in contact.details if not d.label or d.kind == DetailKind.WEBSITE)
    return contact._replace(details=tuple(kept))
