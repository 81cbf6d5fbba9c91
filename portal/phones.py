"""Telephone numbers: stored as E.164, shown in groups of digits, linked with `tel:`.

Numbers that work inside the Netherlands only (0900 1234, 14 020) have no E.164 and stay text.
"""

import re
from functools import lru_cache

import phonenumbers

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


def normalise(text: str) -> str:
    """The number for storage: "+31235113660", or the text without extra blanks where it has no
    E.164."""
    tidy = " ".join(text.split())
    try:
        number = phonenumbers.parse(tidy, _REGION)
    except phonenumbers.NumberParseException:
        return tidy
    # 14 020 has the type of an 088 number, but works inside the Netherlands only.
    short = len(str(number.national_number)) < 9
    if short or phonenumbers.number_type(number) not in _DIALLED_FROM_ABROAD:
        return tidy
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_number(value: str) -> bool:
    """Whether a text is one valid telephone number, Dutch or foreign."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, _REGION))
    except phonenumbers.NumberParseException:
        return False


def is_mobile(value: str) -> bool:
    """Whether a stored number is, or may be, the mobile of a person: not every part of it is known
    to be a fixed line or a service number."""
    return not all(_is_shared(part) for part in re.split(r"/|;|,|\bof\b", value))


def _is_shared(text: str) -> bool:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(text, _REGION))
    except phonenumbers.NumberParseException:
        return False
    return kind in _SHARED_LINES


@lru_cache(maxsize=10_000)
def grouped(value: str) -> str:
    """A stored number in groups of digits: "06 52 65 46 25", "023 511 36 60"."""
    if not re.fullmatch(r"\+31\d{9}", value):
        return value
    national = "0" + value.removeprefix("+31")
    number = phonenumbers.parse(value)
    area = phonenumbers.length_of_geographical_area_code(number)
    start = 2 if national.startswith("06") else 3 if not area else area + 1
    rest = national[start:]
    lead = rest[: len(rest) % 2 and 3]
    return " ".join(filter(None, [national[:start], lead, *re.findall("..", rest[len(lead) :])]))


def link(value: str) -> str:
    """The `href` of a number: "tel:+31235113660"; of two numbers in one text, the first."""
    return "tel:" + re.sub(r"[^\d+]", "", value.partition("/")[0])
