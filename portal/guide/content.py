"""The content of the guide: chapters, glossary and tools, read once from the region's folder."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from portal.config import SettingError
from portal.guide.attendance_rules import read_thresholds
from portal.guide.chapters import Chapter, list_files, read_chapter
from portal.guide.glossary import Term, read_terms
from portal.guide.tools import ATTENDANCE, ENDPOINTS, POSTER, Tool, read_tool
from portal.region import current_region

Read = TypeVar("Read")


class GuideError(SettingError):
    """A file of the guide that cannot be read: one Dutch sentence that names it."""


class Content(NamedTuple):
    """The guide of a region."""

    chapters: tuple[Chapter, ...]
    terms: tuple[Term, ...]  # by the alphabet
    tools: Mapping[str, Tool]  # those that are switched on, by slug

    def find_chapter(self, slug: str) -> Chapter | None:
        """The chapter with this name in its address."""
        return next((chapter for chapter in self.chapters if chapter.slug == slug), None)

    def neighbours(self, chapter: Chapter) -> tuple[Chapter | None, Chapter | None]:
        """The chapters before and after this one."""
        at = self.chapters.index(chapter)
        before = self.chapters[at - 1] if at else None
        return before, (self.chapters[at + 1] if at + 1 < len(self.chapters) else None)


def current_content() -> Content:
    """The content of the region that this process serves. Raises GuideError."""
    region = current_region()
    return load_content(region.folder / "guide", region.tools)


def read_tool_title(slug: str) -> str:
    """The title of a tool of the region, for the links to it, without the rest of the guide. Raises GuideError."""
    folder = current_region().folder / "guide"
    return _read(folder, folder / "tools" / f"{slug}.toml", lambda _, text: str(tomllib.loads(text)["title"]))


def _read(folder: Path, path: Path, reader: Callable[[str, str], Read]) -> Read:
    """Pass the name of a file of the guide in `folder`, without suffix, and its text to `reader`."""
    where = f"seeds/{folder.parent.name}/{path.relative_to(folder.parent)}"
    try:
        return reader(path.stem, path.read_text("utf-8"))
    except OSError:
        raise GuideError(f"{where}: dit bestand is er niet, of je mag het niet lezen.") from None
    except KeyError as error:
        raise GuideError(f"{where}: {error} ontbreekt, of is verkeerd gespeld.") from error
    except (TypeError, ValueError) as error:
        raise GuideError(f"{where}: dit bestand is niet goed: {error}.") from error


@cache
def load_content(folder: Path, tools: frozenset[str]) -> Content:
    """The content in `folder`, with these tools (slugs).

    Raises GuideError for a file that is missing or invalid.
    """
    if unknown := tools - {*ENDPOINTS, POSTER}:
        raise GuideError(f"tools: {min(unknown)} kennen we niet.")

    read = partial(_read, folder)

    def read_tables(slug: str, text: str) -> Tool:
        values = tomllib.loads(text)
        if slug == ATTENDANCE:
            values["thresholds"] = read(
                folder / "attendance_thresholds.toml", lambda _, text: read_thresholds(tomllib.loads(text))
            )
        return read_tool(slug, values)

    return Content(
        tuple(read(path, read_chapter) for path in list_files(folder)),
        read(folder / "terms.toml", lambda _, text: read_terms(tomllib.loads(text))),
        {slug: read(folder / "tools" / f"{slug}.toml", read_tables) for slug in ENDPOINTS if slug in tools},
    )
