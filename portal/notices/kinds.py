"""The kinds of notices, which are stored and stand in addresses."""

from enum import Enum
from typing import Self

from portal.labelled_enum import LabelledEnum


class Subject(Enum):
    """The subject of a notice: its form begins with it."""

    PERSON = "person"
    POST = "post"  # a role at schools
    ORGANISATION = "organisation"


class NoticeKind(LabelledEnum):
    """A kind of notice, with what its form asks."""

    about: str  # when to choose it
    subject: Subject
    day_label: str
    last_day_label: str  # "": a notice of this kind has no last day

    # mypy takes a look-up such as NoticeKind("vertrek") for this call, hence the defaults.
    def __new__(
        cls, value: str, label: str = "", about: str = "",
        subject: Subject = Subject.ORGANISATION, day_label: str = "", last_day_label: str = "",
    ) -> Self:  # fmt: skip
        member = str.__new__(cls, value)
        member._value_ = value
        member.label, member.about, member.subject = label, about, subject
        member.day_label, member.last_day_label = day_label, last_day_label
        return member

    TAKEOVER = (
        "opvolging", "Opvolging", "Iemand neemt scholen over van een collega.",
        Subject.PERSON, "Eerste dag van de opvolger",
    )  # fmt: skip
    ARRIVAL = (
        "nieuwe-collega", "Nieuwe collega", "Iemand begint op een of meer scholen.",
        Subject.POST, "Eerste werkdag",
    )  # fmt: skip
    DEPARTURE = ("vertrek", "Vertrek", "Iemand stopt en draagt alle scholen over.", Subject.PERSON, "Laatste werkdag")
    MOVE = (
        "andere-organisatie", "Andere organisatie",
        "Iemand gaat bij een andere organisatie werken.",
        Subject.PERSON, "Eerste dag bij de nieuwe organisatie",
    )  # fmt: skip
    ABSENCE = (
        "afwezigheid", "Afwezigheid", "Iemand is een tijd weg, met of zonder vervanger.",
        Subject.PERSON, "Eerste dag", "Laatste dag (leeg als je die nog niet weet)",
    )  # fmt: skip
    DETAILS = (
        "contactgegevens", "Nieuwe contactgegevens",
        "Iemand krijgt een ander nummer of e-mailadres.", Subject.PERSON, "Eerste dag",
    )  # fmt: skip
    VACANCY = (
        "vacature", "Vacature", "Een plek op een of meer scholen is niet gevuld.",
        Subject.POST, "Eerste dag", "Laatste dag (leeg als je die nog niet weet)",
    )  # fmt: skip
    ORGANISATION = (
        "organisatie", "Verandering in de organisatie",
        "Bijvoorbeeld een verhuizing, een nieuwe naam of andere openingstijden.",
        Subject.ORGANISATION, "Eerste dag",
    )  # fmt: skip
    NEWS = ("nieuws", "Ander nieuws", "Iets anders dat de kernteams moeten weten.", Subject.ORGANISATION, "Eerste dag")
    DIVISION = (
        "verdeling", "Nieuwe verdeling", "Wie op welke school werkt, voor een hele organisatie.",
        Subject.POST, "Eerste dag",
    )  # fmt: skip


# The kinds whose form is offered; a division comes from a page of its own.
TYPED = tuple(kind for kind in NoticeKind if kind is not NoticeKind.DIVISION)
