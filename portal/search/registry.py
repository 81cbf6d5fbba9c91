"""Pages of features that the one search box finds as well.

A feature registers a kind of page; the index asks it what can be found, the finder what to show.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from portal.search.index import Document


class PageRow(NamedTuple):
    """A page as a line of the results: `endpoint` and `values` make its address."""

    title: str
    about: str
    endpoint: str
    values: dict[str, Any]


class PageKind(NamedTuple):
    """A kind of page. `documents` gives what it can be found by, `find` a row for each of these
    refs that is still there."""

    name: str
    documents: Callable[[], Iterable[Document]]
    find: Callable[[Collection[str]], dict[str, PageRow]]


_kinds: dict[str, PageKind] = {}


def register_pages(kind: PageKind) -> None:
    """Let pages of this kind be found, after those of kinds that were there before."""
    _kinds[kind.name] = kind


def page_kinds() -> list[PageKind]:
    """The registered kinds, in their order."""
    return list(_kinds.values())
