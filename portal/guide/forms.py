"""The forms of the tools. They are sent by GET; nothing of them is stored (docs/decisions.md)."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from wtforms import Field, SelectField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import TextInput

from portal import clock
from portal.contacts.residence_form import ResidenceForm
from portal.directory.schools_and_kernen import SchoolRow, get_calendar, label_schools, list_schools
from portal.guide import attendance_rules, leave_rules
from portal.guide.attendance_rules import Outcome, ThresholdsByKey
from portal.guide.second_expert_rules import Expert
from portal.search.choices import SCHOOLS_BY_SLUG
from portal.text import clean_line, fold
from portal.typed_days import HOW_TO_TYPE_DAY
from portal.web.formatting import day
from portal.web.forms import DayField, choice_field
from portal.web.long_lists import offer

YES, NO = "ja", "nee"
_UNKNOWN = "dat weet ik nog niet"
_NUMBER = re.compile(r"-?\d{1,6}([.,]\d{1,2})?", re.ASCII)
_SHARED = ("school", "woont", "plaats")  # as they stand in an address


class NumberField(Field):
    """A number above 0, up to and including `most`, as people write it: 13, or 16,5 unless it must be `whole`."""

    widget = TextInput()
    data: Any  # a Decimal; None where nothing is filled in

    def __init__(self, label: str, *, most: int, whole: bool = True, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.most = most
        self.whole = whole

    def _value(self) -> str:
        return clean_line(" ".join(self.raw_data or []))

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = clean_line(valuelist[0]) if valuelist else ""
        example = "13" if self.whole else "16,5"
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"Vul een getal in, zoals {example}.")
        number = Decimal(text.replace(",", "."))
        if not 0 < number <= self.most:
            raise ValueError(f"Vul een getal in boven 0, tot en met {self.most}.")
        if self.whole and number != number.to_integral_value():
            raise ValueError("Vul een heel getal in, zoals 13.")
        self.data = number


class RequiredDayField(DayField):
    """A day that must be filled in."""

    data: Any  # a date; None where it is wrong

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        if self.data is None and not self.errors:
            raise ValidationError(HOW_TO_TYPE_DAY)


class YesNoField(SelectField):
    """A question with the answers yes and no; `missing` is the message where there is none."""

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
    """The school, and where the pupil lives: these decide whom to call. Each tool adds the questions of its rule."""

    school = choice_field("Welke school? (optioneel)", "school", "Kies een school uit de lijst.", default="")

    @property
    def tool_fields(self) -> list[Field]:
        """The questions of the tool itself, in their order."""
        return [field for field in self if field.name not in _SHARED]

    def display_value(self, field: Field) -> str:
        """The answer to a question, as text."""
        if isinstance(field, DayField) and field.data:
            return day(field.data)
        if isinstance(field, SelectField):
            return str(dict(field.choices).get(field.data, ""))
        return str(field._value())

    def set_schools(self, own: Sequence[SchoolRow]) -> None:
        """Offer the schools, grouped by municipality; those in `own` come first."""
        codes = {school.code for school in own}
        labels = label_schools(own)
        first = [("", "kies een school"), *((school.slug, labels[school.code]) for school in own)]

        def every() -> dict[str, list[tuple[str, str]]]:
            schools = list_schools()
            labels = label_schools(schools)
            groups = {"": first[:1]}
            for school in sorted(schools, key=lambda s: (s.code not in codes, fold(s.municipality_name))):
                group = "Mijn scholen" if school.code in codes else school.municipality_name
                groups.setdefault(group, []).append((school.slug, labels[school.code]))
            return groups

        offer(self.school, SCHOOLS_BY_SLUG, first, every)


class AttendanceForm(SchoolForm):
    """A question of the attendance card, which its rule answers."""

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        """The outcome for a valid form."""
        raise NotImplementedError


class LateForm(AttendanceForm):
    times = NumberField("Hoe vaak was de leerling te laat?", most=200, name="keer")

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        return attendance_rules.late(int(self.times.data), limits)


class IllForm(AttendanceForm):
    def decide(self, limits: ThresholdsByKey) -> Outcome:
        return attendance_rules.ill()


class AbsentForm(AttendanceForm):
    hours = NumberField("Hoeveel uur was de leerling weg?", most=500, whole=False, name="uren")
    first_day = RequiredDayField("Vanaf welke dag?", name="eerste")

    def validate_first_day(self, field: RequiredDayField) -> None:
        if field.data and field.data > clock.today():
            raise ValidationError("Deze dag moet nog komen. Kies vandaag of een eerdere dag.")

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        return attendance_rules.absent(self.hours.data, self.first_day.data, get_calendar(), limits)


class RegistrationForm(AttendanceForm):
    on = RequiredDayField("Op welke dag kwam of ging de leerling?", name="op")

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        return attendance_rules.registration(self.on.data, clock.today(), get_calendar(), limits)


class HolidayForm(AttendanceForm):
    first_day = RequiredDayField("Eerste dag van het verlof", name="eerste")
    last_day = RequiredDayField("Laatste dag van het verlof", name="laatste")
    for_work = YesNoField(
        "Kunnen de ouders door hun werk alleen dan weg?",
        missing="Kies of de ouders door hun werk alleen dan weg kunnen.",
        name="werk",
    )
    earlier = YesNoField(
        "Was er dit jaar al verlof voor vakantie?",
        missing="Kies of er dit jaar al verlof voor vakantie was.",
        name="eerder",
    )

    def validate_last_day(self, field: RequiredDayField) -> None:
        first, last = self.first_day.data, field.data
        if first and last and last < first:
            raise ValidationError("De laatste dag ligt voor de eerste dag. Pas een van beide aan.")
        if first and last and (last - first).days > 400:
            raise ValidationError("Dit is meer dan een jaar. Pas een van beide dagen aan.")

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        return leave_rules.holiday(
            self.first_day.data, self.last_day.data, for_work=self.for_work.is_yes, earlier=self.earlier.is_yes,
            today=clock.today(), calendar=get_calendar(), limits=limits,
        )  # fmt: skip


class CircumstancesForm(AttendanceForm):
    days = NumberField("Hoeveel dagen verlof?", most=200, name="dagen")
    first_day = RequiredDayField("Eerste dag van het verlof", name="eerste")
    forced = YesNoField(
        "Is het iets waar ouders en kind niets aan kunnen doen?",
        missing="Kies of ouders en kind er niets aan kunnen doen.",
        name="buiten",
    )

    def decide(self, limits: ThresholdsByKey) -> Outcome:
        days, first, forced = int(self.days.data), self.first_day.data, self.forced.is_yes
        return leave_rules.circumstances(days, first, forced=forced, today=clock.today(), limits=limits)


class IntelligenceTestForm(SchoolForm):
    has_problems = YesNoField(
        "Zijn er ook sociale of emotionele problemen?",
        missing="Kies of er ook sociale of emotionele problemen zijn.",
        name="problemen",
    )
    school_needs = YesNoField(
        "Heeft de school het nodig om te weten wat de leerling nodig heeft?",
        missing="Kies of de school het onderzoek nodig heeft.",
        name="nodig",
    )
    parents_want = YesNoField(
        "Willen de ouders het onderzoek?", missing="Kies of de ouders het onderzoek willen.", name="ouders"
    )


class SecondExpertForm(SchoolForm):
    first = choice_field(
        "Welke functie heeft de eerste deskundige?", "eerste", "Kies een functie uit de lijst.",
        "Kies de functie van de eerste deskundige.",
    )  # fmt: skip
    second = choice_field("Aan wie denk je als tweede? (optioneel)", "tweede", "Kies een functie uit de lijst.")
    is_involved = choice_field(
        "Is die echt betrokken bij de leerling? (optioneel)", "betrokken",
        "Kies of de tweede deskundige echt betrokken is.",
    )  # fmt: skip

    @property
    def involvement(self) -> bool | None:
        """Whether the second expert is involved; None: not answered."""
        return {YES: True, NO: False}.get(self.is_involved.data)

    def set_functions(self, experts: Iterable[Expert]) -> None:
        """Offer these functions for both experts."""
        functions = [(expert.key, expert.label) for expert in experts]
        self.first.choices = [("", "kies"), *functions]
        self.second.choices = [("", _UNKNOWN), *functions]
        self.is_involved.choices = [("", _UNKNOWN), (YES, "ja"), (NO, "nee")]
