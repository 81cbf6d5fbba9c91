"""The chapters of the routeboek: texts with front matter, read from `seeds/routeboek/`.

`load_chapters` is the only way to them, so that one day they may come from somewhere else.
"""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from portal.config import ROOT

FOLDER = ROOT / "seeds" / "routeboek"
SECTORS = {"po": "basisonderwijs (PO)", "vo": "voortgezet onderwijs (VO)"}

TEXT, CONFIRM, CONTACTS = "text", "te bevestigen", "contacten"
_FENCE = re.compile(r"^::: ?(.*)$")


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


@cache
def load_chapters(folder: Path = FOLDER) -> tuple[Chapter, ...]:
    """All chapters in their order. Raises ChapterError for one that is not right."""
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
    _, head, body = ["", "", "", *path.read_text("utf-8").split("+++\n", 2)][-3:]
    try:
        return _chapter(path.stem.partition("-")[2], tomllib.loads(head), body)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ChapterError(f"{path.name}: het begin is niet goed ({error}).") from error


def _chapter(slug: str, head: dict[str, Any], body: str) -> Chapter:
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
        blocks=tuple(_blocks(slug, body)),
    )


def _blocks(slug: str, body: str) -> list[Block]:
    """A text in pieces. A line `::: po`, `::: te bevestigen` or `::: contacten cjg-coach` begins
    a piece of that kind; `:::` ends it."""
    found: list[Block] = []
    opened = ""
    lines: list[str] = []

    def close() -> None:
        text = "\n".join(lines).strip()
        lines.clear()
        if opened.startswith(CONTACTS):
            found.append(Block(CONTACTS, "", roles=tuple(opened.split()[1:])))
        elif text:
            kind = CONFIRM if opened == CONFIRM else TEXT
            found.append(Block(kind, text, sector=opened if opened in SECTORS else ""))

    for line in body.splitlines():
        if not (fence := _FENCE.match(line)):
            lines.append(line)
            continue
        kind = fence[1].strip()
        if bool(kind) == bool(opened):
            raise ChapterError(f"{slug}: een blok met ::: begint of eindigt niet goed.")
        if kind and kind not in (*SECTORS, CONFIRM) and kind.split()[0] != CONTACTS:
            raise ChapterError(f"{slug}: ::: {kind} kennen we niet.")
        close()
        opened = kind
    if opened:
        raise ChapterError(f"{slug}: ::: {opened} eindigt niet.")
    close()
    return found
