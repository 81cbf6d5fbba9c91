"""The columns of an imported table, and the row that names them."""

from typing import NamedTuple

from portal.labelled_enum import LabelledEnum


class Field(LabelledEnum):
    """The meaning of a column."""

    SCHOOL = "school", "school"
    CODE = "code", "BRIN of vestigingsnummer"
    PLACE = "place", "plaats van de school"
    ADDRESS = "address", "adres van de school"
    ROLE = "role", "functie"
    NAME = "name", "naam van de persoon"
    GIVEN_NAME = "given-name", "voornaam"
    INFIX = "infix", "tussenvoegsel"
    FAMILY_NAME = "family-name", "achternaam"
    ORGANISATION = "organisation", "organisatie"
    PHONE = "phone", "telefoon"
    MOBILE = "mobile", "mobiel"
    EMAIL = "email", "e-mail"
    DAYS = "days", "werkdagen"
    HOURS = "hours", "werktijden"
    FROM = "from", "eerste dag"
    UNTIL = "until", "laatste dag"
    REMARK = "remark", "opmerking"
    UNUSED = "unused", "niet nodig"


class Column(NamedTuple):
    """A column of a sheet. Its decision is `answer`, for instance "phone" or, for a column of the
    people in a role, "cjg-coach"; "phone cjg-coach" for their numbers."""

    key: str  # of the decision, by its heading
    position: int  # from 0
    heading: str  # as in the file
    answer: str  # "": not known, to be asked
    examples: tuple[str, ...]  # up to three


class Sheet(NamedTuple):
    """A table with its columns; without rows below a heading it has none."""

    name: str
    first_row: int  # number of the first row below the heading
    columns: tuple[Column, ...]
