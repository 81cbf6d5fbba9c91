"""The handbook for who keeps the portal, and its papers: Markdown in docs/, shown under Beheer. The files name no
region and no installation: `{project}` and other words between braces are filled in where a page is shown."""

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from portal.config import ROOT, current_config
from portal.phones import grouped
from portal.text import slug
from portal.web.formatting import capital
from portal.web.markdown import parser, to_html

if TYPE_CHECKING:
    from markdown_it.token import Token

DOCS = ROOT / "docs"
FOLDER = DOCS / "handboek"
INDEX = "README"
ADDRESS = "/beheer/handboek"
PAPERS = ("verwerkingsregister", "dpia", "accessibility")  # of docs/ itself


class Page(NamedTuple):
    """A page of the handbook, as HTML."""

    title: str
    body: Markup  # without the title


def list_topics() -> list[str]:
    """The names of the pages in addresses, without the index."""
    return [*sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != INDEX), *PAPERS]


def read_page(topic: str = INDEX) -> Page:
    """The page about a topic of `list_topics`, or the index, with the names of this installation."""
    folder = DOCS if topic in PAPERS else FOLDER
    text = (folder / f"{topic}.md").read_text("utf-8")
    for name, value in _list_names().items():
        text = text.replace(f"{{{name}}}", value)
    _, title, _, *tokens = parser().parse(text)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(tokens[at + 1].content))
        for inline in token.children or []:
            if inline.type == "link_open":
                _lead_to_page(inline)
    return Page(title.content, to_html(tokens))


def _list_names() -> dict[str, str]:
    config = current_config()
    region = config.region
    return {
        "project": region.project, "Project": capital(region.project), "regio": region.name,
        "adres": config.base_url, "mailadres": config.contact_email, "afzender": config.mail_from,
        "telefoon": grouped(config.contact_phone) or "________________",
    }  # fmt: skip


def _lead_to_page(link: "Token") -> None:
    """Let a link to a file of docs/ lead to its page: `terugzetten.md`, `../dpia.md#risico`."""
    path, _, anchor = str(link.attrGet("href")).partition("#")
    file = PurePosixPath(path)
    if file.suffix != ".md":
        return
    page = ADDRESS if file.stem == INDEX else f"{ADDRESS}/{file.stem}"
    link.attrSet("href", f"{page}#{anchor}" if anchor else page)
