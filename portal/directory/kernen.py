"""The kernen of a region that has them, and the schools of each on a day (Amsterdam).

A kern is read as a school of the sector `KERN`, so that whatever holds for the posts of a school
holds for those of a kern.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from peewee import fn

from portal.database import fetch_tuples
from portal.database.cache import cached_until_change, fetch_kept
from portal.database.validity import valid_on
from portal.directory.models import (
    Assignment,
    CheckedBy,
    Kern,
    KernMembership,
    Municipality,
    Place,
    School,
    Workplace,
    is_kern,
    is_open,
)
from portal.directory.read_models import KERN, SchoolRow
from portal.region import current_region
from portal.web.formatting import count


def has_kernen() -> bool:
    """Whether the region switched kernen on."""
    return "kernen" in current_region().modules


def list_kernen(on: date) -> tuple[SchoolRow, ...]:
    """The kernen by name; each in the municipality of most of its schools on the day `on`."""
    return _kernen(on) if has_kernen() else ()


def find_kern(slug: str, on: date) -> SchoolRow | None:
    """The kern with this slug, as it is on the day `on`."""
    return next((kern for kern in list_kernen(on) if kern.slug == slug), None)


def list_members(on: date) -> Mapping[str, SchoolRow]:
    """The schools (codes) that are in a kern on the day `on`, each with its kern."""
    return _members(on) if has_kernen() else {}


def find_workplaces(codes: Collection[str]) -> list[Workplace]:
    """The schools and kernen with these codes, by name."""
    schools = School.select().where(School.code.in_(codes))
    kernen = Kern.select().where(Kern.code.in_(codes)).order_by(Kern.sort_key)
    has_kern = any(is_kern(code) for code in codes)
    return [*schools.order_by(School.sort_key, School.code), *(kernen if has_kern else ())]


def list_names(codes: list[str]) -> list[tuple[Any, ...]]:
    """The code, name and slug of these schools and kernen (codes)."""
    schools = School.select(School.code, School.name, School.slug).where(School.code.in_(codes))
    kernen = Kern.select(Kern.code, Kern.name, Kern.code).where(Kern.code.in_(codes))
    return [
        *fetch_kept(schools.order_by(School.sort_key, School.code)),
        *(fetch_kept(kernen.order_by(Kern.sort_key)) if has_kernen() else ()),
    ]


@cached_until_change
def _kernen(on: date) -> tuple[SchoolRow, ...]:
    members = (
        KernMembership.select(
            KernMembership.kern, KernMembership.source, KernMembership.checked_on,
            Municipality.code, Municipality.name, Municipality.slug,
        )
        .join(School)
        .join(Place)
        .join(Municipality)
        .where(valid_on(KernMembership, on) & is_open(on))
        .order_by(School.sort_key)
    )  # fmt: skip
    facts: dict[str, Counter[tuple[str, date, str, str, str]]] = defaultdict(Counter)
    for kern, *fact in fetch_tuples(members):
        facts[kern][tuple(fact)] += 1
    rows = []
    for code, name in fetch_tuples(Kern.select(Kern.code, Kern.name).order_by(Kern.sort_key)):
        (source, checked_on, *municipality), _ = next(
            iter(facts[code].most_common(1)), (("", on, "", "", ""), 0)
        )
        rows.append(
            SchoolRow(
                code, name, name, name.removeprefix("Kern "), code, "", "", "", "", "", source,
                checked_on, CheckedBy.SOURCE, KERN, KERN, "", *municipality,
            )
        )  # fmt: skip
    return tuple(rows)


@cached_until_change
def _members(on: date) -> Mapping[str, SchoolRow]:
    kernen = {kern.code: kern for kern in _kernen(on)}
    query = KernMembership.select(KernMembership.school, KernMembership.kern)
    members = fetch_tuples(query.where(valid_on(KernMembership, on)))
    return {school: kernen[kern] for school, kern in members}


# The place of a school or kern in a list.
WORKPLACE_KEY = fn.COALESCE(School.sort_key, Kern.sort_key)


def with_workplace(query: Any) -> Any:
    """The select of assignments `query`, with their schools, with places, and kernen."""
    schools = query.left_outer_join(School).left_outer_join(Place).switch(Assignment)
    return schools.left_outer_join(Kern).switch(Assignment)


def count_workplaces(codes: Collection[str]) -> str:
    """The number of these schools and kernen: "1 school", "2 kernen", "3 plekken" of both."""
    return count(len(codes), *nouns_of(codes))


def nouns_of(codes: Collection[str]) -> tuple[str, str]:
    """The noun for one, and for several of these schools and kernen (codes)."""
    kernen = sum(map(is_kern, codes))
    if not kernen:
        return "school", "scholen"
    return ("kern", "kernen") if kernen == len(codes) else ("plek", "plekken")
