"""Finds what somebody searches for, and joins to each result the number one would call."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from portal.directory import answers, queries
from portal.directory.answers import Answer
from portal.directory.indexing import MUNICIPALITY, PERSON, PLACE, ROLE, SCHOOL
from portal.directory.queries import Detail, MunicipalityRow, PlaceRow, RoleRow
from portal.directory.search import Hit, correct, find, fold
from portal.finder import rules
from portal.finder.rules import Question

LIMIT = 20


class Result(NamedTuple):
    """One line of the list: what it is, and whom to call on which number."""

    kind: str
    key: str  # what its address is made of
    title: str
    about: str
    hint: str
    caller: str
    detail: Detail | None


class Found(NamedTuple):
    """The answer to a search."""

    results: list[Result]
    words: list[str]  # what to mark in the titles
    more: bool  # there are more than are shown
    which: bool  # several places are called so
    instead_of: bool  # nothing was found; these look like it


def search(text: str, on: date) -> Found:
    """Everything that `text` can mean, with who answers on the day `on` (Amsterdam)."""
    roles = queries.list_roles()
    question = rules.understand(text, roles)
    hits = _hits(question, text, on)
    instead_of = False
    if not hits:
        alike = " ".join(correct(fold(text).split()))
        question = rules.understand(alike, roles)
        hits = _hits(question, alike, on)
        instead_of = bool(hits)
    places = queries.list_places(ids=_refs(hits, PLACE))
    return Found(
        results=_results(hits[:LIMIT], question, roles, places, on),
        words=question.words,
        more=len(hits) > LIMIT,
        which=rules.which_place(text, places),
        instead_of=instead_of,
    )


def _hits(question: Question, text: str, on: date) -> list[Hit]:
    if not question.words:
        return [Hit(ROLE, key) for key in question.roles] + _towns(question.roles, on)
    found = find(question.words, LIMIT + 1)
    if not found and question.words[0][:4].isdigit():
        # A full postcode without a school: its four digits still say where it is.
        found = find([question.words[0][:4]], LIMIT + 1)
    # What looks like the name of a role may be part of another name.
    return found or find(fold(text).split(), LIMIT + 1)


def _towns(asked: Sequence[str], on: date) -> list[Hit]:
    """The region's municipalities, for a role that has another contact point in each."""
    region = queries.list_municipalities(in_region=True)
    per_town = answers.in_municipality([town.code for town in region], on)
    answering = {
        code: answer.desks
        for code, roles in per_town.items()
        for answer in roles
        if answer.role.key in asked
    }
    if len(set(answering.values())) < 2:
        return []
    return [Hit(MUNICIPALITY, town.code) for town in region if town.code in answering]


def _refs(hits: Iterable[Hit], kind: str) -> list[int]:
    return [int(hit.ref) for hit in hits if hit.kind == kind]


def _results(
    hits: Sequence[Hit],
    question: Question,
    roles: Sequence[RoleRow],
    places: Sequence[PlaceRow],
    on: date,
) -> list[Result]:
    made = {
        **_role_results(roles, on),
        **_town_results(hits, places, question, on),
        **_school_results(hits, question, on),
        **_person_results(hits, on),
    }
    return [made[hit] for hit in hits if hit in made]


def _role_results(roles: Sequence[RoleRow], on: date) -> dict[Hit, Result]:
    desks: dict[str, set[queries.Party]] = {}
    for desk in queries.list_desks(on):
        desks.setdefault(desk.role, set()).add(desk.party)
    results = {}
    for role in roles:
        parties = desks.get(role.key, set())
        only = Answer(role, (), tuple(parties), True, False).first if len(parties) == 1 else None
        results[Hit(ROLE, role.key)] = Result(
            "functie", role.key, role.label, role.calls_for, "", *_called(only)
        )
    return results


def _town_results(
    hits: Sequence[Hit], places: Sequence[PlaceRow], question: Question, on: date
) -> dict[Hit, Result]:
    codes = {hit.ref for hit in hits if hit.kind == MUNICIPALITY} | {p.municipality for p in places}
    towns = queries.list_municipalities(codes=codes)
    capitals = {p.municipality: p for p in queries.list_places(capital_of=codes)}
    calls = {
        code: _first_in_town(answering, question.roles)
        for code, answering in answers.in_municipality(codes, on).items()
    }
    results = {}
    for town in towns:
        hint = capitals[town.code].hint if town.code in capitals else ""
        by_alias = question.words and not any(w in fold(town.name) for w in question.words)
        results[Hit(MUNICIPALITY, town.code)] = Result(
            "gemeente", town.slug, town.name, _where(town), hint if by_alias else "",
            *calls[town.code],
        )  # fmt: skip
    for place in places:
        results[Hit(PLACE, str(place.id))] = Result(
            "plaats", place.municipality_slug, place.name, f"gemeente {place.municipality_name}",
            place.hint, *calls[place.municipality],
        )  # fmt: skip
    return results


def _where(town: MunicipalityRow) -> str:
    return "gemeente" if town.in_region else "gemeente buiten deze regio"


def _first_in_town(answering: Sequence[Answer], asked: Sequence[str]) -> tuple[str, Detail | None]:
    wanted = [answer for answer in answering if answer.role.key in asked]
    usual = [answer for answer in answering if answer.role.first_call]
    answer = next(iter([*wanted, *usual, *answering]), None)
    if answer is None:
        return "", None
    if answer.first is None:
        return f"{answer.role.label}: {answer.desks[0].name}", None
    return _called(answer.first, answer.role.label)


def _school_results(hits: Sequence[Hit], question: Question, on: date) -> dict[Hit, Result]:
    schools = queries.list_schools(codes=[hit.ref for hit in hits if hit.kind == SCHOOL])
    calls = answers.first_calls(schools, question.roles, on)
    results = {}
    for school in schools:
        answer = calls.get(school.code)
        about = f"{school.street}, {school.place} · {school.sector_label}"
        if school.other_name:
            about += f" · bij DUO: {school.other_name}"
        results[Hit(SCHOOL, school.code)] = Result(
            "school", school.slug, school.name, about, "",
            *_called(answer.first if answer else None, answer.role.label if answer else ""),
        )  # fmt: skip
    return results


def _person_results(hits: Sequence[Hit], on: date) -> dict[Hit, Result]:
    ids = _refs(hits, PERSON)
    posts = queries.list_posts(on, ids)
    results = {}
    for person in queries.list_people(on, ids):
        own = [post for post in posts if post.person_id == person.id]
        roles = " en ".join(dict.fromkeys(post.role_label for post in own))
        number = f"{len(own)} scholen" if len(own) > 1 else own[0].school_name if own else ""
        about = " · ".join(dict.fromkeys(filter(None, (roles, person.party.organisation, number))))
        phone = next(iter(person.party.of_kind("phone")), None)
        results[Hit(PERSON, str(person.id))] = Result(
            "persoon", str(person.id), person.party.name, about, "", "", phone
        )
    return results


def _called(
    first: tuple[queries.Party, Detail] | None, role: str = ""
) -> tuple[str, Detail | None]:
    if first is None:
        return "", None
    party, detail = first
    return (f"{role} {party.name}" if party.person_id and role else party.name), detail
