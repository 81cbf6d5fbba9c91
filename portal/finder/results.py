"""Search results: finds the documents for a search text and joins the contact to call to each."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.contacts import load, rules
from portal.contacts.rules import AnswerState, ContactAnswer
from portal.database.cache import cached_until_change
from portal.directory import people
from portal.directory import schools as directory
from portal.directory.contact_details import Contact, ContactPointRow, Detail, list_contact_points
from portal.directory.read_models import PlaceRow, RoleRow
from portal.search.corrections import correct_words
from portal.search.documents import MUNICIPALITY, PERSON, PLACE, ROLE, SCHOOL
from portal.search.index import Hit, find_documents
from portal.search.question import (
    Question,
    is_ambiguous,
    list_role_names,
    make_question,
    parse_question,
)
from portal.search.registry import list_page_kinds

LIMIT = 10


class Result(NamedTuple):
    """One line of the list: a document, with the contact to call and the number."""

    kind: str  # a Dutch word
    title: str
    about: str
    hint: str
    caller: str
    detail: Detail | None
    endpoint: str
    values: Mapping[str, Any]  # of the address
    is_page: bool = False  # a page of a feature, without a contact


class SearchResults(NamedTuple):
    """The answer to a search."""

    results: list[Result]
    words: list[str]  # folded, to mark in the titles
    has_more: bool  # than are shown
    is_ambiguous: bool  # several places have this name
    is_guess: bool  # the text gave nothing; the results are for similar words


class _Context(NamedTuple):
    """The question and the rows that every kind of result uses, loaded once."""

    on: date
    question: Question
    roles: Sequence[RoleRow]
    contact_points: Sequence[ContactPointRow]


def search(text: str, on: date) -> SearchResults:
    """The results for `text`, with the contacts of the day `on` (Amsterdam)."""
    names = _role_names()
    typed = question = parse_question(text, names)
    contact_points = list_contact_points(on)
    hits = _find(question, contact_points)
    pages = find_documents(question.typed, LIMIT, pages=True)
    is_guess = False
    if not hits and not pages:
        question = make_question(correct_words(question.typed), names)
        hits = _find(question, contact_points)
        is_guess = bool(hits)
    hits += pages
    shown = hits[:LIMIT]
    places = directory.list_places(ids=_ids(hits, PLACE))
    context = _Context(on, question, directory.list_roles(), contact_points)
    by_hit = {
        **_role_results(shown, context),
        **_municipality_results(shown, context),
        **_place_results(places, context),
        **_school_results(shown, context),
        **_person_results(shown, context),
        **_page_results(shown),
    }
    return SearchResults(
        results=[by_hit[hit] for hit in shown if hit in by_hit],
        words=question.words,
        has_more=len(hits) > LIMIT,
        is_ambiguous=is_ambiguous(typed, places),
        is_guess=is_guess,
    )


@cached_until_change
def _role_names() -> dict[str, list[str]]:
    return list_role_names(directory.list_roles())


def _find(question: Question, contact_points: Sequence[ContactPointRow]) -> list[Hit]:
    if not question.words:
        roles = [Hit(ROLE, key) for key in question.roles]
        return roles + _find_municipalities(question.roles, contact_points)
    found = (find_documents(words, LIMIT + 1) for words in question.attempts)
    return next(filter(None, found), [])


def _find_municipalities(
    roles: Sequence[str], contact_points: Sequence[ContactPointRow]
) -> list[Hit]:
    """The region's municipalities, for a role whose contact point differs between them."""
    first: dict[str, Contact] = {}
    for point in contact_points:
        if point.role in roles:
            first.setdefault(point.municipality, point.contact)
    if len(set(first.values())) < 2:
        return []
    region = directory.list_municipalities(in_region=True)
    return [Hit(MUNICIPALITY, row.code) for row in region if row.code in first]


def _refs(hits: Iterable[Hit], kind: str) -> list[str]:
    return [hit.ref for hit in hits if hit.kind == kind]


def _ids(hits: Iterable[Hit], kind: str) -> list[int]:
    return [int(ref) for ref in _refs(hits, kind)]


def _role_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    keys = _refs(hits, ROLE)
    results = {}
    for role in (role for role in context.roles if role.key in keys):
        contacts = {point.contact for point in context.contact_points if point.role == role.key}
        results[Hit(ROLE, role.key)] = Result(
            "functie", role.label, role.call_about, "",
            *_call(list(contacts) if len(contacts) == 1 else []),
            "finder.role", {"key": role.key},
        )  # fmt: skip
    return results


def _municipality_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    return {
        Hit(MUNICIPALITY, row.code): Result(
            "gemeente", row.name, "gemeente" if row.in_region else "gemeente buiten deze regio", "",
            *_call_in_municipality(row.code, context),
            "finder.municipality", {"slug": row.slug},
        )
        for row in directory.list_municipalities(codes=_refs(hits, MUNICIPALITY))
    }  # fmt: skip


def _place_results(places: Sequence[PlaceRow], context: _Context) -> dict[Hit, Result]:
    return {
        Hit(PLACE, str(place.id)): Result(
            "plaats", place.name, f"gemeente {place.municipality_name}", place.hint,
            *_call_in_municipality(place.municipality, context),
            "finder.municipality", {"slug": place.municipality_slug},
        )
        for place in places
    }  # fmt: skip


def _school_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    schools = directory.list_schools_by_code(_refs(hits, SCHOOL))
    answers = load.first_answers(
        schools, context.question.roles, context.on, context.roles, context.contact_points
    )
    results = {}
    for school in schools:
        about = f"{school.street}, {school.place} · {school.sector_label}"
        if school.other_name:
            about += f" · bij DUO: {school.other_name}"
        answer = answers.get(school.code)
        results[Hit(SCHOOL, school.code)] = Result(
            "school", school.name, about, "",
            *(_call(answer.escalation, _role_label(answer)) if answer else ("", None)),
            "finder.school", {"slug": school.slug},
        )  # fmt: skip
    return results


def _person_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    ids = _ids(hits, PERSON)
    posts = people.list_posts(context.on, ids)
    results = {}
    for person in people.list_people(context.on, ids):
        own = [post for post in posts if post.person_id == person.id]
        schools = {post.school_name for post in own}
        parts = (
            " en ".join(dict.fromkeys(post.role_label for post in own)),
            person.contact.organisation,
            f"{len(schools)} scholen" if len(schools) > 1 else "".join(schools),
            "afwezig" if person.is_absent else "",
        )
        results[Hit(PERSON, str(person.id))] = Result(
            "persoon", person.contact.name, " · ".join(dict.fromkeys(filter(None, parts))), "",
            "", person.contact.first(),
            "finder.person", {"person": person.id},
        )  # fmt: skip
    return results


def _page_results(hits: Sequence[Hit]) -> dict[Hit, Result]:
    return {
        Hit(kind.name, ref): Result(
            page.label, page.title, page.about, "", "", None, page.endpoint, page.values,
            is_page=True,
        )
        for kind in list_page_kinds()
        if (refs := _refs(hits, kind.name))
        for ref, page in kind.find(refs).items()
    }  # fmt: skip


def _role_label(answer: ContactAnswer) -> str:
    is_replaced = answer.state is AnswerState.REPLACED
    return f"{answer.role.label} (vervanger)" if is_replaced else answer.role.label


def _call(escalation: Sequence[Contact], role: str = "") -> tuple[str, Detail | None]:
    """The caption and the detail of the first reachable contact; `role` labels a person."""
    reachable = rules.first_reachable(escalation)
    if reachable is None:
        return (escalation[0].name if escalation else ""), None
    contact, detail = reachable
    if contact.person_id:
        return f"{role} {contact.name}".strip(), detail
    # A contact point other than the first one speaks for the first one.
    if contact != escalation[0]:
        return f"{escalation[0].name}, via {contact.name}", detail
    return contact.name, detail


def _call_in_municipality(code: str, context: _Context) -> tuple[str, Detail | None]:
    """The caption and the detail for a municipality: of a role in the question, or else of the role
    that is shown first."""
    in_municipality = load.in_municipality(code, context.roles, context.contact_points)
    if not in_municipality:
        return "", None
    asked = [pair for pair in in_municipality if pair[0].key in context.question.roles]
    shown_first = [pair for pair in in_municipality if pair[0].shown_first]
    role, points = [*asked, *shown_first, *in_municipality][0]
    caption, detail = _call([point.contact for point in points])
    # Without a number, the name alone says too little.
    return (caption if detail else f"{role.label}: {points[0].contact.name}"), detail
