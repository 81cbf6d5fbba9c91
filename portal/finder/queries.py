"""Finds what somebody searches for, and joins to each result the number one would call."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts import resolve
from portal.contacts.rules import ContactAnswer, State
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.read_models import Contact, ContactPointRow, Detail, PlaceRow, RoleRow
from portal.search.documents import MUNICIPALITY, PERSON, PLACE, ROLE, SCHOOL
from portal.search.index import Hit, correct, find
from portal.search.question import Question, understand, which_place
from portal.search.registry import PageRow, page_kinds
from portal.text import fold

LIMIT = 10


class Result(NamedTuple):
    """One line of the list: what it is, and whom to call on which number."""

    kind: str
    key: str  # what its address is made of
    title: str
    about: str
    hint: str
    caller: str
    detail: Detail | None
    page: PageRow | None = None  # of a feature: its own address, and nobody to call


class Found(NamedTuple):
    """The answer to a search."""

    results: list[Result]
    words: list[str]  # what to mark in the titles
    more: bool  # there are more than are shown
    which: bool  # several places are called so
    instead_of: bool  # nothing was found; these look like it


class _Ground(NamedTuple):
    """What every kind of result is made from, loaded once."""

    on: date
    question: Question
    roles: Sequence[RoleRow]
    contact_points: Sequence[ContactPointRow]


def search(text: str, on: date) -> Found:
    """Everything that `text` can mean, with who answers on the day `on` (Amsterdam)."""
    roles = directory.list_roles()
    contact_points = list_contact_points(on)
    question = understand(text, roles)
    hits = _hits(question, text, contact_points)
    pages = find(fold(text).split(), LIMIT, pages=True)
    instead_of = False
    if not hits and not pages:
        alike = " ".join(correct(fold(text).split()))
        question = understand(alike, roles)
        hits = _hits(question, alike, contact_points)
        instead_of = bool(hits)
    hits += pages  # whom one can call, and then what one can read
    places = directory.list_places(ids=_refs(hits, PLACE))
    ground = _Ground(on, question, roles, contact_points)
    shown = hits[:LIMIT]
    made = {
        **_role_results(shown, ground),
        **_town_results(shown, places, ground),
        **_school_results(shown, ground),
        **_person_results(shown, ground),
        **_page_results(shown),
    }
    return Found(
        results=[made[hit] for hit in shown if hit in made],
        words=question.words,
        more=len(hits) > LIMIT,
        which=which_place(text, places),
        instead_of=instead_of,
    )


def _hits(question: Question, text: str, contact_points: Sequence[ContactPointRow]) -> list[Hit]:
    if not question.words:
        return [Hit(ROLE, key) for key in question.roles] + _towns(question.roles, contact_points)
    found = find(question.words, LIMIT + 1)
    if not found and re.fullmatch(r"\d{4}[a-z]{0,2}", question.words[0]):
        # A full postcode without a school: its four digits still say where it is.
        found = find([question.words[0][:4]], LIMIT + 1)
    # What looks like the name of a role may be part of another name, and two words one.
    words = fold(text).split()
    return found or find(words, LIMIT + 1) or find(["".join(words)], LIMIT + 1)


def _towns(asked: Sequence[str], contact_points: Sequence[ContactPointRow]) -> list[Hit]:
    """The region's municipalities, for a role that has another contact point in each."""
    first: dict[str, Contact] = {}
    for contact_point in contact_points:
        if contact_point.role in asked:
            first.setdefault(contact_point.municipality, contact_point.contact)
    if len(set(first.values())) < 2:
        return []
    region = directory.list_municipalities(in_region=True)
    return [Hit(MUNICIPALITY, town.code) for town in region if town.code in first]


def _refs(hits: Iterable[Hit], kind: str) -> list[int]:
    return [int(hit.ref) for hit in hits if hit.kind == kind]


def _role_results(hits: Sequence[Hit], ground: _Ground) -> dict[Hit, Result]:
    results = {}
    for role in (role for role in ground.roles if Hit(ROLE, role.key) in hits):
        contacts = {
            contact_point.contact
            for contact_point in ground.contact_points
            if contact_point.role == role.key
        }
        results[Hit(ROLE, role.key)] = Result(
            "functie", role.key, role.label, role.call_about, "",
            *_called(list(contacts) if len(contacts) == 1 else []),
        )  # fmt: skip
    return results


def _town_results(
    hits: Sequence[Hit], places: Sequence[PlaceRow], ground: _Ground
) -> dict[Hit, Result]:
    codes = [hit.ref for hit in hits if hit.kind == MUNICIPALITY]
    results = {}
    for town in directory.list_municipalities(codes=codes):
        results[Hit(MUNICIPALITY, town.code)] = Result(
            "gemeente", town.slug, town.name,
            "gemeente" if town.in_region else "gemeente buiten deze regio", "",
            *_called_in_town(town.code, ground),
        )  # fmt: skip
    for place in places:
        results[Hit(PLACE, str(place.id))] = Result(
            "plaats", place.municipality_slug, place.name, f"gemeente {place.municipality_name}",
            place.hint, *_called_in_town(place.municipality, ground),
        )  # fmt: skip
    return results


def _called_in_town(code: str, ground: _Ground) -> tuple[str, Detail | None]:
    """Who answers in a municipality for the role that was asked for, or else for the usual one."""
    here = resolve.in_municipality(code, ground.roles, ground.contact_points)
    wanted = [
        (role, contact_points) for role, contact_points in here if role.key in ground.question.roles
    ]
    usual = [(role, contact_points) for role, contact_points in here if role.shown_first]
    if not here:
        return "", None
    role, contact_points = [*wanted, *usual, *here][0]
    caller, detail = _called([contact_point.contact for contact_point in contact_points])
    # Without a number its name alone says too little.
    return (caller if detail else f"{role.label}: {contact_points[0].contact.name}"), detail


def _school_results(hits: Sequence[Hit], ground: _Ground) -> dict[Hit, Result]:
    schools = directory.list_schools_by_code([hit.ref for hit in hits if hit.kind == SCHOOL])
    calls = resolve.first_calls(
        schools, ground.question.roles, ground.on, ground.roles, ground.contact_points
    )
    results = {}
    for school in schools:
        about = f"{school.street}, {school.place} · {school.sector_label}"
        if school.other_name:
            about += f" · bij DUO: {school.other_name}"
        answer = calls.get(school.code)
        results[Hit(SCHOOL, school.code)] = Result(
            "school", school.slug, school.name, about, "",
            *(_called(answer.escalation, _role_of(answer)) if answer else ("", None)),
        )  # fmt: skip
    return results


def _person_results(hits: Sequence[Hit], ground: _Ground) -> dict[Hit, Result]:
    ids = _refs(hits, PERSON)
    posts = people.list_posts(ground.on, ids)
    results = {}
    for person in people.list_people(ground.on, ids):
        own = [post for post in posts if post.person_id == person.id]
        schools = {post.school_name for post in own}
        parts = (
            " en ".join(dict.fromkeys(post.role_label for post in own)),
            person.contact.organisation,
            f"{len(schools)} scholen" if len(schools) > 1 else "".join(schools),
            "afwezig" if person.is_absent else "",
        )
        results[Hit(PERSON, str(person.id))] = Result(
            "persoon", str(person.id), person.contact.name,
            " · ".join(dict.fromkeys(filter(None, parts))), "", "", person.contact.first(),
        )  # fmt: skip
    return results


def _page_results(hits: Sequence[Hit]) -> dict[Hit, Result]:
    return {
        Hit(kind.name, ref): Result(kind.name, ref, row.title, row.about, "", "", None, row)
        for kind in page_kinds()
        for ref, row in kind.find([hit.ref for hit in hits if hit.kind == kind.name]).items()
    }


def _role_of(answer: ContactAnswer) -> str:
    return (
        f"{answer.role.label} (vervanger)" if answer.state is State.REPLACED else answer.role.label
    )


def _called(escalation: Sequence[Contact], role: str = "") -> tuple[str, Detail | None]:
    """Whom one calls first of a escalation, with the role of a person, and on which number."""
    first = resolve.first_reach(escalation)
    if first is None:
        return (escalation[0].name if escalation else ""), None
    contact, detail = first
    if contact.person_id:
        return f"{role} {contact.name}".strip(), detail
    # Another contact point than the one that should answer: say for whom it speaks.
    return (
        contact.name if contact == escalation[0] else f"{escalation[0].name}, via {contact.name}"
    ), detail
