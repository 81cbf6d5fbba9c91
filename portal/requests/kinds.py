"""The kinds of request of the region, and the fixed sets that they refer to."""

from portal.labelled_enum import LabelledEnum
from portal.region import RequestKind, current_region


class Level(LabelledEnum):
    """The school level that a request is for."""

    PO = "po", "PO"
    VO = "vo", "VO"
    BOTH = "both", "PO en VO"


# A school for (voortgezet) speciaal onderwijs may be either, so its level is asked.
LEVEL_OF_SECTOR = {"po": Level.PO, "vo": Level.VO}


class SubjectKind(LabelledEnum):
    """The parts of the catalogue of subjects."""

    THEME = "theme", "thema"
    ORGANISATION = "organisation", "organisatie"


def list_kinds() -> tuple[RequestKind, ...]:
    """The kinds of request in the order of the pages."""
    return current_region().request_kinds


def get_kind(key: str) -> RequestKind:
    """The kind that is stored as `key`. Raises LookupError where the region does not have it."""
    return {kind.key: kind for kind in list_kinds()}[key]


def find_kind_by_slug(slug: str) -> RequestKind | None:
    return next((kind for kind in list_kinds() if kind.slug == slug), None)
