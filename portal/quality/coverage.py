"""Coverage: what the directory knows of each post, a role at a school, and what it lacks.

A role without a holder that is optional, or no part of a kernteam, is no post: it lacks nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from typing import NamedTuple

from portal.contacts.freshness import freshness
from portal.directory.contact_details import Contact
from portal.directory.models import CheckedBy, DetailKind
from portal.directory.read_models import PostHolder, RoleRow, SchoolRow
from portal.labelled_enum import LabelledEnum


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
_EMPTY = frozenset({Gap.VACANT, Gap.ABSENT, Gap.UNKNOWN})


class Post(NamedTuple):
    """A role at a school, on a day."""

    school: SchoolRow
    role: RoleRow
    contacts: tuple[Contact, ...]  # whom a reader would call; an absent person without substitute
    organisation: str  # name of the employer; of an empty post of who answers for it
    gaps: frozenset[Gap]


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


class Facts(NamedTuple):
    """Everything that the posts of a day are made of."""

    schools: Collection[SchoolRow]
    roles: Collection[RoleRow]
    holders: Collection[PostHolder]
    vacant: frozenset[tuple[str, str]]  # school (code) and role (key)
    reported: Collection[tuple[int, str | None]]  # person (id), and school (code) or all
    find_organisation: Callable[[RoleRow, SchoolRow], str]


def list_posts(facts: Facts, today: date) -> list[Post]:
    """The posts of all schools on the day `today`, by school and role."""
    holders: defaultdict[tuple[str, str], list[PostHolder]] = defaultdict(list)
    for holder in facts.holders:
        holders[holder.school, holder.role].append(holder)
    posts = []
    for school in facts.schools:
        for role in facts.roles:
            here = holders[school.code, role.key]
            is_expected = role.member and school.sector in role.expected_in
            is_vacant = (school.code, role.key) in facts.vacant
            if role.applies(school.sector, school.municipality) and (
                here or is_vacant or is_expected
            ):
                posts.append(_describe(school, role, here, is_vacant, facts, today))
    return posts


def _describe(
    school: SchoolRow, role: RoleRow, holders: list[PostHolder], is_vacant: bool, facts: Facts,
    today: date,
) -> Post:  # fmt: skip
    present = [holder for holder in holders if not holder.is_absent or holder.substitute]
    contacts = tuple(holder.substitute or holder.contact for holder in present or holders)
    gaps = set()
    if not present:
        gaps.add(Gap.ABSENT if holders else Gap.VACANT if is_vacant else Gap.UNKNOWN)
    else:
        levels = {_level(contact, today) for contact in contacts}
        gaps |= {Gap.OLD} if levels - {"fresh"} else set()
        gaps |= {Gap.DOUBTFUL} if "doubtful" in levels else set()
        has_number = any(contact.of_kind(DetailKind.PHONE) for contact in contacts)
        gaps |= set() if has_number else {Gap.NUMBER}
    people = {contact.person_id for contact in contacts}
    if any(person in people and at in (None, school.code) for person, at in facts.reported):
        gaps.add(Gap.REPORTED)
    organisation = contacts[0].organisation if contacts else facts.find_organisation(role, school)
    if organisation == school.name:
        organisation = SCHOOLS
    return Post(school, role, contacts, organisation, frozenset(gaps))


def _level(contact: Contact, today: date) -> str:
    """The level of `freshness`. A file is a source, and no check."""
    if contact.checked_on is None or contact.checked_by is CheckedBy.SOURCE:
        return "doubtful"
    return freshness(contact.checked_on, today).level


def count(name: str, posts: Collection[Post], key: str = "") -> Counts:
    """The counts of some posts."""
    return Counts(name, key, len(posts), Counter(gap for post in posts for gap in post.gaps))


def count_by_role(posts: Collection[Post], roles: Iterable[RoleRow]) -> list[Counts]:
    """The counts per role, in the order of `roles`."""
    counts = (
        count(role.label, [post for post in posts if post.role.key == role.key], role.key)
        for role in roles
    )
    return [row for row in counts if row.total]


def count_by_organisation(posts: Iterable[Post]) -> list[Counts]:
    """The counts per organisation, the largest first."""
    groups: defaultdict[str, list[Post]] = defaultdict(list)
    for post in posts:
        groups[post.organisation].append(post)
    counts = (count(name, group) for name, group in groups.items())
    return sorted(counts, key=lambda row: (-row.total, row.name))
