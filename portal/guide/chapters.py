"""The chapters of the guide: Markdown with front matter (TOML) and `:::` containers.

They are files `guide/<number>-<slug>.md` in the region's folder.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

SECTORS = {"po": "basisonderwijs (PO)", "vo": "voortgezet onderwijs (VO)"}
_FENCE = ":::"

# The one Markdown parser of the guide. It holds rules only, so threads may share it.
MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(front_matter_plugin)
    .use(container_plugin, "block", validate=lambda kind, _: bool(kind.strip()))
)


class BlockKind(StrEnum):
    """The kinds of blocks; but for text, as a chapter names them behind `:::`."""

    TEXT = "text"
    TO_CONFIRM = "te bevestigen"
    CONTACTS = "contacten"


class Source(NamedTuple):
    """A document that the facts of a chapter come from."""

    document: str
    place: str  # the heading in that document


class Block(NamedTuple):
    """A part of a chapter: text, something to confirm, or a place for live contacts."""

    kind: BlockKind
    text: str  # Markdown; contacts have none
    sector: str = ""  # "": for every school
    roles: tuple[str, ...] = ()  # the roles (keys) whose contact points it shows


class Chapter(NamedTuple):
    """A chapter of the guide."""

    slug: str
    title: str
    summary: str
    sources: tuple[Source, ...]
    adopted_in: str  # "": the source names no decision
    adopted_on: str  # as the source says it: "9 mei 2023"
    owner: str  # the role that checks it
    ask: str  # the person or role to ask in case of doubt
    checked_on: date  # the day of the last check
    review_by: date
    sectors: tuple[str, ...]  # the schools that the agreement was made for
    words: str  # other words to find it by
    blocks: tuple[Block, ...]

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed by which somebody should have checked it."""
        return self.review_by < today

    def blocks_for(self, sector: str) -> tuple[Block, ...]:
        """The blocks for a reader from this sector ("": all blocks)."""
        return tuple(b for b in self.blocks if not b.sector or sector in ("", b.sector))


def read_chapter(name: str, text: str) -> Chapter:
    """The chapter in the file `name` (“12-verzuim”: its number and its slug).

    Raises KeyError, TypeError or ValueError for a chapter that is invalid.
    """
    tokens = MARKDOWN.parse(text) or [Token("", "", 0)]
    if tokens[0].type != "front_matter":
        raise ValueError("het begint niet met ---")
    head = tomllib.loads(tokens[0].content)
    return _chapter(name.partition("-")[2], head, _blocks(text, tokens))


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


def _blocks(text: str, tokens: list[Token]) -> Iterator[Block]:
    """The blocks of a file: its containers (`::: po`, `::: te bevestigen`, `::: contacten` with
    roles; each up to `:::`) and the text between them."""
    lines = text.rstrip("\n").split("\n")
    _, rest = tokens[0].map or (0, 0)  # the front matter
    for token in tokens[1:]:
        if token.type != "container_block_open" or token.level:
            continue
        first, last = token.map or (0, 0)
        kind = token.info.strip()
        if last >= len(lines):  # the parser closes an open container at the end of the file
            raise ValueError(f"{_FENCE} {kind} eindigt niet")
        yield from _block("", lines[rest:first])
        yield from _block(kind, lines[first + 1 : last])
        rest = last + 1
    yield from _block("", lines[rest:])


def _block(kind: str, lines: list[str]) -> Iterator[Block]:
    if any(line.lstrip().startswith(_FENCE) for line in lines):
        raise ValueError(f"een blok met {_FENCE} begint of eindigt niet goed")
    text = "\n".join(lines).strip()
    name, *roles = kind.split() or [""]
    if name == BlockKind.CONTACTS and roles:
        yield Block(BlockKind.CONTACTS, "", roles=tuple(roles))
    elif kind not in ("", BlockKind.TO_CONFIRM, *SECTORS):
        raise ValueError(f"{_FENCE} {kind} kennen we niet")
    elif text and kind in SECTORS:
        yield Block(BlockKind.TEXT, text, sector=kind)
    elif text:
        yield Block(BlockKind(kind or BlockKind.TEXT), text)
