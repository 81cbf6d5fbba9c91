"""The kinds of request, as the handreiking has them, and the school levels that they are for.

Sources: Professionaliseren, juni 2021, “Samen professionaliseren!” and “Nog geen kernteam of een
nieuwe impuls nodig?”; Routeboek jan. 2024, “Factsheet gebruik/doel verwijsindex”.
"""

from enum import StrEnum
from typing import Self

from portal.labelled_enum import LabelledEnum


class Kind(StrEnum):
    """A kind of request. `label` is for subject lines and lists, `heading` for its form."""

    slug: str
    label: str
    heading: str
    about: str

    # mypy takes a look-up such as Kind("theme") for this call, hence the defaults.
    def __new__(
        cls, value: str, slug: str = "", label: str = "", heading: str = "", about: str = ""
    ) -> Self:
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.slug = slug
        kind.label = label
        kind.heading = heading
        kind.about = about
        return kind

    THEME = (
        "theme", "thema", "Thema",
        "Een sessie over een thema",
        "Samen leren over een onderwerp, zoals de meldcode of hoogbegaafdheid.",
    )  # fmt: skip
    ORGANISATION = (
        "organisation", "organisatie", "Organisatie",
        "Kennismaken met een organisatie",
        "De wijkagent, Veilig Thuis of een ander komt vertellen wat ze doen.",
    )  # fmt: skip
    INTERVISIE = (
        "intervisie", "intervisie", "Intervisie",
        "Intervisie met je kernteam",
        "Samen terugkijken op een casus of op de samenwerking, als je wilt met begeleiding.",
    )  # fmt: skip
    START = (
        "start", "kernteam", "Start of nieuwe impuls",
        "Een kernteam starten of een nieuwe impuls",
        "Voor een school zonder kernteam, na veel wisselingen, of om even te sparren.",
    )  # fmt: skip
    VERWIJSINDEX = (
        "verwijsindex", "verwijsindex", "Verwijsindex",
        "Een account voor de Verwijsindex",
        "Een eigen account aanvragen om signalen te kunnen geven.",
    )  # fmt: skip


KINDS_BY_SLUG = {kind.slug: kind for kind in Kind}


# The kinds whose subject is chosen from the catalogue.
WITH_SUBJECT = (Kind.THEME, Kind.ORGANISATION)


class Level(LabelledEnum):
    """The school level that a request is for."""

    PO = "po", "PO"
    VO = "vo", "VO"
    BOTH = "both", "PO en VO"


# A school for (voortgezet) speciaal onderwijs may be either, so its level is asked.
LEVEL_OF_SECTOR = {"po": Level.PO, "vo": Level.VO}
