"""The ways to ask, as the handreiking has them, and which questions each puts.

Professionaliseren, juni 2021: “Samen professionaliseren!”, “Nog geen kernteam of een nieuwe
impuls nodig?”; Routeboek jan. 2024, “Factsheet gebruik/doel verwijsindex”.
"""

from typing import NamedTuple

Choices = tuple[tuple[str, str], ...]

THEME = "theme"
ORGANISATION = "organisation"
INTERVISIE = "intervisie"
START = "start"
VERWIJSINDEX = "verwijsindex"

_SESSION = ("deelnemers", "wanneer", "wens", "contact")


class Kind(NamedTuple):
    """A way to ask. `name` is short, for subjects and lists; `title` is the page's."""

    key: str
    slug: str
    name: str
    title: str
    about: str
    questions: tuple[str, ...]  # in the order of the page, at most eight
    subjects: str = ""  # which part of the catalogue one chooses from


KINDS = (
    Kind(
        THEME, "thema", "Thema",
        "Een sessie over een thema",
        "Samen leren over een onderwerp, zoals de meldcode of hoogbegaafdheid.",
        ("onderwerp", "school", "in_huis", *_SESSION),
        subjects="theme",
    ),
    Kind(
        ORGANISATION, "organisatie", "Organisatie",
        "Kennismaken met een organisatie",
        "De wijkagent, Veilig Thuis of een ander komt vertellen wat ze doen.",
        ("onderwerp", "school", *_SESSION),
        subjects="organisation",
    ),
    Kind(
        INTERVISIE, "intervisie", "Intervisie",
        "Intervisie met je kernteam",
        "Samen terugkijken op een casus of op de samenwerking, als je wilt met begeleiding.",
        ("vorm", "waarover", "school", *_SESSION),
    ),
    Kind(
        START, "kernteam", "Start of nieuwe impuls",
        "Een kernteam starten of een nieuwe impuls",
        "Voor een school zonder kernteam, na veel wisselingen, of om even te sparren.",
        ("reden", "school", *_SESSION),
    ),
    Kind(
        VERWIJSINDEX, "verwijsindex", "Verwijsindex",
        "Een account voor de Verwijsindex",
        "Een eigen account aanvragen om signalen te kunnen geven.",
        ("school", "van_de_school", "contact"),
    ),
)  # fmt: skip

KINDS_BY_KEY = {kind.key: kind for kind in KINDS}
KINDS_BY_SLUG = {kind.slug: kind for kind in KINDS}

# Professionaliseren, juni 2021, “INTERVISIE” and the list beside it.
FORMS: Choices = (
    ("eigen", "Met ons eigen kernteam"),
    ("mlb", "Een MLB (methodische leerbijeenkomst) onder begeleiding"),
)
ABOUT: Choices = (("casus", "Rond casuïstiek"), ("samenwerking", "Rond samenwerking"))
# “Nog geen kernteam of een nieuwe impuls nodig?”
REASONS: Choices = (
    ("geen", "We hebben nog geen kernteam"),
    ("wisselingen", "Er zijn veel wisselingen geweest"),
    ("sparren", "We willen sparren over de voortgang"),
)
LEVELS: Choices = (
    ("po", "Primair onderwijs (PO)"),
    ("vo", "Voortgezet onderwijs (VO)"),
    ("both", "PO en VO samen"),
)
LEVEL_NAMES = {"po": "PO", "vo": "VO", "both": "PO en VO"}
