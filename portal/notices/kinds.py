"""The kinds of notices, and what each of them asks."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of notice as people choose it."""

    label: str
    about: str  # when to choose it
    who: str  # "person": about somebody; "post": about a role at schools; "organisation"
    day: str  # what its day is called in the form
    last_day: str = ""  # the same for its last day, where it has one


TAKEOVER = "opvolging"
ARRIVAL = "nieuwe-collega"
DEPARTURE = "vertrek"
ABSENCE = "afwezigheid"
DETAILS = "contactgegevens"
VACANCY = "vacature"
ORGANISATION = "organisatie"
NEWS = "nieuws"

KINDS = {
    TAKEOVER: Kind(
        "Opvolging", "Iemand neemt scholen over van een collega.", "person",
        "Eerste dag van de opvolger",
    ),
    ARRIVAL: Kind(
        "Nieuwe collega", "Iemand begint op een of meer scholen.", "post", "Eerste werkdag"
    ),
    DEPARTURE: Kind(
        "Vertrek", "Iemand stopt en draagt alle scholen over.", "person", "Laatste werkdag"
    ),
    ABSENCE: Kind(
        "Afwezigheid", "Iemand is een tijd weg, met of zonder vervanger.", "person",
        "Eerste dag", "Laatste dag (leeg als je die nog niet weet)",
    ),
    DETAILS: Kind(
        "Nieuwe contactgegevens", "Iemand krijgt een ander nummer of e-mailadres.", "person",
        "Eerste dag",
    ),
    VACANCY: Kind(
        "Vacature", "Een plek op een of meer scholen is niet gevuld.", "post",
        "Eerste dag", "Laatste dag (leeg als je die nog niet weet)",
    ),
    ORGANISATION: Kind(
        "Verandering in de organisatie", "Bijvoorbeeld een verhuizing, een nieuwe naam of andere "
        "openingstijden.", "organisation", "Eerste dag",
    ),
    NEWS: Kind(
        "Ander nieuws", "Iets anders dat de kernteams moeten weten.", "organisation", "Eerste dag"
    ),
}  # fmt: skip
