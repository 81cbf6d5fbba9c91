"""The forms about one person and the filter of a list of people, and what they write."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from wtforms import SelectMultipleField, ValidationError

from portal import clock, phones
from portal.accounts.models import Account
from portal.accounts.permissions import may_move_accounts
from portal.accounts.sign_in_addresses import tell_of_change
from portal.database.validity import current_or_future, day_after, valid_on
from portal.directory import assignments, who_works_or_is_absent
from portal.directory.change_sets import ChangeSet
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Employment,
    Person,
    ReachedBy,
    Vacancy,
)
from portal.directory.new_people_and_details import NewPerson, add_new_person
from portal.directory.similar_people import find_similar
from portal.editing.detail_forms import DetailForm, read_value, write_detail
from portal.editing.edit_page import EditForm, change_row
from portal.editing.gaps_in_data_of_people import Lack
from portal.person_names import full_name
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.site import Site
from portal.text import fold
from portal.web.forms import (
    DayField,
    LookalikeField,
    MailAddressField,
    PhoneField,
    QueryForm,
    TextField,
    choice_field,
    read_number,
)

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_ORGANISATION = "Kies een organisatie uit de lijst."
_WHO = "Kies wie dezelfde persoon is."


class PeopleForm(QueryForm):
    """The filter of a list of people; the view sets the organisations."""

    text = TextField("Naam of organisatie", name="zoek")
    lack = choice_field(
        "Wat ontbreekt?", "ontbreekt", "Kies iets uit de lijst.", choices={"": "maakt niet uit"} | dict(Lack.choices())
    )
    organisation = choice_field("Organisatie", "organisatie", _ORGANISATION)


class NameForm(EditForm):
    """The name and organisation of a person; the view sets the organisations."""

    given_name = TextField("Voornaam", name="voornaam", most=60, noun="Deze naam")
    infix = TextField("Tussenvoegsel (optioneel)", name="tussenvoegsel", most=60, noun="Deze naam")
    family_name = TextField("Achternaam", name="achternaam", most=60, noun="Deze naam")
    organisation = choice_field("Organisatie", "organisatie", _ORGANISATION, _ORGANISATION)
    since: Any = DayField(
        "Sinds wanneer daar? (optioneel)", name="vanaf",
        description="Alleen bij een nieuwe organisatie. Leeg: dan was de oude een fout.",
    )  # fmt: skip

    def validate_given_name(self, field: TextField) -> None:
        """A given name, a family name, or both: some people have one name."""
        if not (field.data or self.family_name.data):
            raise ValidationError("Vul een voornaam of achternaam in.")

    @property
    def whole_name(self) -> str:
        return full_name(self.given_name.data, self.infix.data, self.family_name.data)


class WorkingTimeForm(EditForm):
    """When a person works and how they are reached best."""

    working_days = choice_field(
        "Werkdagen", "dagen", "Kies dagen uit de lijst.", kind=SelectMultipleField,
        choices={str(number): name for number, name in enumerate(_DAYS, start=1)},
    )  # fmt: skip
    hours = TextField("Uren (optioneel)", name="uren", most=60, description="Zoals 8.30-15.00.")
    reached_by = choice_field(
        "Hoe bereik je deze persoon?", "liefst", "Kies iets uit de lijst.", choices=dict(ReachedBy.choices())
    )

    def columns(self, model: Any) -> dict[str, Any]:
        """The columns of a Person that were typed, without the organisation, which has a day."""
        values = super().columns(model) | {
            "working_days": "".join(sorted(self.working_days.data or ())),
            "reached_by": ReachedBy(self.reached_by.data or ""),
        }
        values.pop("organisation", None)
        return values


class PersonForm(NameForm, WorkingTimeForm):
    """A person who is in the directory."""


class NewPersonForm(NameForm, WorkingTimeForm):
    """A person who is not in the directory yet, unless they are alike somebody who is."""

    since = None  # they have worked nowhere else yet
    phone = PhoneField("Telefoonnummer op het werk (optioneel)", name="telefoon")
    email = MailAddressField("E-mailadres op het werk (optioneel)", name="email")
    lookalike = LookalikeField(name="bedoeld")

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks whether it is somebody who is in the directory already."""
        similar = find_similar(
            self.whole_name, read_number(self.organisation.data), [self.phone.number], [self.email.data or ""]
        )
        self.lookalike.offer((one.person, one.label, one.reason) for one in similar)
        return super().validate(extra_validators)

    def validate_lookalike(self, field: LookalikeField) -> None:
        """Nobody is made who is there already."""
        if field.data and field.data != field.OTHER and not field.errors:
            raise ValidationError("Deze persoon staat er al. Zoek die op en wijzig daar wat nieuw is.")


class PersonDetailForm(DetailForm):
    """A number or mail address of a person."""

    lookalike = LookalikeField("Dit staat ook bij iemand anders. Is dat dezelfde persoon?", name="bedoeld")
    person: int  # id

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks about another person with this number or address."""
        typed = self.value.data or ""
        if typed != self.value.object_data:
            similar = find_similar("", None, [phones.normalise(typed)], [typed], but=self.person)
            self.lookalike.offer((one.person, one.label, one.reason) for one in similar)
        return super().validate(extra_validators)

    def validate_lookalike(self, field: LookalikeField) -> None:
        """Two rows about one person are merged first."""
        if field.data and field.data != field.OTHER and not field.errors:
            raise ValidationError("Voeg de twee dan eerst samen, onderaan bij een van beiden.")


class ForgettingForm(GuardedForm):
    """The confirmation that a person is to be forgotten, by their name."""

    name = TextField("Typ de naam van deze persoon", name="naam")
    reason = FreeTextField(
        "Waarom?", name="reden", most=200, rows=2,
        missing="Schrijf in een paar woorden waarom, bijvoorbeeld dat die persoon het vroeg.",
    )  # fmt: skip

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person

    def validate_name(self, field: TextField) -> None:
        if fold(field.data or "") != fold(self.person.name):
            raise ValidationError(f"Typ de hele naam: {self.person.name}.")


class MergeForm(EditForm):
    """The person who is the same as another one; the view sets who may be."""

    other = choice_field("Wie is dezelfde persoon?", "ander", "Kies iemand uit de lijst.", _WHO)


def change_person(change_set: ChangeSet, form: PersonForm) -> None:
    """Change the name and working time of a person, and the organisation from its day on."""
    person = form.rows[0]
    change_row(change_set, person, form.columns(Person))
    if "organisation" in form:
        _change_employer(change_set, person, int(form.organisation.data), form.since.data)


def change_time(change_set: ChangeSet, form: WorkingTimeForm) -> None:
    """Change when a person works and how they are reached best."""
    change_row(change_set, form.rows[0], form.columns(Person))


def _change_employer(change_set: ChangeSet, person: Person, organisation: int, since: date | None) -> None:
    today = clock.today()
    if organisation == who_works_or_is_absent.find_employer(person, since or today):
        return
    if since:
        who_works_or_is_absent.move(change_set, person, organisation, since)
        return
    row = list_employed(person.id)[-1]
    change_row(change_set, row, {"organisation": organisation})


def add_person(change_set: ChangeSet, form: NewPersonForm) -> None:
    """Add a person with a number and an address."""
    names = (form.given_name.data, form.infix.data, form.family_name.data)
    new = NewPerson(*names, int(form.organisation.data), form.phone.number, form.email.data or "")
    change_row(change_set, add_new_person(change_set, new), form.columns(Person))


def save_detail(change_set: ChangeSet, form: PersonDetailForm, editor: Account, site: Site) -> None:
    """Add or change a number or address. The owner of an account is told of another address, at
    both, and of the end of one. Raises RuleViolation."""
    detail, since = form.rows[0] if form.rows else None, form.since.data
    old, old_until = (detail.value, detail.valid_until) if detail else ("", None)
    kinds = (form.kind.data, detail.kind if detail else "")
    if DetailKind.EMAIL in kinds and not may_move_accounts(editor, form.person):
        raise form.refuse(form.value, "Met dit adres logt een beheerder in. Laat die het doen.")
    write_detail(change_set, form, person=form.person)
    new = read_value(form.kind.data, form.value.data or "")
    until = day_after(form.last_day.data) if form.last_day.data else None
    if detail is not None and kinds[1] == DetailKind.EMAIL:
        is_ended = new == old and until != old_until and until is not None
        if new != old or is_ended:
            tell_of_change(form.person, old, "" if is_ended else new, until if is_ended else since, site)


def list_employed(person: int) -> list[Any]:
    """A person (id), and their employment that counts today if there is one: the last of these rows
    has their organisation."""
    found: list[Any] = [Person.get_by_id(person)]
    if person in who_works_or_is_absent.list_moved(clock.today()):
        present = valid_on(Employment, clock.today()) & ~Employment.is_pending
        found += Employment.select().where((Employment.person == person) & present)
    return found


def list_facts(person: int) -> dict[str, list[Any]]:
    """The numbers and addresses, posts and absences of a person (id), today and later."""
    today = clock.today()

    def ahead(model: Any, *order: Any) -> list[Any]:
        own = (model.person == person) & current_or_future(model, today)
        return list(model.select().where(own).order_by(*order, model.id))

    return {
        "details": ahead(ContactDetail, ContactDetail.kind.desc(), ContactDetail.position),
        "posts": assignments.list_assignments(person, today),
        "absences": ahead(Absence, Absence.valid_from),
    }


def list_vacancies(posts: Iterable[Assignment], roles: Iterable[str]) -> list[Vacancy]:
    """The vacancies today or later in these roles (ids), at the schools of these posts."""
    vacant = Vacancy.at({post.workplace_id for post in posts}) & Vacancy.role.in_([*roles])
    return list(Vacancy.select().where(vacant & current_or_future(Vacancy, clock.today())))
