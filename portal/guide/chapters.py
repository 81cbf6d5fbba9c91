"""The chapters of the guide: Markdown with front matter (TOML), and blocks. They are files `guide/<number>-<slug>.md`
in the region's folder."""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from portal.guide.chapter_blocks import Block, read_blocks
from portal.web.markdown import parser


class Source(NamedTuple):
    """A document that the facts of a chapter come from."""

    document: str
    place: str  # the heading in that document


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
    people: tuple[str, ...]  # roles or services whose people at a school it shows
    blocks: tuple[Block, ...]

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed by which somebody should have checked it."""
        return self.review_by < today

    def blocks_for(self, sector: str) -> tuple[Block, ...]:
        """The blocks for a reader from this sector ("": all blocks)."""
        return tuple(b for b in self.blocks if not b.sector or sector in ("", b.sector))


def list_files(folder: Path) -> list[Path]:
    """The files in `folder` that are chapters, in their order: those whose name begins with a digit."""
    return sorted(folder.glob("[0-9]*.md"))


def read_chapter(name: str, text: str) -> Chapter:
    """The chapter in the file `name` (“12-verzuim”: its number and its slug).

    Raises KeyError, TypeError or ValueError for a chapter that is invalid.
    """
    tokens = parser().parse(text)
    if not tokens or tokens[0].type != "front_matter":
        raise ValueError("het begint niet met ---")
    head = tomllib.loads(tokens[0].content)
    return _chapter(name.partition("-")[2], head, read_blocks(text, tokens))


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
        people=tuple(head.get("people", [])),
        blocks=tuple(blocks),
    )
