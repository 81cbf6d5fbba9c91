"""The registry of searchable pages: features register the pages that the search box also finds."""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

from portal.search.index import Document


class PageRow(NamedTuple):
    """A found page; `endpoint` and `values` make its address."""

    label: str  # of its kind
    title: str
    about: str
    endpoint: str
    values: dict[str, Any]


class PageKind(NamedTuple):
    """A kind of page: `documents` lists its documents for the index, `find` gives the page of each
    of these refs that still exists."""

    name: str
    documents: Callable[[], Iterable[Document]]
    find: Callable[[Collection[str]], dict[str, PageRow]]


_kinds: dict[str, PageKind] = {}


def register_pages(kind: PageKind) -> None:
    """Add a kind of page; results list the kinds in the order of registration."""
    _kinds[kind.name] = kind


def list_page_kinds() -> list[PageKind]:
    """The registered kinds, in their order."""
    return list(_kinds.values())
