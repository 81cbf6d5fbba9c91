"""The lines of search results, as HTML: each is made once, and gets the marks in its title anew."""

from typing import NamedTuple

from flask import current_app
from markupsafe import Markup, escape

from portal.database.noted_reads import noted
from portal.finder.remembered import recall, remember
from portal.finder.results import Result, SearchResults, list_results
from portal.search.documents import DESK
from portal.search.index import Hit
from portal.search.question import mark_words
from portal.web.formatting import capital

_MARK, _END_OF_MARK = Markup("<mark>"), Markup("</mark>")
_TITLE = Markup("\0")  # stands for the title while a line is made


class _Line(NamedTuple):
    """A line around its title."""

    before: Markup
    title: str
    after: Markup
    person: int | None  # id; whose number it shows


def list_lines(found: SearchResults) -> tuple[list[Markup], frozenset[int | None]]:
    """The lines of a search, and the people (ids) whose numbers they show."""
    lines = {} if found.details else {hit: recall(*_key(found, hit)) for hit in found.hits}
    if missing := [hit for hit in found.hits if not lines.get(hit)]:
        lines |= _make_lines(found, missing)
    shown = [line for hit in found.hits if (line := lines.get(hit))]
    return (
        [line.before + _mark(line.title, found.words) + line.after for line in shown],
        frozenset(line.person for line in shown),
    )


def _make_lines(found: SearchResults, hits: list[Hit]) -> dict[Hit, _Line]:
    context: dict[str, object] = {"day": found.on}
    current_app.update_template_context(context)
    template = current_app.jinja_env.get_template("finder/_line.html").make_module(context)
    lines = {}
    with noted() as reads:
        for hit, result in list_results(found, hits).items():
            before, after = getattr(template, "line")(result, _TITLE).split(_TITLE)  # noqa: B009 - a macro
            lines[hit] = _Line(before, capital(result.title), after, _owner(result))
    for hit, line in lines.items():
        if not found.details:
            size = len(line.before) + len(line.after)
            remember(*_key(found, hit), content=line, size=size, people={line.person}, reads=reads)
    return lines


def _key(found: SearchResults, hit: Hit) -> tuple[object, ...]:
    """All that a line depends on besides the directory: a desk says why it answers to the words."""
    question = found.question
    words = tuple(question.words) if hit.kind == DESK else ()
    return hit, found.on, question.roles, tuple(question.residences), words


def _owner(result: Result) -> int | None:
    owner = result.detail.owner if result.detail else ""
    return int(owner[1:]) if owner.startswith("p") else None


def _mark(title: str, words: list[str]) -> Markup:
    """The title with the beginnings marked that were searched."""
    return Markup("").join(
        _MARK + piece + _END_OF_MARK if is_match else escape(piece)
        for piece, is_match in mark_words(title, words)
    )
