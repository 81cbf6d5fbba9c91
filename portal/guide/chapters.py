"""The chapters of the guide: texts with front matter, in `guide/` of the region's folder.

`load_chapters` is the only way to them, so that one day they may come from somewhere else.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from portal.region import current_region

SECTORS = {"po": "basisonderwijs (PO)", "vo": "voortgezet onderwijs (VO)"}

TEXT, CONFIRM, CONTACTS = "text", "te bevestigen", "contacten"
_FENCE = ":::"

# The one Markdown parser of the guide. It holds rules only, so threads may share it.
MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(front_matter_plugin)
    .use(container_plugin, "block", validate=lambda kind, _: bool(kind.strip()))
)


class ChapterError(Exception):
    """A chapter that cannot be read; the message says which, and what is wrong."""


class Source(NamedTuple):
    """Where the facts of a chapter come from."""

    document: str
    place: str  # the heading in that document


class Block(NamedTuple):
    """A piece of a chapter: text, something to confirm, or a place for live contacts."""

    kind: str
    text: str  # Markdown; empty for contacts
    sector: str = ""  # "": for every school
    roles: tuple[str, ...] = ()  # of contacts: whose contact points


class Chapter(NamedTuple):
    """One chapter."""

    slug: str
    title: str
    summary: str
    sources: tuple[Source, ...]
    adopted_in: str  # "": the source names no decision
    adopted_on: str  # as the source says it: "9 mei 2023"
    owner: str  # the role that keeps it true
    ask: str  # whom a reader asks who doubts
    checked_on: date  # the last day on which the region went through it
    review_by: date
    sectors: tuple[str, ...]  # the schools that the agreement was made for
    words: str  # other words to find it by
    blocks: tuple[Block, ...]

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed by which somebody should have gone through it again."""
        return self.review_by < today

    def blocks_for(self, sector: str) -> tuple[Block, ...]:
        """What a reader from this sector reads ("": everything)."""
        return tuple(b for b in self.blocks if not b.sector or sector in ("", b.sector))


def guide_folder() -> Path:
    """The folder with the texts and tables of the region's guide."""
    return current_region().folder / "guide"


def load_chapters(folder: Path | None = None) -> tuple[Chapter, ...]:
    """All chapters of the region (or in `folder`) in their order. Raises ChapterError for one that
    is not right."""
    return _load_chapters(folder or guide_folder())


@cache
def _load_chapters(folder: Path) -> tuple[Chapter, ...]:
    return tuple(_read(path) for path in sorted(folder.glob("[0-9]*.md")))


def find_chapter(slug: str) -> Chapter | None:
    """The chapter with this name in its address."""
    return next((chapter for chapter in load_chapters() if chapter.slug == slug), None)


def beside(chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
    """The chapters before and after this one."""
    all_ = load_chapters()
    at = all_.index(chapter)
    return (all_[at - 1] if at else None), (all_[at + 1] if at + 1 < len(all_) else None)


def _read(path: Path) -> Chapter:
    source = path.read_text("utf-8")
    tokens = MARKDOWN.parse(source) or [Token("", "", 0)]
    try:
        head = tomllib.loads(tokens[0].content if tokens[0].type == "front_matter" else "")
        return _chapter(path.stem.partition("-")[2], head, _blocks(path.name, source, tokens))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ChapterError(f"{path.name}: het begin is niet goed ({error}).") from error


def _chapter(slug: str, head: dict[str, Any], blocks: Iterator[Block]) -> Chapter:
    return Chapter(
        slug=slug,
        title=head["title"],
        summary=head["summary"],
        sources=tuple(Source(**source) for source in head["sources"]),
        adopted_in=head.get("adopted_in", ""),
        adopted_on=head.get("adopted_on", ""),
        owner=head["owner"],
        ask=head["ask"],
        checked_on=head["checked_on"],
        review_by=head["review_by"],
        sectors=tuple(head["sectors"]),
        words=" ".join(head.get("words", [])),
        blocks=tuple(blocks),
    )


def _blocks(name: str, source: str, tokens: list[Token]) -> Iterator[Block]:
    """The blocks of the file `name`: its containers (`::: po`, `::: te bevestigen` or
    `::: contacten cjg-coach`, each up to `:::`) and the text between them."""
    lines = source.rstrip("\n").split("\n")
    _, rest = tokens[0].map or (0, 0)  # the front matter
    for token in tokens[1:]:
        if token.type != "container_block_open" or token.level:
            continue
        first, last = token.map or (0, 0)
        kind = token.info.strip()
        if last >= len(lines):  # the parser closes an open container at the end of the file
            raise ChapterError(f"{name}: {_FENCE} {kind} eindigt niet.")
        yield from _block(name, "", lines[rest:first])
        yield from _block(name, kind, lines[first + 1 : last])
        rest = last + 1
    yield from _block(name, "", lines[rest:])


def _block(name: str, kind: str, lines: list[str]) -> Iterator[Block]:
    if any(line.lstrip().startswith(_FENCE) for line in lines):
        raise ChapterError(f"{name}: een blok met {_FENCE} begint of eindigt niet goed.")
    text = "\n".join(lines).strip()
    if kind.startswith(f"{CONTACTS} "):
        yield Block(CONTACTS, "", roles=tuple(kind.split()[1:]))
    elif kind not in ("", CONFIRM, *SECTORS):
        raise ChapterError(f"{name}: {_FENCE} {kind} kennen we niet.")
    elif text:
        yield Block(CONFIRM if kind == CONFIRM else TEXT, text, kind if kind in SECTORS else "")
