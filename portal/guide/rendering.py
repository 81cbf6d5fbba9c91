"""Renders the Markdown of the guide: safe HTML, anchors at headings, links to explained terms."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from portal.guide.chapter_blocks import Block, BlockKind
from portal.guide.chapters import Chapter
from portal.guide.glossary import Term, link_terms
from portal.text import slug
from portal.web.markdown import parser, to_html

if TYPE_CHECKING:
    from markdown_it.token import Token

_CHAPTERS = "/routeboek/"


class Heading(NamedTuple):
    """A heading within a chapter, and its anchor."""

    anchor: str
    text: str


class RenderedChapter(NamedTuple):
    chapter: Chapter
    # Each with its HTML: empty for contacts, which are looked up for each page.
    blocks: tuple[tuple[Block, Markup], ...]
    headings: tuple[Heading, ...]
    terms: tuple[Term, ...]  # those that are explained in it, by the alphabet


def render_chapter(chapter: Chapter, sector: str, terms: Iterable[Term]) -> RenderedChapter:
    """A chapter as a page of its own, for a reader from this sector ("": all)."""
    return _render((chapter,), sector, tuple(terms), one_page=False)[0]


def render_all(chapters: tuple[Chapter, ...], sector: str, terms: Iterable[Term]) -> tuple[RenderedChapter, ...]:
    """All chapters as parts of one page. Headings are one level lower, their anchors begin with the
    slug of the chapter, and links to other chapters stay on the page."""
    return _render(chapters, sector, tuple(terms), one_page=True)


@cache
def _render(
    chapters: tuple[Chapter, ...], sector: str, terms: tuple[Term, ...], *, one_page: bool
) -> tuple[RenderedChapter, ...]:
    explained: set[str] = set()
    rendered = []
    for chapter in chapters:
        before = set(explained)
        on_page = {c.slug for c in chapters} if one_page else set()
        writer = _Writer(chapter, on_page, explained, {term.name: term for term in terms})
        blocks = tuple((block, _as_block(block, writer.write(block.text))) for block in chapter.blocks_for(sector))
        new = tuple(term for term in terms if term.name in explained - before)
        rendered.append(RenderedChapter(chapter, blocks, tuple(writer.headings), new))
    return tuple(rendered)


def _as_block(block: Block, html: Markup) -> Markup:
    """The HTML of a block; the items of a list to tick get a box each."""
    if block.kind is not BlockKind.CHECKLIST:
        return html
    boxes = html.replace("<li>", Markup('<li><label><input type="checkbox"> <span>'))
    return boxes.replace("</li>", Markup("</span></label></li>"))


class _Writer:
    """Turns the blocks of one chapter into HTML. Collects its headings and explained terms."""

    def __init__(self, chapter: Chapter, on_page: set[str], explained: set[str], terms: dict[str, Term]) -> None:
        self._chapter = chapter
        self._on_page = on_page  # slugs of the chapters on the same page; empty: this one alone
        self._explained = explained
        self._terms = terms
        self.headings: list[Heading] = []

    def write(self, text: str) -> Markup:
        """Markdown as HTML with allowed elements and attributes only."""
        tokens = parser().parse(text)
        for at, token in enumerate(tokens):
            if token.type == "heading_open":
                self._add_heading(token, tokens[at + 1], tokens[at + 2])
            for child in token.children or ():
                if child.type == "link_open":
                    self._keep_on_page(child)
        link_terms(tokens, self._terms, self._explained)
        return to_html(tokens)

    def _add_heading(self, opening: "Token", inline: "Token", closing: "Token") -> None:
        anchor = slug(inline.content)
        if self._on_page:
            anchor = f"{self._chapter.slug}--{anchor}"
        if opening.tag == "h2":
            self.headings.append(Heading(anchor, inline.content))
        opening.attrSet("id", anchor)
        if self._on_page:
            opening.tag = closing.tag = f"h{int(opening.tag[1]) + 1}"

    def _keep_on_page(self, link: "Token") -> None:
        href = str(link.attrGet("href"))
        slug, _, anchor = href.removeprefix(_CHAPTERS).partition("#")
        if href.startswith(_CHAPTERS) and slug in self._on_page:
            link.attrSet("href", f"#{slug}--{anchor}" if anchor else f"#{slug}")
