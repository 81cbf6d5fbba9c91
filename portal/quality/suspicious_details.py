"""Suspicious numbers and addresses: a domain that is almost that of somebody else, a mail address
at a public provider or of another organisation, a number that two people share.

Each is a question to a person: "dit klopt" is an answer too, and is remembered by a hash.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from portal import clock
from portal.accounts.mail_domains import is_public
from portal.accounts.models import ListedDomain
from portal.database import add_unless_present, fetch_each, fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.validity import valid_on
from portal.directory.models import ContactDetail, ContactPoint, DetailKind, Organisation, Person, School, is_open
from portal.directory.who_works_or_is_absent import list_moved
from portal.keys import hash_secret
from portal.labelled_enum import LabelledEnum
from portal.person_names import full_name
from portal.quality.models import Dismissal
from portal.text import join_words
from portal.web.formatting import site_link

_KNOWN = 3  # owners of a domain that others may be a mistyping of
_SHORTEST = 9  # letters: shorter names and domains resemble each other by chance
_LONG = 13  # letters, from which two may differ


class Kind(LabelledEnum):
    """The reason why a detail is suspicious."""

    ALIKE = "alike", "Lijkt op een ander adres"
    PUBLIC = "public", "Gratis mail"
    ELSEWHERE = "elsewhere", "Mail van een andere organisatie"
    SHARED = "shared", "Eén nummer bij meer mensen"


class Owner(NamedTuple):
    """A person, contact point or school, with the page on which it is changed."""

    name: str
    endpoint: str
    key: str  # its argument
    organisation: int
    organisation_name: str
    is_person: bool = False

    @property
    def arguments(self) -> dict[str, str]:
        return {"room": "beheer", "person": self.key} if self.is_person else {"key": self.key}


class OwnedDetail(NamedTuple):
    """A number, mail address or website of an owner."""

    kind: DetailKind
    value: str
    owner: Owner

    @property
    def domain(self) -> str:
        """The domain of a mail address or website, as it is registered: "school.nl"."""
        if self.kind == DetailKind.EMAIL:
            host = self.value.rpartition("@")[2]
        else:
            host = urlsplit(site_link(self.value)).netloc.partition(":")[0]
        return ".".join(host.lower().split(".")[-2:])


class Suspicion(NamedTuple):
    """A suspicious detail, with everybody who has it."""

    kind: Kind
    value: str
    reason: str  # in Dutch
    owners: tuple[Owner, ...]

    @property
    def digest(self) -> str:
        """A hash that stays the same as long as the same owners have the same detail."""
        owners = sorted(f"{owner.endpoint} {owner.key}" for owner in self.owners)
        return hash_secret("|".join([self.kind, self.value, self.reason, *owners]))


def find_suspicions(
    details: Collection[OwnedDetail], listed: Mapping[str, int], names: Iterable[str]
) -> list[Suspicion]:
    """The suspicious ones of these details, by kind. `listed` gives the organisation (id) of a
    domain, `names` are those of the organisations: their domains are often called so."""
    addresses = [held for held in details if held.kind != DetailKind.PHONE]
    mails = [held for held in addresses if held.kind == DetailKind.EMAIL and held.owner.is_person]
    return [
        *_find_alike(addresses, listed, names),
        *_find_public(mails),
        *_find_elsewhere(mails, addresses, listed),
        *_find_shared([held for held in details if held.kind == DetailKind.PHONE]),
    ]


def _find_alike(addresses: Iterable[OwnedDetail], listed: Collection[str], names: Iterable[str]) -> Iterator[Suspicion]:
    """The domains that one or two owners have and that are almost one that many have, or almost
    called as an organisation is."""
    owners: defaultdict[str, dict[Owner, None]] = defaultdict(dict)
    for held in addresses:
        if held.domain and not is_public(held.domain):
            owners[held.domain][held.owner] = None
    called = {join_words(name): f"de naam {name}" for name in names}
    known = {domain for domain, those in owners.items() if len(those) >= _KNOWN} | {*listed}
    for domain in sorted(owners.keys() - known):
        alike = _find_nearest(domain, {other: other for other in known})
        name = join_words(domain.rpartition(".")[0])
        if alike is None and name not in called:
            alike = _find_nearest(name, called)
        if alike:
            yield Suspicion(Kind.ALIKE, domain, f"lijkt op {alike}", tuple(owners[domain]))


def _find_nearest(text: str, told: Mapping[str, str]) -> str | None:
    """The sentence about the text that differs from `text` in one letter, or two in a long one."""
    if len(text) < _SHORTEST:
        return None
    from rapidfuzz import process  # few pages need it
    from rapidfuzz.distance import Levenshtein

    most = 2 if len(text) >= _LONG else 1
    others = [other for other in told if len(other) >= _SHORTEST]
    found = process.extractOne(text, others, scorer=Levenshtein.distance, score_cutoff=most)
    return told[found[0]] if found else None


def _find_public(mails: Iterable[OwnedDetail]) -> Iterator[Suspicion]:
    for held in mails:
        if is_public(held.domain):
            reason = "bij deze aanbieder kan iedereen een adres krijgen"
            yield Suspicion(Kind.PUBLIC, held.value, reason, (held.owner,))


def _find_elsewhere(
    mails: Iterable[OwnedDetail], addresses: Iterable[OwnedDetail], listed: Mapping[str, int]
) -> Iterator[Suspicion]:
    """The mail addresses in the domain of one other organisation: a listed one, or one that its
    contact points use. A domain of several is that of a board or a host."""
    users: defaultdict[str, set[int]] = defaultdict(set)
    names: dict[int, str] = {}
    for held in addresses:
        names[held.owner.organisation] = held.owner.organisation_name
        if not held.owner.is_person:
            users[held.domain].add(held.owner.organisation)
    for held in mails:
        owner = {listed[held.domain]} if held.domain in listed else users.get(held.domain, set())
        if len(owner) == 1 and held.owner.organisation not in owner:
            other = names.get(next(iter(owner)), "een andere organisatie")
            reason = f"is van {other}, niet van {held.owner.organisation_name}"
            yield Suspicion(Kind.ELSEWHERE, held.value, reason, (held.owner,))


def _find_shared(numbers: Iterable[OwnedDetail]) -> Iterator[Suspicion]:
    """The numbers of two people or more; that of a desk or school is meant to be shared."""
    owners: defaultdict[str, dict[Owner, None]] = defaultdict(dict)
    for held in numbers:
        owners[held.value][held.owner] = None
    for value, those in owners.items():
        if len(those) > 1 and all(owner.is_person for owner in those):
            yield Suspicion(Kind.SHARED, value, "één van hen heeft vast een ander", tuple(those))


def list_suspicions() -> tuple[list[Suspicion], list[Suspicion]]:
    """The suspicious details of today, and those that somebody said to be right; a fixed number of statements."""
    domains = ListedDomain.select(ListedDomain.domain, ListedDomain.organisation)
    listed, dismissed = fetch_each([domains, Dismissal.select(Dismissal.digest)])
    found = _find_suspicions(clock.today(), frozenset(listed))
    right = {digest for (digest,) in dismissed}
    if not right:  # a large region has thousands to hash
        return found, []
    return ([one for one in found if one.digest not in right], [one for one in found if one.digest in right])


@cached_until_change
def _find_suspicions(on: date, listed: frozenset[tuple[str, int]]) -> list[Suspicion]:
    details = [*_list_of_people(on), *_list_of_contact_points(on), *_list_of_schools(on)]
    partners = Organisation.select(Organisation.name).where(Organisation.kind == Organisation.PARTNER)
    return find_suspicions(details, dict(listed), [name for (name,) in fetch_tuples(partners)])


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
