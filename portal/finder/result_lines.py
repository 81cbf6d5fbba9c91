"""Search results: joins the contact to call to each document that a search finds, and writes the
lines as HTML: each is made once, and gets the marks in its title anew."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

from flask import current_app
from markupsafe import Markup

from portal.contacts import timeline, who_to_call
from portal.contacts.residence_form import ELSEWHERE
from portal.contacts.timeline import PersonNews, TimelineEvent, first_of_each_role, list_news
from portal.contacts.who_to_call import AnswerState, ContactAnswer
from portal.database.noted_reads import noted
from portal.database.remembered_pieces import recall, remember
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.contact_details import Contact, ContactPointRow, Detail, list_contact_points
from portal.directory.places import MunicipalityRow, PlaceRow, list_municipalities, list_places
from portal.directory.schools_and_kernen import RoleRow, count_workplaces
from portal.directory.who_works_or_is_absent import Post
from portal.search.finding import LIMIT, find_hits, list_names, list_page_kinds
from portal.search.index import DESK, MUNICIPALITY, PERSON, PLACE, ROLE, SCHOOL, Hit
from portal.search.question import Question, is_ambiguous, parse_question
from portal.text import fold
from portal.web.formatting import capital
from portal.web.rendering import escape_text

ABOUT_KERN = "wie je belt voor deze kern"
_WORD = re.compile(r"([^\W_]+)")
_TITLE = Markup("\0")  # stands for the title while a line is made


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
    answer: ContactAnswer | None = None  # of a school
    person: PersonNews | None = None
    coming: Mapping[str, TimelineEvent] = MappingProxyType({})  # per role (label), of a school


class SearchResults(NamedTuple):
    """The answer to a search: its documents, of which `list_results` makes lines."""

    hits: list[Hit]  # to show, best first
    on: date
    question: Question  # that was meant
    details: Mapping[Hit, Detail]  # of a number or address: the one that was asked
    words: list[str]  # folded, to mark in the titles
    has_more: bool  # than are shown
    is_ambiguous: bool  # several places have this name
    is_guess: bool  # the text gave nothing; the results are for similar words
    dropped: Sequence[str]  # folded words of the text that nothing was found for

    @property
    def results(self) -> list[Result]:
        """All its lines, in their order."""
        return list(list_results(self, self.hits).values())


class _Context(NamedTuple):
    """The question and the rows that every kind of result uses, loaded once."""

    on: date
    question: Question
    roles: Sequence[RoleRow]
    contact_points: Sequence[ContactPointRow]
    posts: Sequence[Post]  # of the people that were found
    coming: Mapping[str, Sequence[TimelineEvent]]  # per school (code) that was found


def search(text: str, on: date) -> SearchResults:
    """The documents for `text`, for the contacts of the day `on` (Amsterdam)."""
    question = parse_question(text, list_names())
    found = find_hits(question, on)
    meant = found.attempt.question
    holders = who_works_or_is_absent.list_posts(on, _ids(found.hits, PERSON)) if meant.roles else []
    places = list_places(ids=_ids(found.hits, PLACE))
    return SearchResults(
        hits=_holders_first(found.hits, holders, meant.roles)[:LIMIT],
        on=on,
        question=meant,
        details=found.details,
        words=found.attempt.words or question.words,
        has_more=len(found.hits) > LIMIT,
        is_ambiguous=is_ambiguous(question, places),
        is_guess=found.attempt.is_guess,
        dropped=(*found.attempt.question.asked_for, *found.attempt.dropped),
    )


def list_results(found: SearchResults, hits: Sequence[Hit]) -> dict[Hit, Result]:
    """The lines of these documents of a search, in their order; without one that is not there on its day."""
    posts = who_works_or_is_absent.list_posts(found.on, _ids(hits, PERSON))
    context = _Context(
        found.on, found.question, directory.list_roles(), list_contact_points(found.on), posts,
        timeline.list_coming(_refs(hits, SCHOOL), found.on, posts=posts),
    )  # fmt: skip
    by_hit = {
        **_role_results(hits, context),
        **_municipality_results(hits, context),
        **_place_results(list_places(ids=_ids(hits, PLACE)), context),
        **_desk_results(hits, context),
        **_school_results(hits, context),
        **_person_results(hits, context),
        **_page_results(hits),
    }
    for hit, detail in found.details.items():
        if hit in by_hit:
            by_hit[hit] = by_hit[hit]._replace(detail=detail, caller=detail.label)
    return {hit: by_hit[hit] for hit in hits if hit in by_hit}


def _holders_first(hits: list[Hit], posts: Sequence[Post], roles: Sequence[str]) -> list[Hit]:
    """The hits with the people who hold one of the roles before other people."""
    holders = {Hit(PERSON, str(post.person_id)) for post in posts if post.role in roles}
    first_person = next((at for at, hit in enumerate(hits) if hit.kind == PERSON), len(hits))
    return hits[:first_person] + sorted(hits[first_person:], key=lambda hit: hit not in holders)


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
        for row in list_municipalities(codes=_refs(hits, MUNICIPALITY))
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


def _desk_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    results: dict[Hit, Result] = {}
    labels = {role.key: role.label for role in context.roles}
    for hit in (hit for hit in hits if hit.kind == DESK):
        points = [point for point in context.contact_points if point.key == hit.ref]
        if points:
            contact = points[0].contact
            roles = dict.fromkeys(labels[point.role] for point in points)
            results[hit] = Result(
                "loket", contact.name, "voor " + ", ".join(roles),
                _other_name(points[0], context.question.words),
                *_call([contact]), "finder.role", {"key": points[0].role},
            )  # fmt: skip
    return results


def _other_name(point: ContactPointRow, words: Sequence[str]) -> str:
    """The sentence that says why a desk answers to `words` that are not in its name."""

    def has_words(name: str) -> bool:
        return all(f" {word}" in f" {fold(name)}" for word in words)

    others = [alias for alias in point.aliases if words and has_words(alias)]
    return f"Ook voor: {others[0]}." if others and not has_words(point.contact.name) else ""


def _school_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    schools = directory.list_schools_by_code(_refs(hits, SCHOOL), context.on)
    residences = list_municipalities(codes=context.question.residences)
    answers = who_to_call.first_answers(schools, context.question.roles, context.on, residences)
    results = {}
    for school in schools:
        about = f"{school.address} · {school.sector_label}"
        if school.other_name:
            about += f" · bij DUO: {school.other_name}"
        residence = who_to_call.find_other_residence(school, residences)
        answer = answers.get(school.code)
        results[Hit(SCHOOL, school.code)] = Result(
            "school", school.name, about,
            f"Voor een leerling uit {residence.name}." if residence else "",
            *(_call(answer.escalation, _role_label(answer)) if answer else ("", None)),
            "finder.school", {"slug": school.slug, **_residence_fields(residence)},
            answer=answer, coming=first_of_each_role(context.coming.get(school.code, ())),
        )  # fmt: skip
    return results


def _residence_fields(residence: MunicipalityRow | None) -> dict[str, str]:
    """The fields of the residence in the address of a school page."""
    if residence is None:
        return {}
    if residence.in_region:
        return {"woont": residence.slug}
    return {"woont": ELSEWHERE, "plaats": residence.name}


def _person_results(hits: Sequence[Hit], context: _Context) -> dict[Hit, Result]:
    results = {}
    rows = who_works_or_is_absent.list_people(context.on, _ids(hits, PERSON))
    news = list_news(rows, context.posts, context.coming, context.on)
    for person in rows:
        own = [post for post in context.posts if post.person_id == person.id]
        schools = {post.school: post.school_name for post in own}
        parts = (
            " en ".join(dict.fromkeys(post.role_label for post in own)),
            person.contact.organisation,
            count_workplaces(schools) if len(schools) > 1 else "".join(schools.values()),
        )
        results[Hit(PERSON, str(person.id))] = Result(
            "persoon", person.contact.name, " · ".join(dict.fromkeys(filter(None, parts))), "",
            news[person.id].caller.name, news[person.id].caller.first(),
            "finder.person", {"person": person.id}, person=news[person.id],
        )  # fmt: skip
    return results


def _page_results(hits: Sequence[Hit]) -> dict[Hit, Result]:
    return {
        Hit(kind.name, ref): Result(
            page.label, page.title, page.about, "", "", None, page.endpoint, page.values, is_page=True
        )
        for kind in list_page_kinds()
        if (refs := _refs(hits, kind.name))
        for ref, page in kind.find(refs).items()
    }


def _role_label(answer: ContactAnswer) -> str:
    is_replaced = answer.state is AnswerState.REPLACED
    return f"{answer.role.label} (vervanger)" if is_replaced else answer.role.label


def _call(escalation: Sequence[Contact], role: str = "") -> tuple[str, Detail | None]:
    """The caption and the detail of the first reachable contact; `role` labels a person."""
    reachable = who_to_call.first_reachable(escalation)
    if reachable is None:
        return (escalation[0].name if escalation else ""), None
    contact, detail = reachable
    if contact.person_id and escalation[0].person_id:
        return f"{role} {contact.name}".strip(), detail
    # A contact point other than the first one speaks for the first one.
    if contact != escalation[0]:
        via = f"{role} {contact.name}" if contact.person_id else contact.name
        return f"{escalation[0].name}, via {via.strip()}", detail
    return contact.name, detail


def _call_in_municipality(code: str, context: _Context) -> tuple[str, Detail | None]:
    """The caption and the detail for a municipality: of a role in the question, or else of the role
    that is shown first."""
    in_municipality = who_to_call.in_municipality(code, context.roles, context.contact_points)
    if not in_municipality:
        return "", None
    asked = [pair for pair in in_municipality if pair[0].key in context.question.roles]
    shown_first = [pair for pair in in_municipality if pair[0].shown_first]
    role, points = [*asked, *shown_first, *in_municipality][0]
    caption, detail = _call([point.contact for point in points])
    return f"{role.label}: {caption or points[0].contact.name}", detail


# ---- The lines as HTML


class _Line(NamedTuple):
    """A line around its title."""

    before: str  # HTML
    title: list[str]  # its words, and what stands between them
    after: str  # HTML
    person: int | None  # id; whose number it shows


def list_lines(found: SearchResults) -> tuple[list[Markup], frozenset[int | None]]:
    """The lines of a search, and the people (ids) whose numbers they show."""
    keys = {} if found.details else _list_keys(found)
    known = recall(keys.values())
    lines = {hit: known[key] for hit, key in keys.items() if key in known}
    if missing := [hit for hit in found.hits if hit not in lines]:
        lines |= _make_lines(found, missing, keys)
    shown = [line for hit in found.hits if (line := lines.get(hit))]
    words = tuple(filter(None, found.words))
    return (
        [Markup(line.before + _mark(line.title, words) + line.after) for line in shown],  # noqa: S704
        frozenset(line.person for line in shown),
    )


def _make_lines(found: SearchResults, hits: list[Hit], keys: dict[Hit, tuple[object, ...]]) -> dict[Hit, _Line]:
    context: dict[str, object] = {"day": found.on}
    current_app.update_template_context(context)
    template = current_app.jinja_env.get_template("finder/_line.html").make_module(context)
    lines = {}
    with noted() as reads:
        for hit, result in list_results(found, hits).items():
            before, after = str(getattr(template, "line")(result, _TITLE)).split(_TITLE)  # noqa: B009 - a macro
            lines[hit] = _Line(before, _WORD.split(capital(result.title)), after, _owner(result))
    pieces = {
        keys[hit]: (line, len(line.before) + len(line.after), {line.person})
        for hit, line in lines.items()
        if hit in keys
    }
    remember(pieces, reads)
    return lines


def _list_keys(found: SearchResults) -> dict[Hit, tuple[object, ...]]:
    """The key of each line: its hit, and the rest that it depends on besides the directory. A desk
    says why it answers to the words."""
    question, words = found.question, tuple(found.question.words)
    asked = found.on, question.roles, tuple(question.residences)
    return {hit: (hit, *asked, words if hit.kind == DESK else ()) for hit in found.hits}


def _owner(result: Result) -> int | None:
    owner = result.detail.owner if result.detail else ""
    return int(owner[1:]) if owner.startswith("p") else None


def _mark(title: list[str], beginnings: tuple[str, ...]) -> str:
    """The title as HTML, with the beginnings marked that were searched (folded)."""
    marked = title.copy()
    for at in range(1, len(title), 2):
        piece, folded = title[at], fold(title[at])
        if folded.startswith(beginnings):
            length = max(len(word) for word in beginnings if folded.startswith(word))
            marked[at] = f"\0{piece[:length]}\1{piece[length:]}"
    return escape_text("".join(marked)).replace("\0", "<mark>").replace("\1", "</mark>")
