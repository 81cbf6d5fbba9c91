"""The difference between a file and the directory: what is new, changes, stops and stays.

Rules: what a file leaves out goes on, unless somebody ticks it; an empty cell says nothing, unless
its column was said to; what a person changed after the file was made is a conflict, and stays.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from portal import phones
from portal.directory.models import DetailKind
from portal.imports.columns import Field
from portal.imports.directory_snapshot import HeldPost, Present, overlap
from portal.imports.models import Coverage
from portal.imports.posts_and_questions import ImportedPerson, ImportedPost, Interpretation, RowKey
from portal.labelled_enum import LabelledEnum
from portal.text import fold
from portal.web.formatting import weekday_names

_CHANGED = "gewijzigd door {}, na de datum van het bestand"
_SIGNS_IN = "met een van deze e-mailadressen hoort een account; vraag eerst of dit klopt"
_STOPS = "dan stopt wie er nu is; een vacature kan ook ernaast staan"
MAY_BE_EMPTIED = {Field.PHONE, Field.MOBILE, Field.EMAIL, Field.DAYS, Field.UNTIL}  # by an empty cell
TYPED_ABOVE = 10  # per cent of the posts that a file covers: who ends more types the number


class Kind(LabelledEnum):
    NEW = "new", "nieuw"
    CHANGED = "changed", "anders"
    ENDS = "ends", "stopt"
    STAYS = "stays", "blijft"


class NewDetail(NamedTuple):
    """A number or address of a person; `replaced` is the id of the one that it follows."""

    kind: DetailKind
    value: str
    replaced: int | None


class Difference(NamedTuple):
    """One difference: about a post at a school, or about a person.

    What is done: `ended` rows end on `start`, then `post` begins (or ends on its last day, where
    `kept` is its row), or the person gets other details.
    """

    kind: Kind
    school: str  # code; "": about a person
    role: str  # key
    before: str
    after: str
    start: date
    until: date | None = None  # exclusive
    rows: tuple[RowKey, ...] = ()
    ended: tuple[HeldPost, ...] = ()
    post: ImportedPost | None = None
    kept: HeldPost | None = None
    person: ImportedPerson | None = None
    details: tuple[NewDetail, ...] = ()
    gone: tuple[int, ...] = ()  # details (ids) of which the cell is empty and means "weg"
    times: tuple[tuple[str, str], ...] = ()  # other working days or hours, by their columns
    conflict: str = ""  # who changed it since, and when
    is_free: bool = False  # nobody ever held this post

    @property
    def key(self) -> str:
        """The name of this difference in a form, as long as it is the same."""
        shown = (self.kind, self.school, self.role, self.before, self.after, self.start, self.until)
        return sha256(repr(shown).encode()).hexdigest()[:12]

    @property
    def people_ended(self) -> int:
        """The number of people who end at this post."""
        return sum(row.person is not None for row in self.ended)

    @property
    def is_absence(self) -> bool:
        """Whether an absence begins."""
        return self.person is not None and self.school != ""

    @property
    def is_taken(self) -> bool:
        """Whether it is done where nobody says otherwise."""
        return self.kind in (Kind.NEW, Kind.CHANGED) and not self.conflict

    @property
    def is_asked(self) -> bool:
        """Whether somebody can tick it."""
        return self.kind is not Kind.STAYS and not self.is_taken


class Terms(NamedTuple):
    """The terms of an import."""

    effective_on: date
    coverage: Coverage
    empties: frozenset[str]  # the columns in which an empty cell means "weg"


def compare(found: Interpretation, present: Present, terms: Terms) -> list[Difference]:
    """The differences, by school, role and name; the ones about people at the end."""
    posts: dict[tuple[str, str], list[ImportedPost]] = defaultdict(list)
    for post in found.posts:
        posts[post.school, post.role].append(post)
    differences = [
        difference for place, wanted in posts.items() for difference in _Place(place, wanted, present, terms).compare()
    ]
    differences += _list_ended(posts, found, present, terms)
    schools = {code: at for at, code in enumerate(present.schools)}
    differences.sort(key=lambda d: (schools.get(d.school, 0), d.role, d.before, d.after))
    people = merge_people(found.posts).values()
    differences += filter(None, (_compare_person(person, present, terms) for person in people))
    return [_mark(difference, present) for difference in differences]


def fingerprint(differences: Iterable[Difference]) -> str:
    """A text that differs where the differences do."""
    return sha256(" ".join(d.key + d.conflict for d in differences).encode()).hexdigest()[:16]


def choose(differences: Iterable[Difference], ticked: Collection[str]) -> list[Difference]:
    """The lines that are done: those without a tick to give, and the ticked ones (keys)."""
    return [d for d in differences if d.is_taken or (d.is_asked and d.key in ticked)]


def number_to_type(differences: Collection[Difference], chosen: Iterable[Difference]) -> int:
    """The number of people who end at a post, also by a vacancy or by somebody else, where they are
    so many that it has to be typed; or 0."""
    ends = sum(d.people_ended for d in chosen)
    held = sum((d.kind is Kind.STAYS) + d.people_ended for d in differences)
    return ends if ends * 100 > held * TYPED_ABOVE else 0


def identify(person: ImportedPerson) -> tuple[object, ...]:
    """The identity of a person within a file: the id, or else the name, organisation and number."""
    if person.person:
        return (person.person,)
    return (fold(person.name), person.organisation, fold(person.new_organisation), person.number)


def merge_people(posts: Iterable[ImportedPost]) -> dict[tuple[object, ...], ImportedPerson]:
    """The people of a file, each once, with what all of their rows tell."""
    people: dict[tuple[object, ...], ImportedPerson] = {}
    named = (p for post in posts for p in (post.person, post.absence and post.absence.substitute))
    for person in filter(None, named):
        known = people.setdefault(identify(person), person)
        people[identify(person)] = known._replace(
            phones=tuple(dict.fromkeys(known.phones + person.phones)),
            emails=tuple(dict.fromkeys(known.emails + person.emails)),
            working_days=known.working_days or person.working_days,
            hours=known.hours or person.hours,
        )
    return people


class _Place:
    """A role at a school: the posts of the file, and those of the directory."""

    def __init__(self, place: tuple[str, str], wanted: list[ImportedPost], present: Present, terms: Terms) -> None:
        self.school, self.role = place
        self.wanted = sorted(wanted, key=lambda post: post.person is None)  # vacancies last
        self.held = present.posts.get(place, [])
        self.present, self.terms = present, terms
        self.people = {post.person.person for post in wanted if post.person}
        self.one_holder = self.role in present.one_holder

    def compare(self) -> Iterator[Difference]:
        seen: dict[tuple[object, ...] | None, ImportedPost] = {}
        for post in self.wanted:
            identity = identify(post.person) if post.person else None
            if identity not in seen:  # two rows of the file may say the same
                first = self.terms.effective_on
                same_days = [p for p in seen.values() if overlap(*p.days(first), *post.days(first))]
                clash = [_name_of(p.person) for p in same_days if self.one_holder]
                seen[identity] = post
                difference = self._compare(post)
                several = not post.person and not self.one_holder and difference.people_ended
                conflict = _STOPS if several else ""
                yield difference._replace(conflict=f"het bestand noemt ook {clash[0]}" if clash else conflict)
                if post.absence and post.person:
                    yield self._compare_absence(post)

    def _compare(self, post: ImportedPost) -> Difference:
        start, until = post.days(self.terms.effective_on)
        person = post.person.person if post.person else None
        own = [row for row in self.held if row.person == person and row.overlaps(start, until)]
        if own and (person or not post.person):
            return self._compare_held(post, own[-1])
        others = [
            row for row in self.held if row.person and row.person not in self.people and row.overlaps(start, until)
        ]
        is_vacant = post.person is None and not self.people
        replaced = others if self.one_holder or is_vacant else []
        if any(row.valid_from < self.terms.effective_on for row in replaced):
            start = max(start, self.terms.effective_on)  # earlier days keep their answers
        coming = [row.valid_from for row in replaced if row.valid_from > start]
        until = min(filter(None, (until, *coming)), default=None)
        ended = tuple(row for row in replaced if row.overlaps(start, until))
        filled = tuple(row for row in self.held if not row.person and row.overlaps(start, until))
        names = [self.present.people[row.person].name for row in ended if row.person]
        before = names or (["vacature"] if filled else [])
        return Difference(
            Kind.CHANGED if before else Kind.NEW, self.school, self.role, ", ".join(before),
            _name_of(post.person), start, until, post.rows, ended + filled, post,
            is_free=not self.held and post.person is not None and (until is None or until > start),
        )  # fmt: skip

    def _compare_held(self, post: ImportedPost, row: HeldPost) -> Difference:
        """A post that the person holds already, or a vacancy that is known."""
        name = _name_of(post.person)
        same = post.valid_until in (None, row.valid_until)
        stays = same and not (Field.UNTIL in self.terms.empties and row.valid_until)
        return Difference(
            Kind.STAYS if stays else Kind.CHANGED, self.school, self.role, name, name,
            row.valid_from, row.valid_until if stays else post.valid_until, post.rows,
            post=None if stays else post, kept=row,
        )  # fmt: skip

    def _compare_absence(self, post: ImportedPost) -> Difference:
        absence, person = post.absence, post.person
        assert absence and person  # noqa: S101 - for the type checker
        start = absence.valid_from or self.terms.effective_on
        others = self.present.absences.get(person.person or 0, [])
        known = any(overlap(*other, start, absence.valid_until) for other in others)
        substitute = absence.substitute and f"afwezig, vervanging door {absence.substitute.name}"
        return Difference(
            Kind.STAYS if known else Kind.NEW, self.school, self.role, person.name,
            substitute or "afwezig", start, absence.valid_until, post.rows,
            post=None if known else post, person=person,
        )  # fmt: skip


def _name_of(person: ImportedPerson | None) -> str:
    return person.name if person else "vacature"


def _list_ended(
    posts: dict[tuple[str, str], list[ImportedPost]], found: Interpretation, present: Present, terms: Terms
) -> Iterator[Difference]:
    """The posts of the part that the file covers, and that it does not tell."""
    roles = {role for _, role in found.covers}
    for (school, role), held in present.posts.items():
        is_covered = {
            Coverage.PARTLY: False,
            Coverage.ITS_SCHOOLS: (school, role) in found.covers,
            Coverage.EVERYTHING: role in roles,
        }[terms.coverage]
        if not is_covered or school not in present.schools:
            continue
        people = [post.person for post in posts[school, role]]
        if None in people or (people and role in present.one_holder):
            continue  # a vacancy or another holder takes their place
        told = {person.person for person in people if person}
        for row in held:
            if row.person and row.person not in told and row.is_valid_on(terms.effective_on):
                name = present.people[row.person].name
                yield Difference(Kind.ENDS, school, role, name, "", terms.effective_on, ended=(row,))


def _compare_person(person: ImportedPerson, present: Present, terms: Terms) -> Difference | None:
    """The details of a person that are new or other than those of the directory."""
    start, known = terms.effective_on, present.details.get(person.person or 0, [])
    fresh, gone = [], []
    for kind, values, fields in (
        (DetailKind.PHONE, person.phones, {Field.PHONE, Field.MOBILE}),
        (DetailKind.EMAIL, person.emails, {Field.EMAIL}),
    ):
        of_kind = [detail for detail in known if detail.kind == kind]
        new = [value for value in values if value not in {detail.value for detail in of_kind}]
        follows = len(of_kind) == len(values) == len(new) == 1
        fresh += [NewDetail(kind, value, of_kind[0].id if follows else None) for value in new]
        if not values and fields & terms.empties:
            gone += of_kind
    after = [_text_of("", detail.value) for detail in fresh]
    if person.person is None:
        works_for = person.new_organisation or present.organisations.get(person.organisation or 0)
        told = ", ".join(filter(None, [works_for, *after]))
        return Difference(Kind.NEW, "", "", person.name, told, start, person=person)
    known_as = present.people[person.person]
    times = {
        name: told
        for name, told, field in (
            ("working_days", person.working_days, Field.DAYS),
            ("hours", person.hours, Field.HOURS),
        )
        if told != getattr(known_as, name) and (told or field in terms.empties)
    }
    if not fresh and not gone and not times:
        return None
    old = {detail.replaced for detail in fresh} | {detail.id for detail in gone}
    before = [_text_of("", detail.value) for detail in known if detail.id in old]
    before += [_text_of(name, getattr(known_as, name)) for name in times]
    after += [_text_of(name, told) for name, told in times.items()]
    kinds = {detail.kind for detail in fresh} | {detail.kind for detail in gone}
    signs_in = DetailKind.EMAIL in kinds and person.person in present.with_account
    return Difference(
        Kind.CHANGED, "", "", f"{known_as.name}: {', '.join(filter(None, before)) or 'niets'}",
        ", ".join(filter(None, after)) or "niets", start, person=person, details=tuple(fresh),
        gone=tuple(detail.id for detail in gone), times=tuple(times.items()),
        conflict=_SIGNS_IN if signs_in else "",
    )  # fmt: skip


def _text_of(column: str, value: str) -> str:
    """A number, address, days or hours of a person as people write them."""
    if column == "working_days":
        return weekday_names(value)
    return value if column or "@" in value else phones.grouped(value)


def _mark(difference: Difference, present: Present) -> Difference:
    """The difference, with the conflict that it has."""
    place = present.posts.get((difference.school, difference.role), [])
    holder = difference.post and difference.post.person
    own = [row for row in place if holder and row.person and row.person == holder.person]
    touched = [row.row for row in (*difference.ended, difference.kept, *own) if row]
    details = *(detail.replaced or 0 for detail in difference.details), *difference.gone
    touched += [("contact_detail", number) for number in details]
    told = (difference.person and difference.person.person) or 0
    touched += [("person", told)] if difference.times else []
    conflicts = [present.changed[row] for row in touched if row in present.changed]
    former = (present.former.get((told, detail.value)) for detail in difference.details)
    conflicts += filter(None, former)
    if not conflicts or difference.kind is Kind.STAYS:
        return difference
    return difference._replace(conflict=_CHANGED.format(conflicts[-1]))
