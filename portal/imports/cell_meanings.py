"""Reads what people write in a cell: numbers, addresses, days and dates."""

import re
from datetime import date, timedelta
from functools import lru_cache

from portal import email_addresses, phones
from portal.text import clean_line, fold
from portal.typed_days import read_day
from portal.web.formatting import WEEKDAYS

# ---- Words that stand for something else ---------------------------------------------------------

_EMPTY = frozenset(["", "nvt", "geen", "x", "leeg", "0"])
_DITTO = frozenset(["idem", "id", "zelfde", "dezelfde", "ditto", "zie boven", "zie hierboven", "als boven"])
_UNKNOWN = frozenset([
    "nnb", "nog niet bekend", "nog onbekend", "onbekend", "volgt", "volgt nog", "ntb", "nnt", "tba",
    "nader te bepalen", "nog te bepalen", "pm", "nog bekend te maken",
])  # fmt: skip
NOT_THERE = frozenset(["vrij", "roostervrij", "afwezig", "kantoor", "thuis", "thuiswerken"])
NO_DAY = frozenset([
    "per direct", "direct", "nu", "heden", "zsm", "lopend", "onbepaald", "onbepaalde tijd",
    "doorlopend", "geen einddatum", "vast",
])  # fmt: skip
_TICK = re.compile(r"x|v|1|ja|√|✓|✔|•", re.IGNORECASE)
_LEAVE = re.compile(r"verlof|\bziek|afwezig", re.IGNORECASE)
_VACANT = re.compile(r"\(?(?:vacature|vacant|vac)\b", re.IGNORECASE)
DESK = re.compile(
    r"\b(?:centra(?:al|le)|algemeen|secretariaat|front ?office|balie|helpdesk|receptie|loket"
    r"|telefoonnummer|nummer|bureau|meldpunt|info)\b", re.IGNORECASE,
)  # fmt: skip


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: "-", "n.v.t.", an error of the spreadsheet."""
    return text.startswith("#") or (text != "?" and '"' not in text and fold(text) in _EMPTY)


@lru_cache(maxsize=5_000)
def is_ditto(text: str) -> bool:
    """Whether a cell says that the same stands above: "idem", a quotation mark."""
    return fold(text) in _DITTO or bool(re.fullmatch(r"[\"'”„“″〃,’]{1,2}", text.strip()))


def is_tick(text: str) -> bool:
    """Whether a cell is a cross or tick."""
    return bool(_TICK.fullmatch(text.strip()))


def is_unknown(text: str) -> bool:
    """Whether a cell says that nobody knows yet: "N.n.b."."""
    return text == "?" or fold(text) in _UNKNOWN


def is_vacancy(text: str) -> bool:
    """Whether a cell says that a post is open: "VACATURE", "vacature per 1 jan"."""
    return bool(_VACANT.match(text.strip()))


def is_about_leave(text: str) -> bool:
    """Whether a text says that somebody is absent: "i.v.m. zwangerschapsverlof"."""
    return bool(_LEAVE.search(text))


# ---- Numbers and addresses -----------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\w.])[+(]?\d[\d ()./\u2011–—-]{6,40}\d(?:\.0)?(?!\w)|\b14 ?0\d{2,3}\b")
EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,5}")


@lru_cache(maxsize=5_000)
def read_number(text: str) -> str:
    """A telephone number as it is stored, with a zero that a spreadsheet lost; "" where it is none:
    "612345911", "31612345911" and "0031 6 12345911" are "+31612345911"."""
    text = re.sub(r"\.0$", "", text.strip())
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        text = f"0{digits}"
    elif re.fullmatch(r"31[1-9]\d{8}", digits):
        text = f"+{digits}"
    elif re.fullmatch(r"0[1-9]\d{8}", digits):
        text = digits
    return phones.normalise(text) if phones.is_number(text) else ""


def find_numbers(text: str) -> list[str]:
    """The telephone numbers in a text, as they are stored, each once."""
    numbers = [number for run in NUMBER.findall(text) for number in _read_run(run)]
    return list(dict.fromkeys(numbers))


def without_numbers(text: str) -> str:
    """A text without what looks like a telephone number."""
    return NUMBER.sub("", text)


def _read_run(run: str) -> list[str]:
    """The numbers in a run of digits and marks: one, or two behind each other."""
    run = run.replace("(0)", "")
    whole = read_number(run) if len(re.sub(r"\D", "", run)) <= 13 else ""
    for at in [] if whole else [match.start() for match in re.finditer(r"[/ ]", run)]:
        both = [read_number(run[:at].strip(" /-")), read_number(run[at:].strip(" /-"))]
        if all(both):
            return both
    return [whole] if whole else []


@lru_cache(maxsize=5_000)
def find_emails(text: str) -> tuple[str, ...]:
    """The mail addresses in a text, in lower case."""
    found: dict[str, None] = {}
    for address in EMAIL.findall(text):
        try:
            found[email_addresses.normalise(address.strip(".'")).lower()] = None
        except ValueError:
            continue
    return tuple(found)


# ---- Days of the week ----------------------------------------------------------------------------

DAY = (
    r"(?<![^\W\d_])(ma|di|wo|do|vr|za|zo)(?:andag|nsdag|ensdag|nderdag|ij(?:dag)?|terdag|ndag)?s?"
    r"(?=$|[^a-zà-ÿ]|ochtend|middag|morgen|avond)\.?"
)
_PART = r" ?\(?(ochtend|middag|morgen|avond)(?:en|s)?\)?"
_RANGE = re.compile(rf"{DAY}\s*(?:t/?m|tot en met|tot|-|–|—)\s*{DAY}", re.IGNORECASE)
_SINGLE = re.compile(rf"{DAY}(?:{_PART})?", re.IGNORECASE)
_EVERY = re.compile(r"\b(?:alle (?:werk)?dagen|elke (?:werk)?dag|werkdagen|dagelijks|hele week|fulltime)\b", re.I)
_NOT = re.compile(rf"\b(?:niet|behalve|geen)(?: op)?(?: de)? {DAY}", re.IGNORECASE)
AROUND = " \n\t,;/+&().:-–"


@lru_cache(maxsize=5_000)
def read_days(text: str) -> tuple[str, str]:
    """The working days in a text as ISO weekdays, and what it says about the hours: "35" and "wo
    ochtend" for "wo(ochtend), vrij"."""
    days: set[int] = set()
    never = {_number(name) for name in _NOT.findall(text)}
    rest = _NOT.sub(" ", text)
    if _EVERY.search(rest) or (never and not _SINGLE.search(rest)):
        days.update(range(1, 6))
        rest = _EVERY.sub(" ", rest)
    for first, last in _RANGE.findall(rest):
        days.update(range(_number(first), _number(last) + 1))
    rest = _RANGE.sub(" ", rest)
    singles = _SINGLE.findall(rest)
    days.update(_number(name) for name, _ in singles)
    rest = re.sub(r"(?:[\s,;/+&]|\ben\b|\bop\b)+", " ", f" {_SINGLE.sub(' ', rest)} ")
    parts = [f"{name} {part}".lower() for name, part in singles if part]
    hours = ", ".join(filter(None, [*parts, rest.strip(AROUND)]))
    return "".join(str(day) for day in sorted(days - never)), hours


def _number(name: str) -> int:
    """The ISO weekday of "ma"."""
    return WEEKDAYS.index(name.lower()) + 1


def is_only_days(text: str) -> bool:
    """Whether a text tells days of the week and nothing else."""
    days, hours = read_days(text)
    return bool(days) and re.fullmatch(r"(?:(?:, )?\w\w [a-z]{5,7})*", hours) is not None


# ---- Dates ---------------------------------------------------------------------------------------

_EPOCH = date(1899, 12, 30)  # of the serial numbers of spreadsheets
_BEFORE_DAY = re.compile(
    r"^(?:per|vanaf|met ingang van|m\.?i\.?v\.?|ingaande|start|sinds|tot en met|t/?m|tot)\s+", re.I
)
_NO_YEAR = re.compile(r"(\d{1,2})[-/. ]{1,2}(\d{1,2}|[a-z]{3,9})\.?", re.IGNORECASE)
_MONTH_ONLY = re.compile(r"[a-z]{3,9}\.? \d{4}", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2,4})")


def find_slashed(text: str) -> tuple[int, int] | None:
    """The first two numbers of "8/1/2026", of which either may be the day."""
    found = _SLASHED.fullmatch(text.strip())
    return (int(found[1]), int(found[2])) if found else None


@lru_cache(maxsize=5_000)
def read_date(text: str, on: date, month_first: bool = False) -> date | None:
    """The day of this century that a cell means; without a year the one next to the day `on`; also
    the serial number of a spreadsheet. None where it means none."""
    text = _BEFORE_DAY.sub("", clean_line(text)).rstrip(".,")
    if month_first and (found := _SLASHED.fullmatch(text)):
        text = f"{found[2]}-{found[1]}-{found[3]}"
    if _MONTH_ONLY.fullmatch(text):
        text = f"1 {text}"
    if re.fullmatch(r"\d{5}(?:\.0)?", text):
        days: list[date | None] = [_EPOCH + timedelta(days=int(float(text)))]
    elif found := _NO_YEAR.fullmatch(text):
        years = (on.year - 1, on.year, on.year + 1)
        days = [_read_whole(f"{found[1]}-{found[2]}-{year}") for year in years]
    else:
        days = [_read_whole(text)]
    known = [day for day in days if day and 2000 <= day.year < 2100]
    return min(known, key=lambda day: abs(day - on), default=None)


def _read_whole(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


def read_last_day(text: str, on: date, month_first: bool = False) -> date | None:
    """The day after the last one (exclusive) of "t/m 31-8" and "tot 1-1-2027". "Tot" the last day
    of a month includes that day, as people mean it."""
    day = read_date(text, on, month_first)
    if day is None:
        return None
    after = day + timedelta(days=1)
    is_exclusive = re.match(r"\s*tot\s(?!en met)", text, re.IGNORECASE) and after.day != 1
    return day if is_exclusive else after
