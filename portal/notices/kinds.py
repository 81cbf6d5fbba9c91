"""The kinds of notices, which are stored and stand in addresses, and the title of a notice: what
happens, and at how many schools."""

from collections.abc import Collection, Iterable
from enum import Enum
from typing import Self

from portal.directory.schools_and_kernen import count_workplaces
from portal.labelled_enum import LabelledEnum
from portal.web.formatting import count


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
    DEPARTURE = (
        "vertrek", "Vertrek", "Iemand stopt en draagt alle scholen over.",
        Subject.PERSON, "Laatste werkdag",
    )  # fmt: skip
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
    NEWS = (
        "nieuws", "Ander nieuws", "Iets anders dat de kernteams moeten weten.",
        Subject.ORGANISATION, "Eerste dag",
    )  # fmt: skip
    DIVISION = (
        "verdeling", "Nieuwe verdeling", "Wie op welke school werkt, voor een hele organisatie.",
        Subject.POST, "Eerste dag",
    )  # fmt: skip


# The kinds whose form is offered; a division comes from a page of its own.
TYPED = tuple(kind for kind in NoticeKind if kind is not NoticeKind.DIVISION)


# The title without, and with one other person for all schools.
_TITLES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.TAKEOVER: (
        "{person} draagt scholen over", "{name} neemt {schools} over van {person}",
    ),
    NoticeKind.DEPARTURE: ("{person} vertrekt", "{person} vertrekt, {name} volgt op"),
    NoticeKind.MOVE: (
        "{person} gaat werken bij {organisation}",
        "{person} gaat werken bij {organisation}, {name} volgt op",
    ),
    NoticeKind.ABSENCE: ("{person} is afwezig", "{person} is afwezig, {name} vervangt"),
    NoticeKind.ARRIVAL: ("{names} begint als {role} op {schools}",) * 2,
    NoticeKind.DETAILS: ("{person} heeft nieuwe contactgegevens",) * 2,
    NoticeKind.VACANCY: ("Vacature: {role} op {schools}",) * 2,
    NoticeKind.ORGANISATION: ("Verandering bij {organisation}",) * 2,
    NoticeKind.NEWS: ("Nieuws van {organisation}",) * 2,
    NoticeKind.DIVISION: (
        "Nieuwe verdeling van {organisation} per {day}: {people}, {schools}",
    ) * 2,
}  # fmt: skip
_WITH_POSTS = (NoticeKind.TAKEOVER, NoticeKind.DEPARTURE, NoticeKind.MOVE, NoticeKind.ABSENCE)


def make_title(
    kind: NoticeKind, filled: Iterable[tuple[str, str]], schools: Collection[str],
    *, person: str = "", role: str = "", organisation: str = "", day: str = "",
) -> str:  # fmt: skip
    """The title of a notice about these schools (codes), of which some are `filled`: pairs of who
    comes there (name) and the school."""
    at: dict[str, set[str]] = {}
    for name, school in filled:
        at.setdefault(name, set()).add(school)
    unfilled = set(schools) - {school for codes in at.values() for school in codes}
    names = list(at)
    words = {
        "person": person, "role": role, "organisation": organisation,
        "name": names[0] if names else "", "names": " en ".join(names) or "Iemand",
        "schools": count_workplaces(set(schools)),
        "people": count(len(names), "persoon", "mensen"), "day": day,
    }  # fmt: skip
    alone, with_one = _TITLES[kind]
    if len(names) > 1 and kind is NoticeKind.ARRIVAL:
        alone = alone.replace("begint", "beginnen")
    if kind not in _WITH_POSTS or not schools:
        return alone.format(**words)
    if len(names) == 1 and not unfilled and names != [person]:
        return with_one.format(**words)
    groups = [(codes, name) for name, codes in at.items()]
    groups += [(unfilled, "nog niemand")] if unfilled else []
    parts: list[str] = []
    for codes, who in groups:
        number = len(codes)
        verb = "blijft bij" if who == person else "krijgt" if number == 1 else "krijgen"
        verb = verb.replace("blijft", "blijven") if number > 1 else verb
        parts.append(f"{number if parts else count_workplaces(codes)} {verb} {who}")
    return f"{alone.format(**words)}; {', '.join(parts)}"
