"""Coverage: what the directory knows of each post, a role at a school, and what it lacks. A role without a holder that
is optional, or no part of a kernteam, is no post: it lacks nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from peewee import Case, fn

from portal import clock
from portal.database import add_unless_present, db, fetch_tuples
from portal.database.cache import cached_until_change
from portal.database.validity import valid_on
from portal.directory.contact_details import Contact, list_contact_points
from portal.directory.models import (
    Assignment,
    CheckedBy,
    ContactDetail,
    DetailKind,
    Municipality,
    Organisation,
    Person,
    Place,
    Role,
    School,
    Substitute,
    is_open,
)
from portal.directory.schools_and_kernen import RoleRow, SchoolRow, list_kernen, list_roles, list_schools_by_code
from portal.directory.who_works_or_is_absent import (
    PostHolder,
    list_absent,
    list_holders,
    list_moved,
    list_stand_ins,
    list_vacancies,
)
from portal.freshness import USUAL, first_fresh_day
from portal.labelled_enum import LabelledEnum
from portal.quality.models import UNANSWERED, CoverageWeek, Report


class Gap(LabelledEnum):
    """A lack of one post. With one of the first three nobody is there, so what stands of them (a
    check, a number) does not count."""

    VACANT = "vacature", "vacature"
    ABSENT = "afwezig", "afwezig"  # without a substitute
    UNKNOWN = "onbekend", "onbekend"
    OLD = "6-maanden", "6 maanden"  # not confirmed, or never
    DOUBTFUL = "9-maanden", "9 maanden"  # the same; these count as OLD too
    NUMBER = "nummer", "geen nummer"
    REPORTED = "gemeld", "gemeld"


SCHOOLS = "De scholen zelf"  # as an employer
REACHED_BY = (DetailKind.PHONE, DetailKind.EMAIL)
MONTHS = {"fresh": USUAL, "old": USUAL * 3 // 2}  # since the last check, at most
_EMPTY = frozenset({Gap.VACANT, Gap.ABSENT, Gap.UNKNOWN})


class Holder(NamedTuple):
    """A person who holds a role at a school, or who stands in."""

    organisation: str  # name of the employer
    is_present: bool  # not absent, or with a substitute, whom the rest is about
    level: str  # of `freshness`
    has_number: bool


class Post(NamedTuple):
    """A role at a school, on a day."""

    school: str  # code, also of a kern
    role: str  # key
    municipality: str  # slug
    organisation: str  # name of the employer; of an empty post of who answers for it
    gaps: frozenset[Gap]


Groups = Mapping[Post, int]  # the number of posts that are equal, but for their school


class Counts(NamedTuple):
    """The posts of a group, and how many have each gap."""

    name: str
    key: str  # of a role; "" for others
    total: int
    gaps: Mapping[Gap, int]

    @property
    def filled(self) -> int:
        """The posts at which somebody can be reached."""
        return self.total - sum(self.gaps[gap] for gap in _EMPTY)


class Workplace(NamedTuple):
    """A school or kern, as far as its posts follow from it."""

    code: str
    name: str
    sector: str  # key
    municipality: str  # code
    municipality_slug: str


def list_posts(
    schools: Collection[Workplace], roles: Collection[RoleRow], holders_at: Mapping[tuple[str, str], list[Holder]],
    vacant: Collection[tuple[str, str]], find_organisation: Callable[[str, Workplace], str],
) -> list[Post]:  # fmt: skip
    """The posts of all schools, by school and role. Who holds them, and which are `vacant`, is known by school (code)
    and role (key); `find_organisation` says who answers for a role (key) at a school."""
    posts = []
    roles_of = cache(
        lambda sector, municipality: [
            (role.key, role.member and sector in role.expected_in)
            for role in roles
            if role.applies(sector, municipality)
        ]
    )
    for school in schools:
        for role, is_expected in roles_of(school.sector, school.municipality):
            holders = holders_at.get((school.code, role), ())
            is_vacant = (school.code, role) in vacant
            if not (holders or is_vacant or is_expected):
                continue
            present = [one for one in holders if one.is_present] or holders
            name = present[0].organisation if present else find_organisation(role, school)
            organisation = SCHOOLS if name == school.name else name
            gaps = _find_gaps(frozenset(one[1:] for one in present), is_vacant)
            posts.append(Post(school.code, role, school.municipality_slug, organisation, gaps))
    return posts


@cache
def _find_gaps(holders: frozenset[tuple[bool, str, bool]], is_vacant: bool) -> frozenset[Gap]:
    """The gaps of a post with these holders, each without the organisation."""
    if not holders:
        return frozenset({Gap.VACANT if is_vacant else Gap.UNKNOWN})
    if not any(is_present for is_present, _, _ in holders):
        return frozenset({Gap.ABSENT})
    levels = {level for _, level, _ in holders}
    has = {
        Gap.OLD: levels != {"fresh"},
        Gap.DOUBTFUL: "doubtful" in levels,
        Gap.NUMBER: not any(has_number for _, _, has_number in holders),
    }
    return frozenset(gap for gap, is_there in has.items() if is_there)


def count(name: str, groups: Groups, key: str = "") -> Counts:
    """The counts of some groups of posts."""
    gaps: Counter[Gap] = Counter()
    for group, number in groups.items():
        gaps.update(dict.fromkeys(group.gaps, number))
    return Counts(name, key, sum(groups.values()), gaps)


def count_by_role(groups: Groups, roles: Iterable[RoleRow]) -> list[Counts]:
    """The counts per role, in the order of `roles`."""
    of_roles = _split(groups, lambda group: group.role)
    return [count(role.label, of_roles[role.key], role.key) for role in roles if role.key in of_roles]


def count_by_organisation(groups: Groups) -> list[Counts]:
    """The counts per organisation, the largest first."""
    of_organisations = _split(groups, lambda group: group.organisation)
    counts = (count(name, group) for name, group in of_organisations.items())
    return sorted(counts, key=lambda row: (-row.total, row.name))


def _split(groups: Groups, key_of: Callable[[Post], str]) -> dict[str, dict[Post, int]]:
    parts: defaultdict[str, dict[Post, int]] = defaultdict(dict)
    for group, number in groups.items():
        parts[key_of(group)][group] = number
    return parts


_NOBODY = "Niet bekend welke organisatie"
_BATCH = 1000  # posts of which the people are read at once


class Described(NamedTuple):
    """A post with its school, its role and the people whom a reader would call there; an absent
    person without substitute too."""

    post: Post
    school: SchoolRow
    role: RoleRow
    contacts: tuple[Contact, ...]


class Posts(NamedTuple):
    """All posts of a day, by school and role: a large region has many of few groups, which are
    equal but for their school."""

    counts: Counter[Post]  # of each group, without a school
    schools: list[str]  # the school (code) of each post
    numbers: list[int]  # the position of its group in `counts`

    def choose(self, is_chosen: Callable[[Post], bool], first: int = 0, most: int | None = None) -> Iterator[Post]:
        """The posts of the chosen groups, at most so many after the `first`."""
        chosen = {n: group for n, group in enumerate(self.counts) if is_chosen(group)}
        every = zip(self.schools, self.numbers, strict=True)
        found = ((school, chosen[number]) for school, number in every if number in chosen)
        for school, group in islice(found, first, None if most is None else first + most):
            yield group._replace(school=school)


@cached_until_change
def find_posts(on: date) -> Posts:
    """The posts of all schools on the day `on` (Amsterdam); a fixed number of statements."""
    vacant = {(row.school, row.role) for row in list_vacancies(on, None)}
    posts = list_posts(_list_workplaces(on), list_roles(), _list_holders(on), vacant, _make_finder(on))
    reported = _list_reported(on)
    groups = [
        post._replace(school="", gaps=post.gaps | {Gap.REPORTED}) if post[:2] in reported else post._replace(school="")
        for post in posts
    ]
    counts = Counter(groups)
    numbers = {group: number for number, group in enumerate(counts)}
    return Posts(counts, [post.school for post in posts], [numbers[group] for group in groups])


def describe(posts: Collection[Post], today: date) -> Iterator[Described]:
    """These posts with their people on the day `today`; a fixed number of statements per thousand posts."""
    roles, posts = {role.key: role for role in list_roles()}, list(posts)
    for first in range(0, len(posts), _BATCH):
        batch = posts[first : first + _BATCH]
        codes = {post.school for post in batch}
        schools = {row.code: row for row in list_schools_by_code(codes, today)}
        called = _list_called(today, codes)
        for post in batch:
            if post.school in schools:  # else it closed meanwhile
                contacts = called.get((post.school, post.role), ())
                yield Described(post, schools[post.school], roles[post.role], contacts)


def _list_called(today: date, schools: Collection[str]) -> dict[tuple[str, str], tuple[Contact, ...]]:
    """The people whom a reader would call, by school (code) and role (key)."""
    holders: defaultdict[tuple[str, str], list[PostHolder]] = defaultdict(list)
    for holder in list_holders(today, schools):
        holders[holder.school, holder.role].append(holder)
    called = {}
    for post, here in holders.items():
        present = [holder for holder in here if not holder.is_absent or holder.substitute]
        called[post] = tuple(holder.substitute or holder.contact for holder in present or here)
    return called


def _list_workplaces(today: date) -> list[Workplace]:
    """The open schools by name, and the kernen."""
    query = School.select(
        School.code, School.name, School.sector, Municipality.code, Municipality.slug
    ).join(Place).join(Municipality).where(is_open(today))  # fmt: skip
    ordered = query.order_by(School.sort_key, Place.name, School.street, School.code)
    return [
        *(Workplace(*row) for row in fetch_tuples(ordered)),
        *(
            Workplace(row.code, row.name, row.sector, row.municipality, row.municipality_slug)
            for row in list_kernen(today)
        ),
    ]


def _list_holders(today: date) -> Mapping[tuple[str, str], list[Holder]]:
    """The holders by school (code) and role (key), those who began first in front. No contacts are
    made of them: a large region has too many."""
    first = (ContactDetail.label == "") & ContactDetail.kind.in_(REACHED_BY)
    details = ContactDetail.select(
        ContactDetail.person, ContactDetail.kind == DetailKind.PHONE, first, _level(ContactDetail, today)
    ).where(ContactDetail.person.is_null(False) & valid_on(ContactDetail, today))
    reached, levels = set(), {}
    for person, is_number, is_first, level in fetch_tuples(
        details.order_by(ContactDetail.kind == DetailKind.PHONE, ContactDetail.position.desc(), ContactDetail.id.desc())
    ):
        if is_number:
            reached.add(person)
        if is_first:
            levels[person] = level  # the last one read stands in front
    absent, moved = list_absent(today), list_moved(today)
    people = Person.select(Person.id, Organisation.name).join(Organisation)
    employers = dict(fetch_tuples(people)) | {id: one.name for id, one in moved.items()}
    posts = Assignment.select(
        Assignment.id, Assignment.code(), Role.key, Assignment.person, _level(Assignment, today),
    ).join(Role).where(valid_on(Assignment, today))  # fmt: skip
    rows = fetch_tuples(posts.order_by(Assignment.valid_from, Assignment.id))
    stand_ins = list_stand_ins(today, [row[0] for row in rows if row[3] in absent])
    holders: defaultdict[tuple[str, str], list[Holder]] = defaultdict(list)
    for assignment, school, role, person, level in rows:
        called = stand_ins.get(assignment, person)
        is_present = called != person or person not in absent
        holders[school, role].append(
            Holder(employers[called], is_present, levels.get(called, level), called in reached)
        )
    return holders


def list_coming(posts: Iterable[Post], today: date) -> dict[tuple[str, str], date]:
    """The first day after `today` on which somebody comes, of those of these posts where somebody
    does: by school (code) and role (key)."""
    query = Assignment.select(Assignment.code(), Role.key, fn.MIN(Assignment.valid_from))
    coming = Assignment.at({post.school for post in posts}) & (Assignment.valid_from > today)
    rows = query.join(Role).where(coming).group_by(Assignment.code(), Role.key)
    return {(school, role): on for school, role, on in fetch_tuples(rows)}


def _level(model: Any, today: date) -> Any:
    """The level of `freshness` of a row, in a query. A file is a source, and no check."""
    is_checked = (model.checked_by != CheckedBy.SOURCE) & model.checked_on.is_null(False)
    since = {level: first_fresh_day(today, months) for level, months in MONTHS.items()}
    cases = [(is_checked & (model.checked_on >= day), level) for level, day in since.items()]
    return Case(None, cases, "doubtful")


def _list_reported(today: date) -> set[tuple[str, str]]:
    """The posts, by school (code) and role (key), of which somebody was reported there or everywhere."""
    query = Report.select(Report.person, fn.COALESCE(Report.school, Report.kern)).where(
        Report.state.in_(UNANSWERED) & Report.person.is_null(False)
    )
    reported = set(fetch_tuples(query))
    people = {person for person, _ in reported}
    stands_in = Substitute.select(Substitute.assignment).where(Substitute.person.in_(people))
    posts = Assignment.select(Assignment.code()).where(Assignment.person.in_(people) | Assignment.id.in_(stands_in))
    schools = {school for (school,) in fetch_tuples(posts)} if people else set()
    return {
        (school, role)
        for (school, role), contacts in _list_called(today, schools).items()
        if any({(one.person_id, None), (one.person_id, school)} & reported for one in contacts)
    }


def _make_finder(today: date) -> Callable[[str, Workplace], str]:
    """A function that tells which organisation answers for an empty post of a role (key)."""
    by_schools = {key for (key,) in fetch_tuples(Role.select(Role.key).where(Role.is_school_staff))}
    points = list_contact_points(today)
    answers = {(row.role, row.municipality, row.sector): row for row in reversed(points)}

    def find(role: str, school: Workplace) -> str:
        if role in by_schools:
            return SCHOOLS
        for sector in (school.sector, ""):
            if answer := answers.get((role, school.municipality, sector)):
                return answer.contact.organisation
        return _NOBODY

    return find


def store_week() -> bool:
    """Store the counts of this week, in place of those of an earlier day of it; gives whether the week is new."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    row = count("", find_posts(today).counts)
    counts = {"posts": row.total, "filled": row.filled, **{_COLUMNS[gap]: row.gaps[gap] for gap in Gap}}
    with db.atomic():
        is_new = add_unless_present(CoverageWeek, week=monday, **counts)
        CoverageWeek.update(**counts).where(CoverageWeek.week == monday).execute()
    return is_new


_COLUMNS = {
    Gap.VACANT: "vacant", Gap.ABSENT: "absent", Gap.UNKNOWN: "unknown", Gap.OLD: "old",
    Gap.DOUBTFUL: "doubtful", Gap.NUMBER: "without_number", Gap.REPORTED: "reported",
}  # fmt: skip


def list_weeks(most: int) -> list[CoverageWeek]:
    """The last weeks, the oldest first."""
    newest = CoverageWeek.select().order_by(CoverageWeek.week.desc()).limit(most)
    return list(newest)[::-1]
