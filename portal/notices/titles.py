"""The title of a notice: what happens, and at how many schools."""

from collections.abc import Collection, Iterable

from portal.directory.schools_and_kernen import count_workplaces
from portal.notices.kinds import NoticeKind
from portal.web.formatting import count

# The title without, and with one other person for all schools.
_TITLES: dict[NoticeKind, tuple[str, str]] = {
    NoticeKind.TAKEOVER: ("{person} draagt scholen over", "{name} neemt {schools} over van {person}"),
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
    NoticeKind.DIVISION: ("Nieuwe verdeling van {organisation} per {day}: {people}, {schools}",) * 2,
}
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
