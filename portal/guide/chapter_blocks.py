"""The blocks of a chapter: passages for one sector or to be confirmed, and places for contacts.

A block is a container of the chapter's Markdown (`::: po`, `::: te bevestigen`, `::: contacten`
with roles, `::: instelling` with a key, `::: afvinken` with a list, `::: uitklap` with a heading;
each up to `:::`), or the text between two of them.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from portal.directory.models import SettingKey

if TYPE_CHECKING:
    from markdown_it.token import Token

SECTORS = {"po": "basisonderwijs (PO)", "vo": "voortgezet onderwijs (VO)"}
_FENCE = ":::"


class BlockKind(StrEnum):
    """The kinds of blocks; but for text, as a chapter names them behind `:::`."""

    TEXT = "text"
    TO_CONFIRM = "te bevestigen"
    CONTACTS = "contacten"
    SETTING = "instelling"
    CHECKLIST = "afvinken"
    FOLDED = "uitklap"


class Block(NamedTuple):
    """A part of a chapter: text, something to confirm, a list to tick, or a place for live contacts
    or for a number that a coordinator types."""

    kind: BlockKind
    text: str  # Markdown; contacts have none
    sector: str = ""  # "": for every school
    roles: tuple[str, ...] = ()  # the roles (keys) whose contact points it shows
    heading: str = ""  # of what opens on a click
    setting: SettingKey | None = None  # the number that it shows; `text` where that is unknown


def read_blocks(text: str, tokens: "list[Token]") -> Iterator[Block]:
    """The blocks of a file with this text and these tokens, of which the first is its front matter.
    Raises ValueError for a container that is unknown or does not end."""
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
    name, *keys = kind.split() or [""]
    if name == BlockKind.CONTACTS and keys:
        yield Block(BlockKind.CONTACTS, "", roles=tuple(keys))
    elif name == BlockKind.SETTING:
        yield Block(BlockKind.SETTING, text, setting=SettingKey(" ".join(keys)))
    elif name == BlockKind.FOLDED and keys:
        yield Block(BlockKind.FOLDED, text, heading=" ".join(keys))
    elif kind not in ("", BlockKind.TO_CONFIRM, BlockKind.CHECKLIST, *SECTORS):
        raise ValueError(f"{_FENCE} {kind} kennen we niet")
    elif text and kind in SECTORS:
        yield Block(BlockKind.TEXT, text, sector=kind)
    elif text:
        yield Block(BlockKind(kind or BlockKind.TEXT), text)
