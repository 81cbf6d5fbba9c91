"""The forms about schools, organisations, contact points, settings, roles and holidays, and what they write."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectMultipleField, ValidationError
from wtforms.validators import Regexp

from portal import clock, phones
from portal.database import fetch_tuples
from portal.database.validity import current_or_future, day_after, last_day, overlaps
from portal.directory.assignments import end_posts
from portal.directory.change_sets import ChangeSet
from portal.directory.models import (
    Assignment,
    ContactPoint,
    DetailKind,
    Holiday,
    Organisation,
    Responsibility,
    Role,
    RoleInSector,
    School,
    SettingKey,
)
from portal.directory.schools_and_kernen import list_roles, list_sectors
from portal.editing.all_but_people_queries import list_contact_points, list_partners
from portal.editing.detail_forms import read_value
from portal.editing.edit_page import CheckedEditForm, EditForm, change_row, write_row
from portal.privacy.pupil_data import FreeTextField
from portal.search.question import list_role_names
from portal.text import fold, join_words, slug
from portal.web.forms import DayField, Filled, PhoneField, QueryForm, TextField, choice_field
from portal.workdays import LONGEST_HOLIDAY, HolidayKind

_WORKING_DAYS = Regexp(r"([1-9][0-9]?)?$", message="Vul een aantal werkdagen in, zoals 5.")
_FROM_LIST = "Kies iets uit de lijst."


class AliasesField(TextField):
    """Other names, by which a search finds something; stored with "; " between them."""

    def read(self, text: str | None) -> str:
        """The names, each once."""
        names = map(super().read, (text or "").split(";"))
        return "; ".join(dict.fromkeys(filter(None, names)))


def _aliases_field() -> AliasesField:
    hint = "Ook hierop wordt gezocht. Zet een puntkomma tussen twee namen."
    label = "Andere namen (optioneel)"
    return AliasesField(label, name="andere_namen", most=2000, description=hint)


class FindForm(QueryForm):
    """The find box of the list of schools."""

    words = TextField("Naam, plaats of code", name="zoek")
    which = choice_field(
        "Welke scholen?", "welke", _FROM_LIST, choices={"": "open", "nummer": "zonder nummer", "gesloten": "gesloten"}
    )


def _last_day(row: Any) -> date | None:
    return last_day(row.closed_on) if row.closed_on else None


class SchoolForm(CheckedEditForm):
    """A school. A last day ends its posts, which the tick confirms."""

    name = TextField("Naam", name="naam", missing="Vul de naam van de school in.")
    aliases = _aliases_field()
    phone = PhoneField("Telefoonnummer (optioneel)", name="nummer")
    website = TextField("Website (optioneel)", name="website", most=200)
    last_day = DayField("Laatste dag, als de school sluit (optioneel)", name="laatste_dag")
    ends_posts = BooleanField("Alle plekken op deze school stoppen dan ook.", name="stopt")

    @staticmethod
    def present(row: School) -> dict[str, Any]:
        return {"phone": phones.grouped(row.phone), "last_day": _last_day(row)}

    def validate_website(self, field: TextField) -> None:
        if field.data and field.data != field.object_data:
            try:
                read_value(DetailKind.WEBSITE, field.data)
            except ValueError as fault:
                raise ValidationError(str(fault)) from None


class OrganisationForm(EditForm):
    name = TextField("Naam", name="naam", missing="Vul de naam van de organisatie in.")


class ContactPointForm(CheckedEditForm):
    organisation = choice_field(
        "Van welke organisatie?", "organisatie", _FROM_LIST,
        choices=lambda: {row.key: row.name for row in list_partners()},
    )  # fmt: skip
    name = TextField("Naam", name="naam", missing="Vul de naam van het contactpunt in.")
    aliases = _aliases_field()
    hours = TextField(
        "Wanneer is het te bereiken? (optioneel)", name="uren",
        description="Bijvoorbeeld: op werkdagen van 8.30 tot 17.00 uur.",
    )  # fmt: skip
    note = FreeTextField("Uitleg (optioneel)", name="uitleg", most=500, rows=3)
    last_day = DayField("Laatste dag, als het contactpunt stopt (optioneel)", name="laatste_dag")

    @staticmethod
    def present(row: ContactPoint) -> dict[str, Any]:
        return {"organisation": row.organisation.key, "last_day": _last_day(row)}


class SettingsForm(EditForm):
    """The facts that a coordinator types."""

    veilig_thuis = PhoneField(
        "Telefoonnummer van Veilig Thuis (optioneel)", name="nummer", id=SettingKey.VEILIG_THUIS,
        description="Dit nummer staat bij “Zorgen over veiligheid” en in de hoofdstukken. "
        "Laat het leeg als je het niet weet.",
    )  # fmt: skip
    answer_days = TextField(
        "Werkdagen tot antwoord op een aanvraag (optioneel)", name="aanvraag",
        id=SettingKey.ANSWER_DAYS, validators=[_WORKING_DAYS],
        description="Bijvoorbeeld 5. De aanvrager leest dan: “Je krijgt binnen 5 werkdagen "
        "antwoord.” Leeg: dan beloven we niets.",
    )  # fmt: skip
    accessibility_days = TextField(
        "Werkdagen tot antwoord over toegankelijkheid (optioneel)", name="toegankelijkheid",
        id=SettingKey.ACCESSIBILITY_DAYS, validators=[_WORKING_DAYS],
        description="Staat op de pagina over toegankelijkheid. Leeg: dan beloven we niets.",
    )  # fmt: skip

    @property
    def values(self) -> dict[SettingKey, str]:
        """The settings that were typed."""
        return {
            SettingKey.VEILIG_THUIS: self.veilig_thuis.number,
            SettingKey.ANSWER_DAYS: self.answer_days.data or "",
            SettingKey.ACCESSIBILITY_DAYS: self.accessibility_days.data or "",
        }


def _list_answering() -> dict[str, str]:
    return {"": "niemand"} | {
        row.key: label if row.closed_on is None else f"{label} (stopt of is gestopt)"
        for row, label in list_contact_points()
    }


class AnswerForm(EditForm):
    """The contact points that answer for a role in a municipality."""

    first = choice_field("Wie eerst?", "eerst", _FROM_LIST, choices=_list_answering)
    second = choice_field("Wie daarna?", "daarna", _FROM_LIST, choices=_list_answering)
    to_confirm = BooleanField("Dit is nog niet zeker (te bevestigen).", name="te_bevestigen")

    @staticmethod
    def present_all(rows: Sequence[Responsibility]) -> dict[str, Any]:
        """The values of the fields for these rows."""
        ranked = {row.rank: row.contact_point.key for row in rows}
        to_confirm = any(row.to_confirm for row in rows)
        return {"first": ranked.get(1, ""), "second": ranked.get(2, ""), "to_confirm": to_confirm}

    def validate_second(self, field: Any) -> None:
        """Refuse a second without a first, and one contact point twice."""
        if field.data and field.data == self.first.data:
            raise ValidationError("Dit contactpunt staat al als eerste. Kies een ander of niemand.")
        if field.data and not self.first.data:
            raise ValidationError("Kies ook wie je eerst belt.")


class RoleForm(EditForm):
    """The texts of a role, and in which sectors it is."""

    label = TextField("Naam", name="naam", missing="Vul de naam van de functie in.")
    aliases = _aliases_field()
    call_about = FreeTextField(
        "Waarvoor bel je?", name="waarvoor", missing="Schrijf waarvoor je kunt bellen.", most=600
    )
    why = FreeTextField(
        "Wie is het voor deze leerling, en waarom?", name="waarom", most=600, rows=3,
        missing="Schrijf in een zin wie het is en waarom.",
    )  # fmt: skip
    expected = choice_field(
        "Waar hoort iemand te zijn?", "verwacht", _FROM_LIST,
        kind=SelectMultipleField, choices=lambda: dict(list_sectors()),
    )  # fmt: skip
    optional = choice_field(
        "Waar mag de functie leeg zijn?", "mag", _FROM_LIST,
        kind=SelectMultipleField, choices=lambda: dict(list_sectors()),
    )  # fmt: skip

    def validate_optional(self, field: Any) -> None:
        if set(field.data or ()) & set(self.expected.data or ()):
            raise ValidationError("Kies per soort onderwijs één van de twee.")


class HolidayForm(EditForm):
    """A holiday; the form asks for its last day inclusive."""

    name = TextField("Naam", name="naam", missing="Vul een naam in, zoals Herfstvakantie.")
    kind = choice_field("Soort", "soort", _FROM_LIST, choices=dict(HolidayKind.choices()), default=HolidayKind.SCHOOL)
    valid_from = DayField("Eerste dag", name="van", validators=[Filled("Vul de eerste dag in.")])
    last_day = DayField("Laatste dag", name="tot", validators=[Filled("Vul de laatste dag in.")])

    @staticmethod
    def present(row: Holiday) -> dict[str, Any]:
        return {"last_day": last_day(row.valid_until)}

    def validate_last_day(self, field: Any) -> None:
        """Refuse a period that ends before it begins, or is far too long."""
        first = self.valid_from.data
        if first and field.data < first:
            raise ValidationError("De laatste dag ligt voor de eerste dag.")
        if first and field.data - first > LONGEST_HOLIDAY:
            raise ValidationError("Dit is langer dan drie maanden. Kijk het jaar na.")


def write_school(change_set: ChangeSet, form: SchoolForm) -> None:
    """Change a school and the organisation that has its name. Raises RuleViolation where it closes
    while it has posts, unless their end is confirmed."""
    (school,), closed_on = form.rows, _read_closing(form)
    if closed_on and end_posts(change_set, [school.code], closed_on) and not form.ends_posts.data:
        raise form.refuse(form.ends_posts, "Er zijn dan nog plekken. Zet het vinkje als die stoppen.")
    name = form.name.data
    more = {"closed_on": closed_on, "slug": f"{school.code.lower()}-{slug(name)}"}
    write_row(change_set, School, form, **more)
    change_row(change_set, school.organisation, {"name": name})


def _read_closing(form: SchoolForm | ContactPointForm) -> date | None:
    """The day after the last day of a form."""
    return day_after(form.last_day.data) if form.last_day.data else None


def write_organisation(change_set: ChangeSet, form: OrganisationForm) -> None:
    """Change or add a partner. Raises RuleViolation for a name that another one has."""
    name, own = form.name.data, form.rows[0].id if form.rows else 0
    if any(fold(row.name) == fold(name) and row.id != own for row in list_partners()):
        raise form.refuse(form.name, "Deze organisatie staat er al.")
    new = {} if form.rows else {"key": _new_key(Organisation, name), "kind": Organisation.PARTNER}
    write_row(change_set, Organisation, form, **new)


def _new_key(model: Any, name: str) -> str:
    """A key that no row of a model has: the name as a part of an address."""
    taken = {"nieuw", *(key for (key,) in fetch_tuples(model.select(model.key)))}
    first = slug(name) or "nieuw"
    keys = (first, *(f"{first}-{number}" for number in range(2, len(taken) + 2)))
    return next(key for key in keys if key not in taken)


def write_contact_point(change_set: ChangeSet, form: ContactPointForm) -> None:
    """Change, close or add a contact point."""
    new = {} if form.rows else {"key": _new_key(ContactPoint, form.name.data or "")}
    organisation = Organisation.get(Organisation.key == form.organisation.data)
    more = {"organisation": organisation.id, "closed_on": _read_closing(form)}
    write_row(change_set, ContactPoint, form, **more, **new)


def write_answers(change_set: ChangeSet, form: AnswerForm, role: Role, municipality: str, sector: str) -> None:
    """Set who answers for a role in a municipality (code), for the schools of a sector."""
    present = {row.rank: row for row in form.rows}
    points = dict(fetch_tuples(ContactPoint.select(ContactPoint.key, ContactPoint.id)))
    for rank, field in enumerate((form.first, form.second), start=1):
        row, point = present.get(rank), points.get(field.data)
        if row and not point:
            change_set.remove(row)
        elif row:
            # The other claims of the source are about the old one.
            claimed = row.also_by_school and row.contact_point_id == point
            values = {"contact_point": point, "to_confirm": form.to_confirm.data}
            change_row(change_set, row, values | {"also_by_school": claimed})
        elif point:
            change_set.add(
                Responsibility, role=role, municipality=municipality, sector=sector, rank=rank,
                contact_point=point, to_confirm=form.to_confirm.data, also_by_school=False,
            )  # fmt: skip


def write_role(change_set: ChangeSet, form: RoleForm) -> None:
    """Change the texts of a role, and in which sectors it is. Raises RuleViolation where somebody has the role in a
    sector that it leaves, and for a new name that another role has: a file could mean either."""
    role, links = form.rows[0], {link.sector_id: link for link in form.rows[1:]}
    known = list_role_names(list_roles())
    for field in (form.label, form.aliases):
        for name in filter(None, (field.data or "").split("; ")):
            keys = known.get(join_words(name), [])
            if keys and role.key not in keys:
                raise form.refuse(field, f"Een andere functie heet al “{name}”. Kies iets anders.")
    write_row(change_set, Role, form)
    wanted = dict.fromkeys(form.expected.data, True) | dict.fromkeys(form.optional.data, False)
    for sector, link in links.items():
        if sector in wanted:
            change_row(change_set, link, {"expected": wanted[sector]})
            continue
        held = current_or_future(Assignment, clock.today()) & (Assignment.role == role)
        if Assignment.select().join(School).where(held & (School.sector == sector)).exists():
            raise form.refuse(form.expected, "Er werken nog mensen in deze functie.")
        change_set.remove(link)
    for sector in wanted.keys() - links:
        change_set.add(RoleInSector, role=role, sector=sector, expected=wanted[sector], to_confirm=False)


def write_holiday(change_set: ChangeSet, form: HolidayForm) -> None:
    """Change or add a holiday. Raises RuleViolation where its days are taken."""
    first, until = form.valid_from.data, day_after(form["last_day"].data)
    is_public = (Holiday.kind == HolidayKind.PUBLIC) == (form.kind.data == HolidayKind.PUBLIC)
    others = Holiday.id.not_in([row.id for row in form.rows])
    if other := Holiday.get_or_none(others & is_public & overlaps(Holiday, first, until)):
        raise form.refuse(form.valid_from, f"Op deze dagen staat al: {other.name}.")
    write_row(change_set, Holiday, form, valid_until=until)
