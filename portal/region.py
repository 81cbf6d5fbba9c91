"""The region that the portal serves, read once from `seeds/<region>/region.toml`.

The file holds everything that differs per region and is no row of the database: names, the mailbox of its project, the
ways to ask, the examples on the search page. This module knows no database and no feature.
"""

import tomllib
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

_FILE = "region.toml"
Table = TypeVar("Table")


class RegionError(Exception):
    """A region that cannot be read: one Dutch sentence that names the file."""


@dataclass(frozen=True)
class Guide:
    """How the region calls the guide with its agreements; without one, what its contacts are in."""

    article: str  # "het" or "de"
    name: str  # "Wegwijzer"

    @property
    def word(self) -> str:
        """Its name as a common noun, for the pages that it became: "wegwijzer"."""
        return self.name[:1].lower() + self.name[1:]

    @property
    def with_article(self) -> str:
        """Its name within a sentence: "de Wegwijzer"."""
        return f"{self.article} {self.name}"

    @property
    def at_start(self) -> str:
        """Its name at the start of a sentence: "De Wegwijzer"."""
        return f"{self.article.capitalize()} {self.name}"

    @property
    def pronoun(self) -> str:
        """The word for it at the start of the next sentence: "Het zegt …", "Die zegt …"."""
        return {"het": "Het", "de": "Die"}[self.article]


@dataclass(frozen=True)
class SchoolSource:
    """A sector and the file of DUO with its schools.

    A school belongs to the region by its municipality (CBS code) or the digits of its postcode.
    """

    key: str
    label: str
    file: str
    municipalities: tuple[str, ...]
    postcodes: tuple[str, ...]
    source: str
    checked_on: Any  # datetime.date


# The questions that the form of a request can ask; portal/requests/forms.py has their fields.
QUESTIONS = (
    "session_form", "topic", "reason", "subject", "school", "school_address", "expertise",
    "participants", "periods", "goal", "contact",
)  # fmt: skip


@dataclass(frozen=True)
class RequestMailbox:
    """A mailbox for requests; its address holds until a coordinator changes it."""

    key: str
    label: str
    address: str
    levels: tuple[str, ...] = ()  # the school levels whose requests it gets: "po", "vo"
    note: str = ""  # shown below the field in which a coordinator changes it
    to_confirm: bool = False


@dataclass(frozen=True)
class RequestKind:
    """A kind of request. `name` is for subject lines and lists, `title` heads its form."""

    key: str
    slug: str
    name: str
    title: str
    about: str
    questions: tuple[str, ...]  # of `QUESTIONS`
    lead: str = ""  # the first sentences of its form; "": `about`
    subjects: str = ""  # the part of the catalogue to choose from: "theme", "organisation"
    mailbox: str = ""  # the key of the mailbox for all its requests; "": those of the level
    note: str = ""  # a sentence about what is to be confirmed
    note_email: str = ""  # the address for questions about that
    aside: str = ""  # the thing that is requested instead of a session; "": a session

    @property
    def is_session(self) -> bool:
        """Whether it requests a session, which is for a school level and is planned on a day."""
        return not self.aside


@dataclass(frozen=True)
class Region:
    """A region as its file describes it."""

    key: str  # the name of its folder
    folder: Path
    name: str
    project: str  # within a sentence, with its article: "de helpdesk"
    contact_email: str  # the project's mailbox; "": every installation names its own
    municipalities: tuple[str, ...]  # CBS codes
    sectors: tuple[SchoolSource, ...]
    fallback_role: str  # its contact point answers where a school has no number
    examples: tuple[str, ...]  # questions that the search page shows
    modules: frozenset[str]  # packages that are switched on
    not_names: tuple[str, ...]  # capitalised words, no names of people; `*`: any letters
    reference_prefix: str = ""  # of the number of a request: "KT"
    mailboxes: tuple[RequestMailbox, ...] = ()
    request_kinds: tuple[RequestKind, ...] = ()
    guide: Guide = Guide("de", "contactlijst")
    tools: frozenset[str] = frozenset()  # those of the guide that are switched on, by their address
    for_schools: frozenset[str] = frozenset()  # contact points (keys) that are not for parents
    parents_role: str = ""  # its contact point is where parents ask about education
    desk_check_months: int = 6  # between checks of a contact point
    veilig_thuis: str = ""  # a telephone number, until a coordinator types one
    safe_mail_url: str = ""  # where documents about a pupil are sent from, outside of the portal

    @property
    def project_name(self) -> str:
        """The project as it signs: "Helpdesk"."""
        name = self.project.partition(" ")[2]
        return name[:1].upper() + name[1:]


def read_region(folder: Path) -> Region:
    """Read the region in `folder`. Raises RegionError for a file that is missing or not right."""
    where = f"seeds/{folder.name}/{_FILE}"
    try:
        text = (folder / _FILE).read_text("utf-8")
        values = tomllib.loads(text)
    except OSError:
        raise RegionError(f"{where}: dit bestand is er niet, of je mag het niet lezen.") from None
    except ValueError as error:  # UnicodeDecodeError and TOMLDecodeError are both of this kind
        raise RegionError(f"{where}: dit is geen goed TOML-bestand ({error}).") from None
    for name, kind in _TABLES.items():
        rows = values.get(name)
        if isinstance(rows, list):
            values[name] = tuple(_read(kind, row, f"{where}, {name}") for row in rows)
        elif isinstance(rows, dict):
            values[name] = _read(kind, rows, f"{where}, {name}")
    region = _read(Region, {**values, "key": folder.name, "folder": folder}, where)
    _check_requests(region, f"{where}, request_kinds")
    if region.safe_mail_url and not region.safe_mail_url.startswith("https://"):
        raise RegionError(f"{where}: safe_mail_url begint met https://.")
    return region


def _check_requests(region: Region, where: str) -> None:
    mailboxes = {mailbox.key for mailbox in region.mailboxes}
    for kind in region.request_kinds:
        if unknown := sorted(set(kind.questions) - set(QUESTIONS)):
            raise RegionError(f"{where}: de vraag {unknown[0]} kennen we niet.")
        if not {"school", "contact"} <= set(kind.questions):
            raise RegionError(f"{where}: {kind.key} moet naar school en contact vragen.")
        if kind.mailbox and kind.mailbox not in mailboxes:
            raise RegionError(f"{where}: de mailbox {kind.mailbox} is er niet.")


_TABLES: dict[str, type[Any]] = {
    "guide": Guide,
    "sectors": SchoolSource,
    "mailboxes": RequestMailbox,
    "request_kinds": RequestKind,
}


def _read(kind: type[Table], values: Any, where: str) -> Table:
    """A frozen `kind` of the table `values`: every field there and of its type, and no other."""
    if not isinstance(values, dict):
        raise RegionError(f"{where}: hier hoort een tabel.")
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    if unknown := sorted(set(values) - set(known)):
        raise RegionError(f"{where}: {unknown[0]} kennen we niet.")
    read = {}
    for name, field in known.items():
        if name not in values:
            if field.default is MISSING:
                raise RegionError(f"{where}: {name} ontbreekt.")
            continue
        value = values[name]
        if isinstance(value, list):
            value = frozenset(value) if "frozenset" in str(field.type) else tuple(value)
        expected: Any = getattr(field.type, "__origin__", field.type)
        if expected is not Any and not isinstance(value, expected):
            raise RegionError(f"{where}: {name} heeft een verkeerde vorm.")
        read[name] = value
    return kind(**read)


def choose_region(region: Region) -> None:
    """Make `region` the one that this process serves, as `open_database` does with its file."""
    _chosen[:] = [region]


def current_region() -> Region:
    """The region that this process serves."""
    return _chosen[0]


_chosen: list[Region] = []
