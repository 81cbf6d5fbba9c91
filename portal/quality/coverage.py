"""Coverage: what the directory knows of each post, a role at a school, and what it lacks.

A role without a holder that is optional, or no part of a kernteam, is no post: it lacks nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from typing import NamedTuple

from portal.directory.models import DetailKind
from portal.directory.schools_and_kernen import RoleRow
from portal.freshness import USUAL
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
