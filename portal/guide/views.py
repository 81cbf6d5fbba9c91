"""The pages to read: contents, chapters, all chapters on one page, and the glossary."""

from typing import Any

from flask import Blueprint, abort, render_template, request, session

from portal import clock
from portal.accounts.access import requires_reader
from portal.guide.chapter_blocks import SECTORS
from portal.guide.chapter_contacts import find_contact_points
from portal.guide.content import current_content
from portal.guide.forms import SchoolForm
from portal.guide.rendering import render_all, render_chapter
from portal.guide.searchable_pages import list_tools
from portal.guide.tool_school_and_contacts import read_question

blueprint = Blueprint("guide", __name__)
_SECTOR = "voor"


@blueprint.get("/routeboek")
@requires_reader
def contents() -> str:
    """The table of contents and the tools."""
    today = clock.today()
    content = current_content()
    return render_page(
        "guide/contents.html",
        tools=list_tools(content).values(),
        all_overdue=all(chapter.is_overdue(today) for chapter in content.chapters),
    )


@blueprint.get("/routeboek/<slug>")
@requires_reader
def chapter(slug: str) -> str:
    """One chapter, for a reader in PO, in VO, or both."""
    content = current_content()
    chapter = content.find_chapter(slug) or abort(404)
    before, after = content.neighbours(chapter)
    return render_page(
        "guide/chapter.html",
        rendered=render_chapter(chapter, _sector(), content.terms),
        before=before,
        after=after,
        contact_points=find_contact_points(),
        question=read_question(SchoolForm()) if chapter.people else None,
    )


@blueprint.get("/routeboek/alles")
@requires_reader
def print_all() -> str:
    """Every chapter on one page, to print."""
    content = current_content()
    rendered = render_all(content.chapters, _sector(), content.terms)
    explained = {term for each in rendered for term in each.terms}
    return render_page(
        "guide/print_all.html",
        rendered_chapters=rendered,
        terms=[term for term in content.terms if term in explained],
        contact_points=find_contact_points(),
    )


@blueprint.get("/routeboek/woorden")
@requires_reader
def glossary() -> str:
    """The meaning of every word and abbreviation."""
    return render_page("guide/glossary.html", terms=current_content().terms)


def render_page(template: str, **values: Any) -> str:
    """A page of the guide, with its contents and the choice of PO or VO."""
    chapters = current_content().chapters
    return render_template(template, chapters=chapters, sector=_sector(), sectors=SECTORS, **values)


def _sector() -> str:
    """The schools that the reader reads for: "po", "vo", or "" for both. A choice is kept in the
    session, so that it holds for the next page as well."""
    chosen = request.args.get(_SECTOR)
    if chosen in SECTORS:
        session[_SECTOR] = chosen
    elif chosen == "alle":
        session.pop(_SECTOR, None)
    kept = session.get(_SECTOR, "")
    return kept if kept in SECTORS else ""
