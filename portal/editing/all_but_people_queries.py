"""The statements about what a coordinator changes: schools, organisations, contact points, roles and holidays."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from portal import clock
from portal.database import fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.validity import current_or_future
from portal.directory.models import (
    ContactDetail,
    ContactPoint,
    Holiday,
    Organisation,
    Place,
    Responsibility,
    Role,
    RoleInSector,
    School,
)
from portal.search.choices import label_contact_points
from portal.text import fold
from portal.workdays import school_year


def find_schools(which: str, words: str) -> list[str]:
    """The codes of the schools with these words in their name, place or code, by name: of the open
    ones, those of them without a number (`nummer`), or the closed ones (`gesloten`)."""
    today, parts = clock.today(), fold(words).split()
    return [
        code
        for code, text, closed_on, has_number in _list_texts()
        if (closed_on is not None and closed_on <= today) == (which == "gesloten")
        and not (which == "nummer" and has_number)
        and all(part in text for part in parts)
    ]


@cached_until_change
def _list_texts() -> list[tuple[str, str, date | None, bool]]:
    """Of each school its code, folded texts, first day closed, and whether it has a number."""
    query = School.select(School.code, School.closed_on, School.phone, School.name, School.aliases, Place.name).join(
        Place
    )
    rows = fetch_tuples(query.order_by(School.sort_key, School.code))
    return [  # a tuple of so many would not be kept
        (code, fold(" ".join((*texts, code))), closed_on, bool(phone)) for code, closed_on, phone, *texts in rows
    ]


def list_schools(codes: Collection[str]) -> list[School]:
    """The schools with these codes, each with its place, by name."""
    query = School.select(School, Place).join(Place).where(School.code.in_(codes))
    return list(query.order_by(School.sort_key, School.code))


def list_partners() -> list[Organisation]:
    """The organisations that are no schools."""
    query = Organisation.select().where(Organisation.kind == Organisation.PARTNER)
    return list(query.order_by(Organisation.sort_key))


def find_partner(key: str) -> Organisation | None:
    """The organisation with this key; None for that of a school, of which the name follows the school."""
    return Organisation.get_or_none((Organisation.key == key) & (Organisation.kind == Organisation.PARTNER))


def list_contact_points() -> list[tuple[ContactPoint, str]]:
    """All contact points with their organisation and label, by name."""
    query = ContactPoint.select(ContactPoint, Organisation).join(Organisation)
    points = sorted(query, key=lambda point: fold(point.name))
    labels = label_contact_points(points)
    return [(point, labels[point.id]) for point in points]


def list_details(point: ContactPoint) -> list[ContactDetail]:
    """The numbers and addresses of a contact point, now or later."""
    own = (ContactDetail.contact_point == point) & current_or_future(ContactDetail, clock.today())
    return list(ContactDetail.select().where(own).order_by(ContactDetail.position))


def list_answers(role: Role) -> dict[tuple[str, str], list[Responsibility]]:
    """The contact points that answer for a role, in the order of asking, per municipality (code)
    and sector (key; "" for every sector)."""
    query = Responsibility.select(Responsibility, ContactPoint).join(ContactPoint)
    answers: dict[tuple[str, str], list[Responsibility]] = defaultdict(list)
    for row in query.where(Responsibility.role == role).order_by(Responsibility.rank):
        answers[row.municipality_id, row.sector].append(row)
    return answers


def list_sectors_of(role: Role) -> list[RoleInSector]:
    """The sectors that have a role."""
    query = RoleInSector.select().where(RoleInSector.role == role)
    return list(query.order_by(RoleInSector.sector))


def list_holidays() -> dict[int, list[Holiday]]:
    """All holidays, the last one first, per school year (the year in which it began)."""
    years: dict[int, list[Holiday]] = defaultdict(list)
    for row in Holiday.select().order_by(Holiday.valid_from.desc()):
        years[school_year(row.valid_from)].append(row)
    return years
