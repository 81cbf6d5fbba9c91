"""What the aids ask. They are asked by GET and nothing of them is stored (docs/decisions.md)."""

import re
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from portal import clock
from portal.contacts.residence_form import ResidenceForm
from portal.directory.read_models import SchoolRow
from portal.web.formatting import day
from portal.web.forms import DayField, chosen, strip_control_chars

YES, NO = "ja", "nee"
_NUMBER = re.compile(r"-?\d{1,6}([.,]\d{1,2})?", re.ASCII)
_SHARED = ("school", "residence", "place")


class NumberField(Field):
    """A number as people write it: 13, or 16,5 where halves are asked for."""

    widget = TextInput()

    def __init__(self, label: str, *, most: int, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most
        self.whole = whole

    def _value(self) -> str:
        return strip_control_chars(" ".join(self.raw_data or []))

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; raises ValueError with what to do."""
        self.data: Decimal | None = None
        text = strip_control_chars(valuelist[0]) if valuelist else ""
        example = "13" if self.whole else "16,5"
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"Vul een getal in, zoals {example}.")
        number = Decimal(text.replace(",", "."))
        if not 0 <= number <= self.most:
            raise ValueError(f"Vul een getal in van 0 tot en met {self.most}.")
        if self.whole and number != number.to_integral_value():
            raise ValueError("Vul een heel getal in, zoals 13.")
        self.data = number


class AskedDay(DayField):
    """A day that must be filled in."""

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is None and not self.errors:
            raise ValidationError("Vul een dag in, zoals 1-2-2027.")


class YesNoField(SelectField):
    """A question that is answered with yes or no; `missing` says what to choose."""

    def __init__(self, label: str, *, missing: str, **kwargs: Any) -> None:
        super().__init__(label, validators=[Optional()], validate_choice=False, **kwargs)
        self.choices = [("", "kies"), (YES, "ja"), (NO, "nee")]
        self.missing = missing

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data not in (YES, NO):
            raise ValidationError(self.missing)

    @property
    def is_yes(self) -> bool:
        return bool(self.data == YES)


class SchoolForm(ResidenceForm):
    """For which school, and where the pupil lives: what decides whom one calls."""

    school = SelectField(
        "Welke school? (optioneel)", validators=[Optional()], validate_choice=False, default=""
    )

    def validate_school(self, field: SelectField) -> None:
        chosen(field, "Kies een school uit de lijst.")

    @property
    def own(self) -> list[Field]:
        """The questions of this aid itself, in their order."""
        return [field for name, field in self._fields.items() if name not in _SHARED]

    def said(self, field: Field) -> str:
        """The answer to a question, as one reads it."""
        if isinstance(field, DayField) and field.data:
            return day(field.data)
        if isinstance(field, SelectField):
            return str(dict(field.choices).get(field.data, ""))
        return str(field._value())

    def offer(self, schools: list[SchoolRow], mine: set[str]) -> None:
        """Let one choose from these schools, by municipality; `mine` (slugs) come first."""
        groups: dict[str, list[tuple[str, str]]] = {"": [("", "kies een school")]}
        for school in sorted(schools, key=lambda s: (s.slug not in mine, s.municipality_name)):
            group = "Mijn scholen" if school.slug in mine else school.municipality_name
            groups.setdefault(group, []).append((school.slug, f"{school.name}, {school.place}"))
        self.school.choices = groups


class LateForm(SchoolForm):
    keer = NumberField("Hoe vaak was de leerling te laat?", most=200)


class SickForm(SchoolForm):
    pass


class AbsentForm(SchoolForm):
    uren = NumberField("Hoeveel uur was de leerling weg?", most=500, whole=False)
    eerste = AskedDay("Vanaf welke dag?")

    def validate_eerste(self, field: AskedDay) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError("Deze dag moet nog komen. Kies vandaag of een eerdere dag.")


class RegistrationForm(SchoolForm):
    op = AskedDay("Op welke dag kwam of ging de leerling?")


class HolidayForm(SchoolForm):
    eerste = AskedDay("Eerste dag van het verlof")
    laatste = AskedDay("Laatste dag van het verlof")
    werk = YesNoField(
        "Kunnen de ouders door hun werk alleen dan weg?",
        missing="Kies of de ouders door hun werk alleen dan weg kunnen.",
    )
    eerder = YesNoField(
        "Was er dit jaar al verlof voor vakantie?",
        missing="Kies of er dit jaar al verlof voor vakantie was.",
    )

    def validate_laatste(self, field: AskedDay) -> None:
        if field.data and self.eerste.data and field.data < self.eerste.data:
            raise ValidationError("De laatste dag ligt voor de eerste dag. Pas een van beide aan.")
        if field.data and self.eerste.data and (field.data - self.eerste.data).days > 400:
            raise ValidationError("Dit is meer dan een jaar. Pas een van beide dagen aan.")


class CircumstancesForm(SchoolForm):
    dagen = NumberField("Hoeveel dagen verlof?", most=200)
    eerste = AskedDay("Eerste dag van het verlof")
    buiten = YesNoField(
        "Ligt het buiten de wil van ouders en kind?",
        missing="Kies of het buiten de wil van ouders en kind ligt.",
    )


class PaymentForm(SchoolForm):
    problemen = YesNoField(
        "Zijn er ook sociale of emotionele problemen?",
        missing="Kies of er ook sociale of emotionele problemen zijn.",
    )
    nodig = YesNoField(
        "Heeft de school het nodig om te weten wat de leerling nodig heeft?",
        missing="Kies of de school het onderzoek nodig heeft.",
    )
    ouders = YesNoField(
        "Willen de ouders het onderzoek?",
        missing="Kies of de ouders het onderzoek willen.",
    )


class ExpertForm(SchoolForm):
    eerste = SelectField("Welke functie heeft de eerste deskundige?", validate_choice=False)
    tweede = SelectField(
        "Aan wie denk je als tweede? (optioneel)", validators=[Optional()], validate_choice=False
    )
    betrokken = SelectField(
        "Is die echt betrokken bij de leerling? (optioneel)",
        validators=[Optional()],
        validate_choice=False,
    )

    def validate_eerste(self, field: SelectField) -> None:
        if not field.data:
            raise ValidationError("Kies de functie van de eerste deskundige.")
        chosen(field, "Kies een functie uit de lijst.")

    def validate_tweede(self, field: SelectField) -> None:
        chosen(field, "Kies een functie uit de lijst.")

    def validate_betrokken(self, field: SelectField) -> None:
        chosen(field, "Kies of de tweede deskundige echt betrokken is.")
