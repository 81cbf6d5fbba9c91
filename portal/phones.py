"""Telephone numbers: stored as E.164, shown in groups of digits, linked with `tel:`; and how to type one.

Numbers that work inside the Netherlands only (0900 1234, 14 020) have no E.164 and stay text.
"""

import re
from functools import lru_cache

import phonenumbers

HOW_TO_TYPE = "Vul een telefoonnummer in, zoals 023 123 45 67."
_REGION = "NL"
_DIALLED_FROM_ABROAD = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.UAN,  # 088
)

_SHARED_LINES = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.UAN,  # 088, 14 020
    phonenumbers.PhoneNumberType.TOLL_FREE,  # 0800
    phonenumbers.PhoneNumberType.PREMIUM_RATE,  # 0900
    phonenumbers.PhoneNumberType.SHARED_COST,
)

_E164 = re.compile(r"\+\d+")
_LETTER = re.compile(r"[^\W\d_]")
_SEVERAL = re.compile(r"/|;|,|\bof\b|\ben\b")
# A number and what is dialled after it: "ext. 12", "tst. 12", "(kies 2)", ";ext=12", "x12", "#12".
_WITH_EXTENSION = re.compile(
    r"([^a-z]*\d)[ ,;(]{0,3}((?:ext|extensie|tst|toestel|doorkies|kies|keuze|optie|x|#)(?![a-z])"
    r"[ .:=]{0,3}\d{1,7})\)?",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\s*tel(?:efoon)?(?:nummer)?[.: ]{1,3}", re.IGNORECASE)


@lru_cache(maxsize=10_000)
def normalise(text: str) -> str:
    """The number for storage: "+31235113660", with its extension as it was typed, or the text
    without extra blanks where it has no E.164. Nothing that was typed is lost."""
    number, extension = _split(text)
    if extension:
        return f"{normalise(number)} {extension}"
    parsed = None if _LETTER.search(number) else _parse(number)  # the parser drops letters
    if parsed is None:
        return number
    # 14 020 has the type of an 088 number, but works inside the Netherlands only.
    short = len(str(parsed.national_number)) < 9
    if short or phonenumbers.number_type(parsed) not in _DIALLED_FROM_ABROAD:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def is_number(text: str) -> bool:
    """Whether a text is one valid telephone number, Dutch or foreign, or several, each with or without an extension."""
    return _is_valid(text) or all(map(_is_valid, _SEVERAL.split(text)))


def significant_digits(text: str) -> str:
    """The digits of a number without those for the country and the trunk: "235113660" for
    "+31 (0)23-511 36 60", "0031…" and "023 5113660"."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    return re.sub(r"^(?:00)?(?:31(?=0?\d{9}$))?0?", "", digits)


def ends_with(value: str, digits: str) -> bool:
    """Whether a stored number, or one of the several in it, ends with these digits, which are `significant_digits`."""
    numbers = (_split(part)[0] for part in _SEVERAL.split(value))
    return any(significant_digits(number).endswith(digits) for number in numbers)


def is_mobile(value: str) -> bool:
    """Whether a stored number is, or may be, the mobile of a person: not every part of it is known
    to be a fixed line or a service number."""
    return not all(_is_shared(part) for part in _SEVERAL.split(value))


def _split(text: str) -> tuple[str, str]:
    """The number and its extension, or ""."""
    tidy = " ".join(_LABEL.sub("", text).split())
    match = _WITH_EXTENSION.fullmatch(tidy)
    return (match[1].strip(), match[2]) if match else (tidy, "")


def _parse(number: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(number, _REGION)
    except phonenumbers.NumberParseException:
        return None


def _is_valid(text: str) -> bool:
    number, _ = _split(text)
    parsed = None if _LETTER.search(number) else _parse(number)
    return parsed is not None and phonenumbers.is_valid_number(parsed)


def _is_shared(text: str) -> bool:
    parsed = _parse(_split(text)[0])
    return parsed is not None and phonenumbers.number_type(parsed) in _SHARED_LINES


@lru_cache(maxsize=10_000)
def grouped(value: str) -> str:
    """A stored number in groups of digits: "06 52 65 46 25", "023 511 36 60 tst. 12"."""
    number, _, extension = value.partition(" ")
    if not re.fullmatch(r"\+31\d{9}", number):
        return value
    national = "0" + number.removeprefix("+31")
    area = _count_area_digits(number[:6])
    start = 2 if national.startswith("06") else 3 if not area else area + 1
    rest = national[start:]
    lead = rest[: len(rest) % 2 and 3]
    pairs = re.findall("..", rest[len(lead) :])
    return " ".join(filter(None, [national[:start], lead, *pairs, extension]))


@lru_cache(maxsize=1000)
def _count_area_digits(beginning: str) -> int:
    """The digits of the area code after the 0; 0 for a number of no area. The first three digits
    decide, and reading a whole number is slow."""
    number = phonenumbers.parse(f"{beginning}000000")
    return phonenumbers.length_of_geographical_area_code(number)


def link(value: str) -> str:
    """The `href` of a number: "tel:+31235113660"; of two numbers in one text, the first."""
    if _E164.fullmatch(value):
        return f"tel:{value}"
    found = re.search(r"\+?\d[\d .()-]*", normalise(value))
    return "tel:" + re.sub(r"[^\d+]", "", found[0].replace("(0)", "")) if found else "tel:"
