"""Reads the numbers and addresses that may be suspicious, and remembers which are right."""

from datetime import date

from portal import clock
from portal.accounts.models import ListedDomain
from portal.database import add_unless_present, fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.validity import valid_on
from portal.directory.models import ContactDetail, ContactPoint, DetailKind, Organisation, Person, School, is_open
from portal.directory.who_works_or_is_absent import list_moved
from portal.person_names import full_name
from portal.quality.models import Dismissal
from portal.quality.suspicious import OwnedDetail, Owner, Suspicion, find_suspicions
from portal.web.admin_pages import Summary
from portal.web.formatting import count


def list_suspicions() -> tuple[list[Suspicion], list[Suspicion]]:
    """The suspicious details of today, and those that somebody said to be right; a fixed number of statements."""
    listed = fetch_tuples(ListedDomain.select(ListedDomain.domain, ListedDomain.organisation))
    found = _find_suspicions(clock.today(), frozenset(listed))
    right = {digest for (digest,) in fetch_tuples(Dismissal.select(Dismissal.digest))}
    if not right:  # a large region has thousands to hash
        return found, []
    return ([one for one in found if one.digest not in right], [one for one in found if one.digest in right])


@cached_until_change
def _find_suspicions(on: date, listed: frozenset[tuple[str, int]]) -> list[Suspicion]:
    details = [*_list_of_people(on), *_list_of_contact_points(on), *_list_of_schools(on)]
    partners = Organisation.select(Organisation.name).where(Organisation.kind == Organisation.PARTNER)
    return find_suspicions(details, dict(listed), [name for (name,) in fetch_tuples(partners)])


def summarise() -> Summary:
    """How many details are suspicious."""
    waiting = len(list_suspicions()[0])
    if not waiting:
        return Summary("Adressen en nummers die niet lijken te kloppen.")
    text = f"{count(waiting, 'adres of nummer lijkt', 'adressen of nummers lijken')} verkeerd."
    return Summary(text, waiting)


def answer(digest: str, account: int, *, is_right: bool) -> bool:
    """Remember for an account (id) that a suspicious detail is right, or show it again; False where
    it is suspicious no more."""
    found, right = list_suspicions()
    if digest not in {one.digest for one in (*found, *right)}:
        return False
    if is_right:
        add_unless_present(Dismissal, digest=digest, account=account, at=clock.now())
    else:
        Dismissal.delete().where(Dismissal.digest == digest).execute()
    return True


def _list_of_people(today: date) -> list[OwnedDetail]:
    """The details of people; a labelled one is somebody else's."""
    moved = list_moved(today)
    query = (
        ContactDetail.select(
            ContactDetail.kind, ContactDetail.value, Person.id, Person.given_name, Person.infix,
            Person.family_name, Organisation.id, Organisation.name,
        )
        .join(Person)
        .join(Organisation)
        .where(valid_on(ContactDetail, today) & (ContactDetail.label == ""))
        .order_by(Person.sort_key, Person.id, ContactDetail.position)
    )  # fmt: skip
    held = []
    for kind, value, person, given, infix, family, *employer in fetch_tuples(query):
        if person in moved:
            employer = [moved[person].id, moved[person].name]
        name = full_name(given, infix, family)
        owner = Owner(name, "people.person", str(person), employer[0], employer[1], is_person=True)
        held.append(OwnedDetail(kind, value, owner))
    return held


def _list_of_contact_points(today: date) -> list[OwnedDetail]:
    query = (
        ContactDetail.select(
            ContactDetail.kind, ContactDetail.value, ContactPoint.name, ContactPoint.key,
            Organisation.id, Organisation.name,
        )
        .join(ContactPoint)
        .join(Organisation)
        .where(valid_on(ContactDetail, today))
        .order_by(ContactPoint.name, ContactDetail.position)
    )  # fmt: skip
    return [
        OwnedDetail(kind, value, Owner(name, "editing.contact_point", *rest))
        for kind, value, name, *rest in fetch_tuples(query)
    ]


def _list_of_schools(today: date) -> list[OwnedDetail]:
    query = (
        School.select(School.code, School.name, School.organisation, School.phone, School.website)
        .where(is_open(today))
        .order_by(School.sort_key, School.code)
    )
    held = []
    for code, name, organisation, phone, website in fetch_tuples(query):
        owner = Owner(name, "editing.school", code, organisation, name)
        held += [OwnedDetail(DetailKind.PHONE, phone, owner)] if phone else []
        held += [OwnedDetail(DetailKind.WEBSITE, website, owner)] if website else []
    return held
