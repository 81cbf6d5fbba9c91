"""The forms of meetings: planning, the agenda, answers, and how a meeting went."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, RadioField, SelectMultipleField, ValidationError

from portal import clock
from portal.directory.schools_and_kernen import get_calendar
from portal.meetings import queries
from portal.meetings.days_and_deadlines import (
    FREQUENCIES,
    LONGEST_SERIES,
    MOST_DAYS,
    ask_about_days,
    list_days,
    list_evaluation_days,
    moment,
    refuse_days,
)
from portal.meetings.expected_people import list_expected, list_leading_roles
from portal.meetings.kinds import Consent, Discussion, MeetingState, Outcome, Reply, SlotKind, Subject
from portal.meetings.models import Meeting, MeetingSlot
from portal.meetings.permissions import list_workplaces
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.text import clean_line
from portal.typed_days import read_day
from portal.web.formatting import weekday
from portal.web.forms import ChangeForm, DayField, Filled, HourField, TextField, choice_field, from_today
from portal.web.long_lists import Options

_CHOOSE = [("", "kies")]


class DaysField(Field):
    """The days of a series, each in an input of its own; an empty one is left out."""

    data: list[date]

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, **options)
        self.typed: list[str] = []

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = [text for value in valuelist[:MOST_DAYS] if (text := clean_line(value))]
        self.data = []
        for text in self.typed:
            try:
                self.data.append(read_day(text))
            except ValueError:
                raise ValueError(f"‘{text[:20]}’ is geen dag. Vul in zoals 1-2-2027.") from None

    def propose(self, days: list[date]) -> None:
        """Show these days."""
        self.data = days[:MOST_DAYS]
        self.typed = [day.isoformat() for day in self.data]


class _SeriesFields:
    """The first fields of the form of a series. WTForms lists fields and messages in the order in
    which the fields are made; a base class puts these above the hours."""

    workplace = choice_field("Van wie is het overleg?", "van", "Kies uit de lijst.", "Kies van wie het overleg is.")
    first = DayField("Eerste dag", name="eerste", validators=[Filled("Vul de eerste dag in."), from_today])
    weeks = choice_field("Hoe vaak?", "vaak", "Kies uit de lijst.")
    last = DayField("Laatste dag (optioneel)", name="laatste")


class _DayFields:
    day = DayField("Dag", name="dag", validators=[Filled("Vul de dag in."), from_today])


class _HoursForm(GuardedForm):
    """Hours, place and leader, with the field `day` of a meeting or the `days` of a series."""

    begins: Any = HourField("Begint om", name="begin", validators=[Filled("Vul in hoe laat het overleg begint.")])
    ends: Any = HourField("Eindigt om", name="eind", validators=[Filled("Vul in hoe laat het overleg eindigt.")])
    place = TextField("Waar is het?", name="plaats", missing="Vul in waar het is.", most=100)
    leader = choice_field("Wie leidt het overleg?", "leider", "Kies een functie uit de lijst.", "Kies wie leidt.")
    schools_only = BooleanField("Alleen voor de scholen. Anderen zien dit overleg nergens.", name="alleen_scholen")
    accept_free_day = BooleanField("Ik plan het toch op deze dag.", name="toch")
    workplace_code = ""
    may_be_schools_only = False

    def set_up(self, code: str, *, may_be_schools_only: bool) -> None:
        """Fit the form to a school or kern (code); "" where none is chosen yet."""
        self.workplace_code, self.may_be_schools_only = code, may_be_schools_only
        self.leader.choices = [*_CHOOSE, *list_leading_roles()]

    def validate_leader(self, field: Field) -> None:
        """Refuse a role that nobody at this school or kern has today, or that takes no part."""
        today = clock.today()
        group = list_workplaces(self.workplace_code, today)
        only = bool(self.schools_only.data)
        if field.data not in dict(list_leading_roles(group, today, schools_only=only)):
            raise ValidationError("Niemand daar heeft deze functie. Kies een andere.")

    def validate_begins(self, field: HourField) -> None:
        """Refuse an hour that the clock skips on one of these days."""
        self._refuse_skipped(field)

    def validate_ends(self, field: HourField) -> None:
        self._refuse_skipped(field)
        if self.begins.data and field.data <= self.begins.data:
            raise ValidationError("Het overleg eindigt voordat het begint.")

    def _days(self) -> list[date]:
        """The days on which the hours have to exist: of a series, or the day of a meeting."""
        if "days" in self:
            return self["days"].data or []
        return list(filter(None, [self["day"].data]))

    def _refuse_skipped(self, field: HourField) -> None:
        hour: Any = field.data
        for day in self._days():
            try:
                moment(day, hour)
            except ValueError:
                message = f"Op {weekday(day)} gaat de klok vooruit. Dit tijdstip bestaat dan niet."
                raise ValidationError(message) from None

    def validate_schools_only(self, field: BooleanField) -> None:
        """Refuse a meeting for schools only that somebody plans who works for no school: they may not see it."""
        if field.data and not self.may_be_schools_only:
            raise ValidationError("Alleen wie op een van de scholen werkt, kan dit kiezen.")

    def validate_accept_free_day(self, field: BooleanField) -> None:
        """Ask whether a day without school is meant."""
        if not field.data and (question := ask_about_days(self._days(), get_calendar())):
            raise ValidationError(question)


class SeriesForm(_SeriesFields, _HoursForm):
    """Plans one meeting or a series; the days are proposed first, each to change."""

    days = DaysField("Dagen", name="dag")
    left_out: Sequence[date] = ()

    def __init__(self, groups: Options, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.workplace.choices = [*_CHOOSE, *groups]
        self.weeks.choices = [(str(weeks), label) for weeks, label in FREQUENCIES.items()]
        if len(groups) == 1 and not self.workplace.data:
            self.workplace.data = groups[0][0]

    def propose_days(self) -> None:
        """Fill in the days of a valid form."""
        first: Any = self.first.data
        weeks = int(self.weeks.data or 0)
        if not weeks:
            self.days.propose([first])
        else:
            days, self.left_out = list_days(first, self.last.data or first, weeks, get_calendar())
            self.days.propose(days)

    def validate_last(self, field: DayField) -> None:
        """Refuse a series without a last day, or with one before its first day or more than a year later."""
        if self.weeks.data in ("0", "", None) or not self.first.data:
            return
        if not field.data:
            raise ValidationError("Vul in tot en met welke dag de reeks loopt.")
        if not self.first.data <= field.data <= self.first.data + LONGEST_SERIES:
            raise ValidationError("Kies een laatste dag binnen een jaar na de eerste.")

    def validate_days(self, field: DaysField) -> None:
        """Refuse a day before today, and the same day twice."""
        if refusal := refuse_days(field.data or (), clock.today()):
            raise ValidationError(refusal)


class MeetingForm(_DayFields, _HoursForm):
    version = HiddenField(name="versie")

    def __init__(self, meeting: Meeting, **kwargs: Any) -> None:
        known = {"leader": meeting.leader.key, "version": meeting.row_version}
        super().__init__(data={**meeting.__data__, **known}, **kwargs)

    def columns(self) -> dict[str, Any]:
        """The answers by column, without the leader."""
        names = ("day", "begins", "ends", "place", "schools_only")
        return {name: self[name].data for name in names}

    @property
    def asked(self) -> list[Field]:
        return [self.day, self.begins, self.ends, self.place, self.leader, self.schools_only]


class _SlotForm(GuardedForm):
    """A slot of an agenda: how long it takes."""

    minutes = choice_field("Hoeveel minuten?", "minuten", "Kies uit de lijst.")
    version = HiddenField(name="versie")

    def __init__(self, slot: MeetingSlot | None = None, **kwargs: Any) -> None:
        known = dict(slot.__data__) if slot else {"minutes": 20}
        known |= {"version": slot.row_version if slot else "", "minutes": str(known["minutes"])}
        super().__init__(data=known | self.present(slot) if slot else known, **kwargs)
        self.minutes.choices = [(str(n), f"{n} minuten") for n in (5, 10, 15, 20, 30, 45, 60)]

    @staticmethod
    def present(slot: MeetingSlot) -> dict[str, Any]:
        """The values of fields for a slot, where they are not those of its columns."""
        return {}

    @property
    def asked(self) -> list[Field]:
        return [field for field in self if field not in (self.version, self.is_checked)]

    def columns(self) -> dict[str, Any]:
        return {"minutes": int(self.minutes.data)}


class CaseForm(_SlotForm):
    """A case: no name and no text. Which child it is stands on the school's own paper."""

    discussion = choice_field(
        "Welke bespreking?", "bespreking", "Kies uit de lijst.", kind=RadioField,
        missing="Kies welke bespreking het is.",
    )  # fmt: skip
    consent = choice_field("Zijn de ouders akkoord met de bespreking?", "toestemming", "Kies uit de lijst.")
    is_shared = choice_field("Is het groeidocument veilig gedeeld?", "gedeeld", "Kies uit de lijst.")
    coordinator = choice_field("Welke functie heeft de casuscoördinator?", "coordinator", "Kies een functie.")

    def __init__(self, roles: Options, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.discussion.choices = Discussion.choices()
        self.consent.choices = [("", "nog niet bekend"), *Consent.choices()]
        self.is_shared.choices = [("", "nog niet bekend"), ("ja", "ja"), ("nee", "nee")]
        self.coordinator.choices = [("", "nog niet gekozen"), *roles]

    @staticmethod
    def present(slot: MeetingSlot) -> dict[str, Any]:
        """The shared document and the coordinator as choices."""
        shared = {None: "", True: "ja", False: "nee"}[slot.is_shared]
        coordinator = slot.coordinator.key if slot.coordinator else ""
        return {"is_shared": shared, "coordinator": coordinator}

    def columns(self) -> dict[str, Any]:
        return super().columns() | {
            "discussion": self.discussion.data,
            "consent": self.consent.data or None,
            "is_shared": {"ja": True, "nee": False}.get(self.is_shared.data),
            "coordinator": self.coordinator.data or None,
        }


class PointForm(_SlotForm):
    """A general slot: a subject from the list, and one line that is guarded."""

    subject = choice_field("Onderwerp", "onderwerp", "Kies uit de lijst.", "Kies een onderwerp.")
    line = FreeTextField("Waarover, in één regel? Niet over een leerling (optioneel)", name="regel", most=100, rows=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject.choices = [*_CHOOSE, *Subject.choices()]

    def validate_line(self, field: FreeTextField) -> None:
        if "\n" in (field.data or ""):
            raise ValidationError("Gebruik één regel.")

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"subject": self.subject.data, "line": self.line.data or ""}


class ReportForm(ChangeForm):
    """How a meeting went: held or not, who was there, and per slot how it goes on."""

    held = choice_field(
        "Is het overleg doorgegaan?", "doorgegaan", "Kies uit de lijst.", "Kies ja of nee.", kind=RadioField
    )
    present = choice_field("Wie waren er?", "aanwezig", "Kies uit de lijst.", kind=SelectMultipleField)
    version = HiddenField(name="versie")

    @classmethod
    def of(cls, slots: Iterable[MeetingSlot]) -> type["ReportForm"]:
        """The form with a question for each slot."""
        fields = {
            f"slot_{slot.id}": choice_field("", f"punt-{slot.id}", "Kies uit de lijst.", kind=RadioField)
            for slot in slots
        }
        return type("ReportForm", (cls,), fields)

    def __init__(self, meeting: Meeting, slots: Sequence[MeetingSlot]) -> None:
        """The form of a meeting with these slots: its own, and those of which the case is evaluated there."""
        self.slots = slots
        self.days = list_evaluation_days(meeting.day, queries.list_days(meeting), get_calendar())
        known: dict[str, Any] = {"version": meeting.row_version}
        if meeting.state != MeetingState.PLANNED:
            known["held"] = "ja" if meeting.state == MeetingState.HELD else "nee"
        known["present"] = [
            str(who) for who, seen in queries.list_participants(meeting).items()
            if seen.was_present or (seen.was_present is None and seen.reply == Reply.COMING)
        ]  # fmt: skip
        known |= {f"slot_{slot.id}": self._show_outcome(slot) for slot in slots if slot.meeting_id == meeting.id}
        super().__init__(data=known)
        self.held.choices = [("ja", "ja"), ("nee", "nee")]
        self.present.choices = [
            (str(who.person), f"{who.name}, {', '.join(who.roles)}") for who in list_expected(meeting)
        ]
        plain = [(outcome.value, outcome.label) for outcome in (Outcome.DONE, Outcome.FOLLOW_UP)]
        later = [(months, f"evaluatie op {weekday(day)}") for months, day in self.days.items()]
        for slot in slots:
            more = later if slot.kind == SlotKind.CASE else []
            self[f"slot_{slot.id}"].choices = [("", "niet besproken"), *plain, *more]

    def _show_outcome(self, slot: MeetingSlot) -> str:
        if slot.outcome != Outcome.EVALUATION:
            return str(slot.outcome or "")
        return next((months for months, day in self.days.items() if day == slot.evaluate_on), "3")

    def read_outcomes(self) -> dict[int, tuple[Outcome | None, date | None]]:
        """Per slot (id) how its case goes on, and the day of its evaluation."""
        return {slot.id: self._read_outcome(self[f"slot_{slot.id}"].data) for slot in self.slots}

    def _read_outcome(self, value: str) -> tuple[Outcome | None, date | None]:
        if value in self.days:
            return Outcome.EVALUATION, self.days[value]
        return (Outcome(value) if value else None), None
