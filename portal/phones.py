"""Telephone numbers: stored as E.164 where they are one, shown in groups, linked with `tel:`.

Numbers that only work inside the Netherlands (0900 1852, 14 0251) stay text.
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

_OF_A_DESK = (
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.UAN,  # 088, 14 0251
    phonenumbers.PhoneNumberType.TOLL_FREE,  # 0800
    phonenumbers.PhoneNumberType.PREMIUM_RATE,  # 0900
    phonenumbers.PhoneNumberType.SHARED_COST,
)


def normalise(text: str) -> str:
    """The number as it is stored: "+31235113660", or the tidied text where it has no E.164."""
    tidy = " ".join(text.split())
    try:
        number = phonenumbers.parse(tidy, _REGION)
    except phonenumbers.NumberParseException:
        return tidy
    # 14 0251 counts as one of these as well, but only works inside the Netherlands.
    short = len(str(number.national_number)) < 9
    if short or phonenumbers.number_type(number) not in _DIALLED_FROM_ABROAD:
        return tidy
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_number(value: str) -> bool:
    """Whether a stored value is a telephone number that can exist, in the Netherlands or abroad."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(value, _REGION))
    except phonenumbers.NumberParseException:
        return False


def is_mobile(value: str) -> bool:
    """Whether a stored number is, or may be, somebody's mobile: it begins with 06, or a part of it
    cannot be read as a number at all."""
    return not all(_is_desk(part) for part in re.split(r"/|;|,|\bof\b", value))


def _is_desk(text: str) -> bool:
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(text, _REGION))
    except phonenumbers.NumberParseException:
        return False
    return kind in _OF_A_DESK


@lru_cache(maxsize=10_000)
def grouped(value: str) -> str:
    """A stored number as people read it aloud: "06 52 65 46 25", "023 511 36 60"."""
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
    """What `href` dials: "tel:+31235113660"; of two numbers in one text, the first."""
    return "tel:" + re.sub(r"[^\d+]", "", value.partition("/")[0])
