"""Reads the people in a cell: their names, leave, and whom they stand in for."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from portal.imports.cell_meanings import (
    AROUND,
    DAY,
    EMAIL,
    NUMBER,
    find_emails,
    find_numbers,
    is_about_leave,
    is_vacancy,
    read_date,
    read_days,
    read_last_day,
)
from portal.person_names import INFIXES
from portal.text import clean, clean_line, fold


class Leave(NamedTuple):
    """Leave that stands beside a name."""

    valid_from: date | None
    valid_until: date | None  # exclusive
    substitute: "PersonText | None"
    is_here: bool = False  # only at the school of the row


class PersonText(NamedTuple):
    """A person as a cell writes them."""

    given: str
    infix: str
    family: str
    hints: tuple[str, ...] = ()  # what stands between brackets and is nothing else
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    days: str = ""
    hours: str = ""
    leave: Leave | None = None
    since: date | None = None
    until: date | None = None  # exclusive
    is_vacancy: bool = False
    then_vacancy: bool = False  # after `until`
    unclear: str = ""  # what may be no name: "wordt geworven"

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.given, self.infix, self.family)))


_TITLE = re.compile(
    r"(?<![^\W_])(?:(?:mevrouw|mevr|mw|mvr|dhr|de heer|hr|drs|dr|mr|ir|ing|prof|ms|juf)\b\.?\s+)+", re.IGNORECASE
)
_DEGREE = re.compile(r",? \b(?:MSc|BSc|MA|BA|MEd|PhD|MSW)\b\.?")
_STANDS_IN = re.compile(
    r"\b(?:vervang(?:ing|er|ster|t)?|verv|waarnem(?:er|ing)|waargenomen|inval(?:ler|ster)?)\b\.?"
    r"(?: is| door)?[: ]*", re.IGNORECASE,
)  # fmt: skip
# "Floor Aalders neemt al haar scholen over"
_TAKES_OVER = re.compile(
    r"((?:\b[A-ZÀ-Þ][\w’'-]{1,40}|[A-Z]\.)"
    r"(?: (?:van|de|der|den|ten|ter|el|'t|’t|[A-ZÀ-Þ][\w’'-]{1,40})){1,4})"
    r" (?:neemt|vervangt|valt in|staat|doet)\b"
)
_DATE = r"\d{1,2}[-/. ]\w{1,9}(?:[-/. ]\d{2,4})?"
_SINCE, _UNTIL = r"vanaf|per|sinds|m\.?i\.?v\.?", "t/?m|tot en met|tot"
_SINCE_UNTIL = re.compile(
    rf"(?:\b(?:van|vanaf|per|sinds) (?P<since>[\w/. -]{{3,18}}?)\s?)?"
    rf"(?P<until>\b(?:{_UNTIL}) {_DATE})", re.IGNORECASE,
)  # fmt: skip
_FROM = re.compile(rf"\b(?:{_SINCE}) ({_DATE})", re.IGNORECASE)
_PERIOD_AT_END = re.compile(rf"(?<![ ,])[ ,]+((?:(?:^|\b)(?:{_SINCE}|{_UNTIL}) {_DATE} ?){{1,2}})$", re.IGNORECASE)
_NEXT = re.compile(r"[,;]? (?:daarna|vervolgens|opgevolgd door):? (?=[A-ZÀ-Þ])")
# "Demir - Prins": one word behind a hyphen, after a whole name.
_DOUBLE_NAME = re.compile(r"(?<=[^\W\d_]) - (?=[A-ZÀ-Þ][a-zà-ÿ]+$)")
_KEPT_TOGETHER = re.compile(
    rf"\([^()]*\)|{NUMBER.pattern}|{DAY}(?:[ ,/+&]|\ben\b)+(?:{DAY}(?:[ ,/+&]|\ben\b)*)+|\bv/d\b"
    r"|\bt/m\b", re.IGNORECASE,
)  # fmt: skip
_INITIALS = re.compile(r"[A-Z]\.(?: ?[A-Z]\.)*")
_BETWEEN_PEOPLE = re.compile(r"\n|;|/|\+|&|\|| en ")
_LABEL = re.compile(
    r"\b(?:tel|telefoon|mob|mobiel|bgg|bij geen gehoor|mail|e-mail|nr)\b[.:]{0,2} {0,3}$", re.IGNORECASE
)
_CLAUSE = re.compile(r",| - | – ")
_DAYS_AT_END = re.compile(rf"(?<![ ,])[ ,]++((?:{DAY}(?:[\s,/+&–-]|t/?m|\ben\b){{0,6}}+){{1,7}}+)$", re.IGNORECASE)
# Somebody in the place of another: who of the two is away has to be said.
_FOR_ANOTHER = re.compile(
    r"\b(?:vervangt|i\.?p\.?v|in plaats van|(?:opvolger|vervanger|invaller|waarnemer) (?:van|voor)"
    r"|neemt waar|voorheen|voor [A-ZÀ-Þ]\w*)\b|->|→|=>", re.IGNORECASE,
)  # fmt: skip
_HOURS = re.compile(r"\b\d{1,2}(?:[.,:]\d{1,2})? ?(?:uur|u|fte|dagen|dgn)\b\.?", re.IGNORECASE)
# A second name behind brackets, as in "Sanne de Wit (ma) Joris Bos (di)"; not "J. (Jet) Kooijman".
_BEHIND_BRACKETS = re.compile(r"(?<=[^\W\d_]\))\s+(?=[A-ZÀ-Þ][^\W\d_]+ [^(]{2,40}\()")
_NO_NAME = frozenset([
    "geen", "niemand", "wordt", "worden", "team", "collega", "collegas", "school", "vervanger",
    "vervanging", "coach", "coaches", "nog", "tijdelijk", "intern", "extern", "overleg", "vraag",
    "directie", "diverse", "wisselend", "roulerend", "invaller", "invulling", "volgt", "opgelost",
    "ingevuld", "vervuld", "gezocht", "iedereen", "cjg", "ggd",
    "swv", "nvt", "onbekend", "afdeling", "medewerker", "functie",
])  # fmt: skip
_WHOLE_NAME = re.compile(r"(?:[A-ZÀ-Þ][^\W\d_.]+|(?:[A-ZÀ-Þ]\.)+)(?: [^\d(]{1,40})? [A-ZÀ-Þ][^\d(.]{1,40}")
_SUFFIX = re.compile(r",? \b(?:jr|sr|junior|senior)\b\.?$", re.IGNORECASE)
_INFIX = frozenset(
    {part for infix in INFIXES for part in fold(infix).split()}
    | {"v", "d", "vd", "vdr", "vander", "vande", "s", "van der", "v d"}
)
_NO_CAPITAL = frozenset(["van", "de", "den", "der", "ten", "ter", "te", "vd", "in", "op", "t"])


def read_people(text: str, on: date) -> list[PersonText]:
    """The people in a cell, in its order; what stands on a line of its own below a name belongs to
    that person. Nobody where the cell names none."""
    text = re.sub(r"(?<=\w) +,", ",", clean(text))
    first, *after = _NEXT.split(text)
    if len(after) == 1:  # "Judith Lamers (tot 1-1-2027), daarna Coen Vermaat"
        one, other = read_people(first, on), read_people(after[0], on)
        day = (one and one[-1].until) or (other and other[0].since)
        if day and len(one) == len(other) == 1:
            return [one[0]._replace(until=day), other[0]._replace(since=day)]
    people: list[PersonText] = []
    for part in _split_people(text):
        person = _read_person(part, on)
        if person.name or person.is_vacancy or person.unclear or not people:
            people.append(person)
        else:
            last = people[-1]
            people[-1] = last._replace(
                phones=last.phones + person.phones, emails=last.emails + person.emails,
                days=last.days or person.days, hours=last.hours or person.hours,
                hints=last.hints + person.hints,
            )  # fmt: skip
    if any(person.is_vacancy for person in people):  # "geen vaste; vacature"
        people = [person for person in people if not person.unclear]
    return [person for person in people if person.name or person.is_vacancy or person.unclear]


def _split_people(text: str) -> list[str]:
    masked = _KEPT_TOGETHER.sub(lambda match: "\0" * len(match[0]), text)
    marks = list(_BETWEEN_PEOPLE.finditer(masked))
    starts, ends = [0, *(m.end() for m in marks)], [*(m.start() for m in marks), len(text)]
    parts = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return [
        name
        for part in filter(None, parts)
        for whole in _BEHIND_BRACKETS.split(part)
        for name in _split_at_comma(whole)
    ]


def _split_at_comma(text: str) -> list[str]:
    """Two whole names with a comma between them, also with something between brackets behind them;
    "Berg, Teun van den" is one."""
    names = re.split(r", (?![^(]{0,80}\))", text)
    bare = [re.sub(r" ?\([^()]*\)$", "", name) for name in names]
    are_names = len(names) > 1 and all(map(_WHOLE_NAME.fullmatch, bare))
    return names if are_names else [text]


def _read_person(text: str, on: date) -> PersonText:
    emails = find_emails(text)
    text = EMAIL.sub(" ", text)
    clauses = re.findall(r"\(([^()]*)\)", text)
    bare = re.sub(r"\([^()]*\)", " ", text)
    if period := _PERIOD_AT_END.search(bare.rstrip(" .,")):
        clauses.append(period[1].strip())
        bare = bare[: period.start()]
    numbers = tuple(find_numbers(bare))
    around = [part.strip(" ,.:-") for part in NUMBER.sub("\n", clean_line(bare)).split("\n")]
    bare = _LABEL.sub("", next(filter(None, around), "")).strip(",.: -")  # "06-12345911 Jan Bos"
    first, *rest = (part.strip() for part in _CLAUSE.split(bare))
    if rest and not any(map(_is_clause, rest)):
        first, rest = _DOUBLE_NAME.sub("-", bare), []
    person = PersonText("", "", "", (), numbers, emails, is_vacancy=is_vacancy(first))
    if person.is_vacancy:
        clauses.append(first)
        first = ""
    if ends := _DAYS_AT_END.search(first):
        clauses.append(ends[1])
        first = first[: ends.start()]
    first = _HOURS.sub("", first).strip(" ,")
    given, infix, family = read_name(first)
    if not (given or family) and re.search(r"[^\W\d_]{2}", first):
        person = person._replace(unclear=first)
    for clause in [*rest, *clauses]:
        if numbers := tuple(find_numbers(clause)):
            person = person._replace(phones=person.phones + numbers)
        elif _INITIALS.fullmatch(given) and re.fullmatch(r"[A-ZÀ-Þ][^\W\d]+", clause):
            given = clause  # "J. (Jet) Kooijman"
        else:
            person = _add_clause(person, clause, on)
    return person._replace(given=given, infix=infix, family=family)


def _is_clause(text: str) -> bool:
    return bool(
        is_about_leave(text) or _STANDS_IN.search(text) or _SINCE_UNTIL.search(text)
        or (read_days(text)[0] and not read_days(text)[1]) or is_vacancy(text)
    )  # fmt: skip


def _add_clause(person: PersonText, text: str, on: date) -> PersonText:
    days, hours = read_days(text)
    if person.until and "daarna vacature" in text:
        return person._replace(then_vacancy=True)
    if is_about_leave(text) or _STANDS_IN.search(text):
        earlier = person.leave or Leave(None, None, None)
        told = {name: value for name, value in read_leave(text, on)._asdict().items() if value}
        return person._replace(leave=earlier._replace(**told))
    if found := _SINCE_UNTIL.search(text):
        until = read_last_day(found["until"], on)
        if not until and not re.search(r"\b9999\b", text):
            return person._replace(hints=(*person.hints, text.strip()))
        vacant = re.search(r"\bvacature\b", text, re.IGNORECASE) is not None
        since = read_date(found["since"], on) if found["since"] else person.since
        return person._replace(since=since, until=until, then_vacancy=vacant)
    if (found := _FROM.fullmatch(text.strip())) and (since := read_date(found[1], on)):
        return person._replace(since=since)
    if days and len(hours) < 20:
        return person._replace(days=days, hours=hours)
    return person._replace(hints=(*person.hints, text.strip()))


def find_leave(text: str, on: date) -> Leave | None:
    """`read_leave` where a text is about leave."""
    return read_leave(text, on) if is_about_leave(text) else None


def read_leave(text: str, on: date) -> Leave:
    """The leave that a text tells: "verlof t/m 1-2-2027, vervanging door Floor Aarts"."""
    about, _, name = (_STANDS_IN.sub("\0", text, count=1)).partition("\0")
    if not name and (found := _TAKES_OVER.search(text)):
        name = " ".join([found[1], *find_numbers(text)])
    substitute = _read_person(name.split(",")[0], on) if name.strip() else None
    found = _SINCE_UNTIL.search(text)
    since = (found and found["since"]) or ((match := _FROM.search(about)) and match[1])
    return Leave(
        read_date(since, on) if since else None,
        read_last_day(found["until"], on) if found else None,
        substitute if substitute and substitute.name else None,
        re.search(r"\balleen\b[^,;]*\b(?:school|hier)\b", text, re.IGNORECASE) is not None,
    )


def is_for_another(text: str) -> bool:
    """Whether a cell names somebody in the place of another: "Jan Bos, vervangt Piet Vos"."""
    return bool(_FOR_ANOTHER.search(text))


@lru_cache(maxsize=5_000)
def read_name(text: str, is_sure: bool = False) -> tuple[str, str, str]:
    """The given name, infix and family name: of "Mevr. drs. T.M. van Oosten", "Berg, Teun van den"
    and "van den Berg, Teun"; all "" where there may be no name, unless somebody said that it is."""
    text = _TITLE.sub("", _DEGREE.sub("", clean_line(text)) + " ", count=1).strip(" ,.-*:")
    text = f"{text}." if re.search(r"\b[A-Z]$", text) else text
    text = _SUFFIX.sub("", re.sub(r"^[a-z]{2,6}\. ", "", text))  # "dir. Guus Bos", "Jan Bos jr."
    if not re.search(r"[^\W\d_]{2}", text) or not (is_sure or _is_name(text)):
        return "", "", ""
    if text.islower() or text.isupper():
        text = " ".join(w.lower() if fold(w) in _INFIX else w.title() for w in text.split())
    words = re.sub(r"((?:[A-Z]\.){1,9})(?=[A-Za-zÀ-ÿ]{2})", r"\1 ", text).split()
    if len(words) > 2 and fold(words[-1]) in _INFIX:  # "Berg Teun van den"
        text = f"{words[0]}, {' '.join(words[1:-1])} {words[-1].lower()}"
    if "," in text:
        family, _, given = (part.strip() for part in text.partition(","))
        words = given.replace(",", " ").split()
        lead = _count_infix(family.split(), is_first=True)
        tail = next((at for at in range(1, len(words)) if _is_infix(words[at])), len(words))
        infix = [*(word.lower() for word in family.split()[:lead]), *words[tail:]]
        if words and _is_infix(words[0]):  # "Berg, van den, Teun"
            at = _count_infix(words)
            infix, words, tail = words[:at], words[at:], len(words) - at
        return " ".join(words[:tail]), " ".join(infix), " ".join(family.split()[lead:])
    at = 1
    while at < len(words) - 1 and re.fullmatch(r"(?:[A-Z]\.)+", words[at]):
        at += 1
    if fold(words[0]) in _INFIX and not words[0].endswith("."):  # "dr. El Amrani"
        return "", "", " ".join(words)
    first = next((n for n in range(1, len(words) - 1) if _is_infix(words[n])), None)
    if first is None:
        return " ".join(words[:at]), "", " ".join(words[at:])
    end = first + _count_infix(words[first:-1])
    return " ".join(words[:first]), " ".join(words[first:end]), " ".join(words[end:])


def _is_name(text: str) -> bool:
    """Whether every word begins with a capital, but for infixes, and none is that of a sentence;
    "Sanne de Wit, Joris", with a given name before the family name, is no name of one person."""
    words = [word for word in text.replace(",", " ").split() if not _is_infix(word)]
    family = text.partition(",")[0].split() if "," in text else []
    begins_with_infix = _is_infix(family[0], is_first=True) if family else False
    is_two = not begins_with_infix and any(map(_is_infix, family[1:-1]))
    return (
        bool(words)
        and not re.search(r"[\d:;=<>@]", text)
        and not is_two
        and all(re.sub(r"^[a-z]{1,2}['’]", "", word)[:1].isupper() for word in words)
        and _NO_NAME.isdisjoint(map(fold, words))
    )


def _is_infix(word: str, *, is_first: bool = False) -> bool:
    is_known = fold(word) in _INFIX or word in ("’t", "'t", "v.d.", "v/d")
    return (is_known and not word[:1].isupper()) or (is_first and fold(word) in _NO_CAPITAL)


def _count_infix(words: Sequence[str], *, is_first: bool = False) -> int:
    return next((at for at, word in enumerate(words) if not _is_infix(word, is_first=is_first)), len(words))


_WORD = re.compile(r"[^\W\d_][^\s(),;/&+:]{0,40}:?")


def share(text: str, given_names: Sequence[str]) -> list[str] | None:
    """The part of a text that is about each of these people: "Anaïs ma/di, Bram do/vr", "A: ma",
    "06 12345912 (Anaïs)", or a line for each. None where it does not tell them apart."""
    first_words = [given.split(" ")[0] for given in given_names]
    anchors = []
    for word in _WORD.finditer(text):
        for at, given in enumerate(first_words):
            is_initial = word[0].rstrip(".:") == given[:1] and word[0].endswith(":")
            if given and (word[0].rstrip(":") == given or is_initial):
                anchors.append((*word.span(), at))
    parts = [""] * len(given_names)
    for number, (start, end, at) in enumerate(anchors):
        if text[:start].endswith("("):  # behind what it is about
            parts[at] = text[anchors[number - 1][1] if number else 0 : start]
        else:
            parts[at] = text[end : anchors[number + 1][0] if number + 1 < len(anchors) else None]
    if anchors:
        return [part.strip(AROUND) for part in parts]
    lines = [line for line in re.split(r"\n| / |;", text) if line.strip()]
    return lines if len(lines) == len(given_names) > 1 else None
