"""Suspicious numbers and addresses: a domain that is almost that of somebody else, a mail address
at a public provider or of another organisation, a number that two people share.

Each is a question to a person: "dit klopt" is an answer too, and is remembered by a hash.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from portal.accounts.mail_domains import is_public
from portal.directory.models import DetailKind
from portal.keys import hash_secret
from portal.labelled_enum import LabelledEnum
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
