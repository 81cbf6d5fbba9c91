"""The pages that one reads: contents, chapters, all of it, the words, the text for the school."""

from typing import Any

from flask import Blueprint, abort, render_template, request, session

from portal import clock
from portal.accounts.access import requires_reader
from portal.directory import schools as directory
from portal.directory.contact_details import list_contact_points
from portal.directory.models import DetailKind
from portal.directory.read_models import Contact
from portal.guide.chapters import SECTORS, beside, find_chapter, load_chapters
from portal.guide.glossary import load_terms
from portal.guide.rendering import render, render_all
from portal.guide.searchable_pages import TOOLS

blueprint = Blueprint("guide", __name__)
_SECTOR = "voor"


@blueprint.get("/routeboek")
@requires_reader
def contents() -> str:
    """The table of contents and the aids."""
    today = clock.today()
    return page(
        "guide/contents.html",
        aids=TOOLS,
        all_overdue=all(chapter.is_overdue(today) for chapter in load_chapters()),
    )


@blueprint.get("/routeboek/<slug>")
@requires_reader
def chapter(slug: str) -> str:
    """One chapter, for who works in PO, in VO, or both."""
    found = find_chapter(slug)
    if found is None:
        abort(404)
    before, after = beside(found)
    text = render(found, _sector(), load_terms().values())
    return page("guide/chapter.html", text=text, before=before, after=after, contacts=_contacts())


@blueprint.get("/routeboek/alles")
@requires_reader
def print_all() -> str:
    """Every chapter on one page, to print."""
    known = load_terms().values()
    texts = render_all(load_chapters(), _sector(), known)
    terms = [term for term in known if any(term in t.terms for t in texts)]
    return page("guide/print_all.html", texts=texts, terms=terms, contacts=_contacts())


@blueprint.get("/routeboek/woorden")
@requires_reader
def glossary() -> str:
    """What every word and abbreviation means."""
    return page("guide/glossary.html", terms=load_terms().values())


def page(template: str, **values: Any) -> str:
    """A page of the guide, with the contents and the choice of PO or VO."""
    return render_template(
        template, chapters=load_chapters(), sector=_sector(), sectors=SECTORS, **values
    )


def _sector() -> str:
    """For which schools somebody reads: "po", "vo", or "" for both. A choice is kept in the
    session, so that it holds for the next page as well."""
    chosen = request.args.get(_SECTOR)
    if chosen in SECTORS:
        session[_SECTOR] = chosen
    elif chosen == "alle":
        session.pop(_SECTOR, None)
    kept = session.get(_SECTOR, "")
    return kept if kept in SECTORS else ""


def _contacts() -> Any:
    """Gives for roles (keys) the contact points of today that one asks first, each with the
    municipalities that it is for. Without what is somebody's own: on a page that is printed and
    kept, a contact_point outlives a person."""
    contact_points = list_contact_points(clock.today())
    towns = {town.code: town.name for town in directory.list_municipalities(in_region=True)}

    def contacts(roles: tuple[str, ...]) -> list[tuple[Contact, list[str]]]:
        found: dict[Contact, list[str]] = {}
        seen: set[tuple[str, str, str]] = set()
        for contact_point in contact_points:
            asked = (contact_point.role, contact_point.municipality, contact_point.sector)
            # Only who is asked first; the others are for where one has chosen a school.
            if (
                contact_point.role not in roles
                or contact_point.municipality not in towns
                or asked in seen
            ):
                continue
            seen.add(asked)
            names = found.setdefault(contact_point.contact, [])
            if towns[contact_point.municipality] not in names:
                names.append(towns[contact_point.municipality])
        return [(_desk_only(contact), names) for contact, names in found.items()]

    return contacts


def _desk_only(contact: Contact) -> Contact:
    """A contact point without the numbers and addresses that stand with a person's name."""
    kept = (d for d in contact.details if not d.label or d.kind == DetailKind.WEBSITE)
    return contact._replace(details=tuple(kept))
