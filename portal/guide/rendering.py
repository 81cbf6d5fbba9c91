"""Makes pages of Markdown: safe HTML, anchors at headings, terms that lead to their meaning."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import nh3
from markdown_it.token import Token
from markupsafe import Markup

from portal.guide.chapters import CONTACTS, MARKDOWN, Chapter
from portal.guide.glossary import Term, term_pattern
from portal.text import slug

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "class", "rel"},
    "th": {"scope"},
}
_SCHEMES = {"https", "mailto", "tel"}


class Heading(NamedTuple):
    """A heading within a chapter, and its anchor."""

    anchor: str
    text: str


class Piece(NamedTuple):
    """A rendered block."""

    kind: str
    sector: str
    html: Markup
    roles: tuple[str, ...]


class Text(NamedTuple):
    """A rendered chapter."""

    chapter: Chapter
    pieces: tuple[Piece, ...]
    headings: tuple[Heading, ...]
    terms: tuple[Term, ...]  # those that occur in it, by the alphabet


def render(chapter: Chapter, sector: str, terms: Iterable[Term]) -> Text:
    """A chapter as a page of its own, for a reader from this sector ("": all)."""
    return _render((chapter,), sector, tuple(terms), whole=False)[0]


def render_all(
    chapters: tuple[Chapter, ...], sector: str, terms: Iterable[Term]
) -> tuple[Text, ...]:
    """All chapters as parts of one page: a heading is one level lower, its anchor begins with the
    chapter's, and what leads to another chapter stays on the page."""
    return _render(chapters, sector, tuple(terms), whole=True)


@cache
def _render(
    chapters: tuple[Chapter, ...], sector: str, glossary: tuple[Term, ...], *, whole: bool
) -> tuple[Text, ...]:
    seen: set[str] = set()
    texts = []
    for chapter in chapters:
        if not whole:
            seen = set()
        before = set(seen)
        here = {c.slug for c in chapters} if whole else set()
        writer = _Writer(chapter, here, seen, {term.name: term for term in glossary})
        pieces = tuple(
            Piece(
                block.kind,
                block.sector,
                Markup() if block.kind == CONTACTS else writer.write(block.text),
                block.roles,
            )
            for block in chapter.blocks_for(sector)
        )
        terms = tuple(term for term in glossary if term.name in seen - before)
        texts.append(Text(chapter, pieces, tuple(writer.headings), terms))
    return tuple(texts)


class _Writer:
    """Turns the blocks of one chapter into HTML and notes what it comes across."""

    def __init__(
        self, chapter: Chapter, here: set[str], seen: set[str], glossary: dict[str, Term]
    ) -> None:
        self._chapter = chapter
        self._here = here  # the chapters that stand on the same page
        self._seen = seen  # the terms that were explained already
        self._glossary = glossary
        self._pattern = term_pattern(tuple(glossary))
        self.headings: list[Heading] = []

    def write(self, text: str) -> Markup:
        """Markdown as HTML that holds nothing but what is allowed."""
        tokens = MARKDOWN.parse(text)
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                self._head(token, tokens[at + 1], tokens[at + 2])
            elif token.type == "th_open":
                token.attrSet("scope", "col")
            elif token.type == "inline" and tokens[at - 1].type != "heading_open":
                token.children = self._with_terms(token.children or [])
        html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
        clean = nh3.clean(
            html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None
        )
        return Markup(clean)  # noqa: S704 - cleaned just now

    def _head(self, opening: Token, inline: Token, closing: Token) -> None:
        anchor = slug(inline.content)
        if opening.tag == "h2":
            self.headings.append(Heading(self._anchor(anchor), inline.content))
        opening.attrSet("id", self._anchor(anchor))
        if self._here:
            opening.tag = closing.tag = f"h{int(opening.tag[1]) + 1}"

    def _anchor(self, anchor: str) -> str:
        return f"{self._chapter.slug}--{anchor}" if self._here else anchor

    def _with_terms(self, children: list[Token]) -> list[Token]:
        """The same text, with each term that is new in it as a link to what it means."""
        found: list[Token] = []
        in_link = 0
        for child in children:
            in_link += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type == "link_open":
                self._lead(child)
            if child.type != "text" or in_link:
                found.append(child)
                continue
            for number, piece in enumerate(self._pattern.split(child.content)):
                if number % 2 and piece not in self._seen:
                    self._seen.add(piece)
                    found.extend(_link_to(self._glossary[piece]))
                else:
                    found.append(Token("text", "", 0, content=piece))
        return found

    def _lead(self, link: Token) -> None:
        href = str(link.attrGet("href"))
        slug, _, anchor = href.removeprefix("/routeboek/").partition("#")
        if href.startswith("/routeboek/") and slug in self._here:
            link.attrSet("href", f"#{slug}--{anchor}" if anchor else f"#{slug}")
        elif not href.startswith(("/", "#", "mailto:", "tel:")):
            link.attrSet("rel", "noreferrer")


def _link_to(term: Term) -> list[Token]:
    attributes: dict[str, str | int | float] = {
        "href": f"#woord-{term.anchor}", "id": f"bij-{term.anchor}", "class": "term",
    }  # fmt: skip
    return [
        Token("link_open", "a", 1, attrs=attributes),
        Token("text", "", 0, content=term.name),
        Token("link_close", "a", -1),
    ]
