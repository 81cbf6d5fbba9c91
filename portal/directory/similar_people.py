"""People who may be the same: alike by name, number or mail address.

A file of 800 rows reads the people once (`load_people`), so that it asks no statement per row; a
question about one person (`find_similar`) reads those with a name, number or address like theirs.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from peewee import SQL, fn

from portal import clock, phones
from portal.database.cache import fetch_kept
from portal.database.validity import current_or_future
from portal.directory.models import ContactDetail, DetailKind, Organisation, Person
from portal.directory.who_works_or_is_absent import list_moved
from portal.person_names import INFIXES, full_name, name_in_list
from portal.text import fold, join_words

_ALIKE_FAMILY, _ALIKE_GIVEN = 84, 75  # of 100: Kooijman and Kooiman; Marieke and Marijke
_INFIXES = frozenset({"".join(fold(infix).split()) for infix in INFIXES} | {"v", "d", "vd"})
_SHORTEST = 4  # letters: shorter parts of a double name say too little


class KnownPerson(NamedTuple):
    """A person of the directory, with the numbers and addresses of today and later."""

    id: int
    given_name: str
    family_name: str  # with its infix
    organisation: int  # id, of today
    organisation_name: str
    phones: frozenset[str] = frozenset()  # as stored
    emails: frozenset[str] = frozenset()  # lower case

    @property
    def name(self) -> str:
        return full_name(self.given_name, "", self.family_name)

    @property
    def label(self) -> str:
        """The person in a list."""
        return name_in_list(self.name, self.organisation_name)


class Similar(NamedTuple):
    """A person of the directory who may be the one that is asked for."""

    person: int
    label: str
    reason: str  # in Dutch: "heet ook zo en heeft hetzelfde nummer"
    is_certain: bool  # where only one of the found is certain, a program may choose them


class KnownPeople:
    """The people of the directory, to compare others with."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self._people: dict[int, KnownPerson] = {}
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        self._by_detail: defaultdict[str, set[int]] = defaultdict(set)
        for person in people:
            self._people[person.id] = person
            for word in {*_list_family_words(person.family_name), *_words(person.given_name)}:
                self._by_word[word].add(person.id)
            for value in person.phones | person.emails:
                self._by_detail[value].add(person.id)

    def __iter__(self) -> Iterator[KnownPerson]:
        return iter(self._people.values())

    def list_owners(self, email: str) -> list[KnownPerson]:
        """The people who have this mail address (lower case)."""
        return [self._people[id] for id in sorted(self._by_detail.get(email, ()))]

    def __contains__(self, person: int) -> bool:
        return person in self._people

    def find_similar(
        self,
        name: str,
        organisation: int | None = None,
        phones: Collection[str] = (),
        emails: Collection[str] = (),
        *,
        but: int | None = None,
    ) -> list[Similar]:
        """The people who may be the one of this whole name (initials, or only a family name, will
        do), organisation (id), numbers (`phones.normalise`) and mail addresses; but not the person
        with the id `but`. The certain ones come first."""
        emails = {email.lower() for email in emails}
        asked = KnownPerson(0, "", name, organisation or 0, "", frozenset(phones), frozenset(emails))
        candidates = self._candidates(name)
        for value in (*phones, *emails):
            candidates |= self._by_detail.get(value, set())
        found = (_compare(asked, self._people[id]) for id in sorted(candidates - {but}))
        return sorted(filter(None, found), key=lambda one: not one.is_certain)

    def _candidates(self, name: str) -> set[int]:
        alike = _list_alike(name, self._by_word)
        return set[int]().union(*(self._by_word[word] for word in alike))


def find_similar(
    name: str,
    organisation: int | None = None,
    phones: Collection[str] = (),
    emails: Collection[str] = (),
    *,
    but: int | None = None,
) -> list[Similar]:
    """`KnownPeople.find_similar` among all people, as they are today."""
    # Names are fewer than people: the words of each are compared once.
    by_word: defaultdict[str, set[tuple[Any, str]]] = defaultdict(set)
    families = fetch_kept(Person.select(Person.infix, Person.family_name).distinct())
    for infix, family in families if name else ():
        for word in _list_family_words(f"{infix} {family}".strip()):
            by_word[word].add((Person.family_name, family))
    for (given,) in fetch_kept(Person.select(Person.given_name).distinct()) if name else ():
        for word in _words(given):
            by_word[word].add((Person.given_name, given))
    named: defaultdict[Any, set[str]] = defaultdict(set)
    for column, value in {pair for word in _list_alike(name, by_word) for pair in by_word[word]}:
        named[column].add(value)
    which = Person.id.in_(_owning([*phones, *emails]))
    for column, values in named.items():
        which |= column.in_(values)
    known = load_people(clock.today(), which)
    return known.find_similar(name, organisation, phones, emails, but=but)


def load_owners(emails: Collection[str]) -> KnownPeople:
    """The people who have one of these mail addresses (lower case) today."""
    return load_people(clock.today(), Person.id.in_(_owning(emails)))


def _owning(values: Collection[str]) -> Any:
    """A query for the people (ids) with one of these numbers and addresses, today or later."""
    wanted = {value.lower() for value in values if value}
    there = fn.LOWER(ContactDetail.value).in_(wanted) & ContactDetail.person.is_null(False)
    there &= current_or_future(ContactDetail, clock.today())
    return ContactDetail.select(ContactDetail.person).where(there)


def load_people(on: date, which: Any = None) -> KnownPeople:
    """The people of the directory who meet a condition, or all, as they are on the day `on` (Amsterdam)."""
    details: defaultdict[int, set[tuple[str, str]]] = defaultdict(set)
    query = ContactDetail.select(ContactDetail.person, ContactDetail.kind, ContactDetail.value)
    theirs = ContactDetail.person.is_null(False) & current_or_future(ContactDetail, on)
    if which is not None:
        theirs &= ContactDetail.person.in_(Person.select(Person.id).where(which))
    for person, kind, value in fetch_kept(query.where(theirs)):
        details[person].add((kind, value))
    people = Person.select(
        Person.id, Person.given_name, Person.infix, Person.family_name, Organisation.id, Organisation.name
    )
    moved = list_moved(on)
    known = []
    people = people.join(Organisation).where(SQL("1 = 1") if which is None else which)
    for id, given, infix, family, organisation, named in fetch_kept(people):
        employer = moved.get(id)
        known.append(
            KnownPerson(
                id, given, f"{infix} {family}".strip(),
                employer.id if employer else organisation, employer.name if employer else named,
                frozenset(value for kind, value in details[id] if kind == DetailKind.PHONE),
                frozenset(value.lower() for kind, value in details[id] if kind == DetailKind.EMAIL),
            )
        )  # fmt: skip
    return KnownPeople(known)


def _compare(asked: KnownPerson, other: KnownPerson) -> Similar | None:
    """How far `other` is the person who is asked for; None where that is unlikely."""
    is_same_name, is_alike = _compare_names(asked.family_name, other)
    same_place = asked.organisation == other.organisation
    may_be_there = same_place or not asked.organisation
    same_numbers = asked.phones & other.phones
    same_email = bool(asked.emails & other.emails)
    is_own_number = any(map(phones.is_mobile, same_numbers))
    same_detail = bool(same_numbers) or same_email
    is_enough = same_email or is_own_number or is_same_name
    if not is_enough and not (is_alike and (may_be_there or same_detail)):
        return None
    reasons = [
        reason
        for reason, holds in (
            ("heet ook zo", is_same_name),
            ("heet bijna zo", is_alike and not is_same_name),
            ("werkt bij dezelfde organisatie", same_place),
            ("heeft hetzelfde nummer", bool(same_numbers)),
            ("heeft hetzelfde e-mailadres", same_email),
        )
        if holds
    ]
    *most, last = reasons
    other_address = bool(asked.emails and other.emails and not same_email)
    is_certain = (is_alike and same_email) or (is_same_name and same_place and not other_address)
    text = f"{', '.join(most)} en {last}" if most else last
    return Similar(other.id, other.label, text, is_certain)


def _compare_names(name: str, other: KnownPerson) -> tuple[bool, bool]:
    """Whether somebody of this whole name has the same name as `other`, and whether nearly."""
    words, given, family = _words(name), _words(other.given_name), _family_words(other.family_name)
    if not given or not family or len(words) == 1:  # one name: it may be either
        same = _join(name) == _join(f"{other.given_name} {other.family_name}")
        return same, same or bool({*words} & {*given, *family})
    count = len(family) if len(words) > len(family) else 1
    first, last = words[:-count], words[-count:]
    if same_family := _join(name).endswith(_join(other.family_name)) or last == family:
        rest = _join(name).removesuffix(_join(other.family_name))
        if rest in ("".join(given), _join(other.given_name)):
            return True, True
    shared = {word for word in {*words[1:]} & {*family} if len(word) >= _SHORTEST}
    from rapidfuzz import fuzz

    near_family = fuzz.ratio("".join(last), "".join(family)) >= _ALIKE_FAMILY
    is_family = same_family or bool(shared) or near_family
    same_given = first == given
    return same_family and same_given, is_family and (same_given or _is_given_alike(first, given))


def _is_given_alike(first: list[str], given: list[str]) -> bool:
    """Whether given names are alike: initials of them, a part, or another spelling."""
    from rapidfuzz import fuzz

    one, other = sorted(("".join(first), "".join(given)), key=len)
    if len(one) == 1 or len(first[0]) == 1 or len(given[0]) == 1:
        return first[0][0] == given[0][0] or {*first} & {*given} != set()
    return other.startswith(one) or bool({*first} & {*given}) or fuzz.ratio(one, other) >= _ALIKE_GIVEN


def _list_alike(name: str, words: Iterable[str]) -> set[str]:
    """Those of these words of names that are like the family name in a whole name."""
    from rapidfuzz import fuzz, process  # few pages need it

    last = _words(name)[1:] or _words(name)
    asked = {*last, "".join(last), _join(name.partition(" ")[2])} - {""}
    known = list(words)
    how: Any = {"scorer": fuzz.ratio, "score_cutoff": _ALIKE_FAMILY, "limit": 9}
    return {other for word in asked for other, _, _ in process.extract(word, known, **how)}


def _list_family_words(family: str) -> set[str]:
    """The words by which somebody with a family name (with its infix) is found."""
    words = _family_words(family)
    return {*words, "".join(words), _join(family)} - {""}


def _words(name: str) -> list[str]:
    """The words of a name that count, without infixes. A first word of one letter is an initial."""
    words = _spell(name)
    initial = [word for word in words[:1] if len(word) == 1]
    return initial + [word for word in words[len(initial) :] if word not in _INFIXES]


def _family_words(family: str) -> list[str]:
    """The words of a family name that count."""
    words = _spell(family)
    return [word for word in words if word not in _INFIXES] or words


def _spell(name: str) -> list[str]:
    """The folded words of a name, with one spelling for the y."""
    return fold(name.replace(".", " ")).replace("ij", "y").split()


def _join(name: str) -> str:
    return join_words(name).replace("ij", "y")
