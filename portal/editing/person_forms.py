"""The forms about one person, and the filter of a list of people."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, SelectMultipleField, ValidationError
from wtforms.validators import StopValidation

from portal import phones
from portal.database.validity import last_day
from portal.directory.models import Absence, Person, ReachedBy, Vacancy
from portal.directory.similar_people import find_similar
from portal.editing.detail_forms import DetailForm
from portal.editing.edit_form import EditForm
from portal.editing.gaps_in_data_of_people import Lack
from portal.editing.queries import list_holders_of
from portal.notices.choices import Choices
from portal.notices.form_questions import asks_when_known
from portal.person_names import full_name
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.text import fold
from portal.web.forms import (
    DayField,
    Filled,
    LookalikeField,
    MailAddressField,
    PhoneField,
    QueryForm,
    TextField,
    choice_field,
    read_number,
)
from portal.web.long_lists import read_find_box

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_ORGANISATION = "Kies een organisatie uit de lijst."
_DAY = "Vul een dag in, zoals 1-2-2027."
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


class PostsForm(EditForm):
    """Posts in a role at schools; the view sets both."""

    role = choice_field("Welke functie?", "functie", "Kies een functie uit de lijst.")
    schools = choice_field(
        "Op welke scholen?", "scholen", "Kies scholen uit de lijst.", "Kies ten minste een school.",
        kind=SelectMultipleField,
    )  # fmt: skip
    since = DayField("Vanaf wanneer?", name="vanaf", validators=[Filled(_DAY)])
    offered: Choices

    def offer(self, choices: Choices) -> None:
        """Offer the roles and schools about which the author may post."""
        self.offered = choices
        self.role.choices = choices.roles
        text, is_new = read_find_box(self.schools) if choices.has_many_schools else ("", False)
        chosen, at = self.schools.data or (), self.role.data
        self.schools.choices = choices.list_schools(text, chosen, at)

        def look(form: object, field: SelectMultipleField) -> None:
            if text and is_new:
                raise StopValidation("Kies hieronder uit wat we vinden.")

        self.schools.validators = [look, *self.schools.validators]

    def validate_schools(self, field: SelectMultipleField) -> None:
        """Refuse a school where the role cannot be."""
        self.offered.refuse_elsewhere(self.role.data, field.data or ())


class VacancyForm(PostsForm):
    """Vacancies that open, or the days of one."""

    last_day = DayField("Laatste dag (optioneel)", name="laatste_dag")
    known_on = DayField("Rond welke dag is bekend wie er komt? (optioneel)", name="bekend")
    is_void = BooleanField("Deze vacature is er toch niet.", name="vervalt")

    def __init__(self, rows: Sequence[Vacancy], *args: Any, **kwargs: Any) -> None:
        super().__init__(rows, *args, **kwargs)
        if not asks_when_known():
            del self.known_on
        if rows:
            del self.role, self.schools
        else:
            del self.is_void

    @staticmethod
    def present(row: Vacancy) -> dict[str, Any]:
        return AbsenceForm.present(row) | {"known_on": row.known_on}


class FillForm(EditForm):
    """The person who begins at a post; the view sets who may."""

    person = choice_field("Wie werkt hier?", "wie", "Kies iemand uit de lijst.", "Kies wie hier werkt.")
    since = DayField("Vanaf wanneer?", name="vanaf", validators=[Filled(_DAY)])


class BeginForm(PostsForm):
    leaving = choice_field(
        "Wie gaat daar weg?", "overnemen", "Kies iemand uit de lijst.", kind=SelectMultipleField, choices=[]
    )
    person: int  # id

    NOBODY = "niemand"

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks which of the holders on the first day leave."""
        chosen = (read_number(self.role.data), self.schools.data or (), self.since.data)
        there = list_holders_of(*chosen, but=self.person)
        self.leaving.choices = [(str(post.id), f"nu: {post.person.name}, {post.workplace.name}") for post in there]
        if there and not there[0].role.one_holder:
            self.leaving.choices.append((self.NOBODY, "niemand, ze doen het samen"))
        return super().validate(extra_validators)

    def validate_leaving(self, field: SelectMultipleField) -> None:
        """Refuse a form that does not say whose post ends, or that nobody's does."""
        if field.choices and not field.data:
            raise ValidationError("Hier staat al iemand. Kies wie er weggaat.")
        if self.NOBODY in (field.data or ()) and len(field.data) > 1:
            raise ValidationError("Kies wie er weggaat, of niemand.")


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


class EndForm(EditForm):
    """The end of a post; the view sets who may follow."""

    last_day = DayField("Laatste dag", name="laatste_dag", validators=[Filled(_DAY)])
    successor = choice_field("Wie komt er daarna?", "opvolger", "Kies iemand uit de lijst.")


class AbsenceForm(EditForm):
    """An absence; the view sets who may stand in. Why somebody is absent is asked nowhere."""

    reason = None

    since = DayField("Eerste dag", name="vanaf", validators=[Filled(_DAY)])
    last_day = DayField("Laatste dag (optioneel)", name="laatste_dag")
    substitute = choice_field("Wie vervangt?", "vervanger", "Kies iemand uit de lijst.")

    @staticmethod
    def present(row: Absence | Vacancy) -> dict[str, Any]:
        return {"since": row.valid_from, "last_day": last_day(row.valid_until) if row.valid_until else None}


class MergeForm(EditForm):
    """The person who is the same as another one; the view sets who may be."""

    other = choice_field("Wie is dezelfde persoon?", "ander", "Kies iemand uit de lijst.", _WHO)
