"""The forms of a requester: a class per kind of request, a note, and a withdrawal; and those of the coordinator:
filters, the catalogue and the mailboxes.

The class of a kind is composed of the questions that the region lists for it. The questions are declared in the order
in which the page asks them, because WTForms lists fields and their errors in the order of declaration.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar

from wtforms import BooleanField, Form, RadioField, SelectField, SelectMultipleField, ValidationError

from portal.directory.places import list_municipality_choices
from portal.directory.schools_and_kernen import RoleRow, SchoolRow, label_schools, list_schools
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.region import RequestKind, RequestMailbox
from portal.requests.kinds import LEVEL_OF_SECTOR, Level, SubjectKind, list_kinds
from portal.requests.limits import MOST_PEOPLE
from portal.requests.models import Subject
from portal.requests.state_rules import CLOSED, OPEN, SENT, State
from portal.requests.statistics import label_year
from portal.search.choices import SCHOOLS
from portal.web.forms import (
    ChangeForm,
    DayField,
    MailAddressField,
    PhoneField,
    QueryForm,
    TextField,
    choice_field,
    from_today,
)
from portal.web.long_lists import offer

OTHER = "anders"  # an organisation outside the catalogue


def _period_until(name: str) -> Callable[[Form, DayField], None]:
    """A validator of the first day of a period; `name` is the field of its last day."""

    def check(form: Form, first: DayField) -> None:
        last = form[name].data
        if last and not first.data:
            raise ValidationError("Vul ook de eerste dag in.")
        from_today(form, first)
        if last and first.data and last < first.data:
            raise ValidationError("De laatste dag ligt voor de eerste dag.")

    return check


class Question(GuardedForm):
    """The fields that a page asks as one question."""


# Professionaliseren, juni 2021, “INTERVISIE” and the list beside it.
class SessionFormQuestion(Question):
    session_form = choice_field(
        "Wat zoek je?", "vorm", "Kies wat je zoekt.", kind=RadioField,
        choices={"eigen": "Met ons eigen kernteam", "mlb": "Een MLB (methodische leerbijeenkomst) onder begeleiding"},
    )  # fmt: skip


class TopicQuestion(Question):
    topic = choice_field(
        "Waar gaat het over?", "waarover", "Kies waar het over gaat.", kind=RadioField,
        choices={"casus": "Rond casuïstiek", "samenwerking": "Rond samenwerking"},
    )  # fmt: skip


# Professionaliseren, juni 2021, “Nog geen kernteam of een nieuwe impuls nodig?”
class ReasonQuestion(Question):
    reason = choice_field(
        "Waarom vraag je dit?", "reden", "Kies waarom je dit vraagt.", kind=RadioField,
        choices={
            "geen": "We hebben nog geen kernteam",
            "wisselingen": "Er zijn veel wisselingen geweest",
            "sparren": "We willen sparren over de voortgang",
        },
    )  # fmt: skip


class ThemeQuestion(Question):
    subject = choice_field("Over welk thema?", "onderwerp", "Kies een thema uit de lijst.", "Kies een thema.")

    def offer_subjects(self, subjects: Iterable[Subject]) -> None:
        """Set the themes that can be chosen."""
        self.subject.choices = [("", "kies een thema"), *((row.key, row.name) for row in subjects)]


class OrganisationQuestion(Question):
    """An organisation of the catalogue, or another one by name."""

    subject = choice_field(
        "Over welke organisatie?", "onderwerp", "Kies een organisatie uit de lijst.", "Kies een organisatie."
    )
    other_organisation = FreeTextField("Welke organisatie is het?", name="welke", most=100, rows=1)

    def offer_subjects(self, subjects: Iterable[Subject]) -> None:
        """Set the organisations that can be chosen."""
        self.subject.choices = [
            ("", "kies een organisatie"),
            *((row.key, row.name) for row in subjects),
            (OTHER, "Een andere organisatie"),
        ]

    def validate_other_organisation(self, field: FreeTextField) -> None:
        """Required where none of the catalogue is chosen, and only there."""
        if self.subject.data == OTHER and not field.data:
            raise ValidationError("Vul in welke organisatie je zoekt.")
        if self.subject.data != OTHER and field.data:
            raise ValidationError("Kies hierboven “Een andere organisatie”, of maak dit leeg.")


class SchoolQuestion(Question):
    """An open school of the region."""

    school = choice_field("School", "school", "Kies een school uit de lijst.", "Kies een school.")

    def offer_schools(self, own: Collection[str], list_known: Callable[[str], Sequence[SchoolRow]]) -> None:
        """Set the schools that can be chosen, those of the requester (codes) first. `list_known` gives these, and the
        one with the code that is chosen ("": none)."""
        labels = label_schools([row for row in list_known(self.school.data or "") if row.code in own])
        mine = [("", "kies een school"), *labels.items()]

        def every() -> Any:
            others = [pair for pair in label_schools(list_schools()).items() if pair[0] not in own]
            if not own:
                return [*mine, *others]
            return {"Jouw scholen": mine, "Andere scholen": others}

        offer(self.school, SCHOOLS, mine, every)
        known = list_known(self.school.data or "")  # `offer` may have found another one
        self._levels = {row.code: LEVEL_OF_SECTOR.get(row.sector) for row in known}

    @property
    def level(self) -> Level | None:
        """The level of the school; None where the school may be either, or none is chosen."""
        return self._levels.get(self.school.data or "")


class SessionSchoolQuestion(SchoolQuestion):
    chosen_level = choice_field(
        "Voor wie is het?", "niveau", "Kies voor wie het is.",
        choices={
            "": "zoals de school",
            Level.PO.value: "Primair onderwijs (PO)",
            Level.VO.value: "Voortgezet onderwijs (VO)",
            Level.BOTH.value: "PO en VO samen",
        },
    )  # fmt: skip
    accept_duplicate = BooleanField("Ik wil toch een nieuwe aanvraag versturen.", name="toch")

    @property
    def level(self) -> Level | None:
        """The chosen level, otherwise that of the school; None where that may be either."""
        return Level(self.chosen_level.data) if self.chosen_level.data else super().level

    def validate_chosen_level(self, field: SelectField) -> None:
        """Required where the school does not decide."""
        if self.school.data in self._levels and not field.data and not self.level:
            raise ValidationError("Deze school kan bij PO en bij VO horen. Kies voor wie het is.")


class SchoolAddressQuestion(Question):
    """The address and the telephone number of the school."""

    address = TextField("Adres van de school", name="adres", missing="Vul het adres van de school in.", most=200)
    school_phone = PhoneField(
        "Telefoonnummer van de school", name="telefoon_school", missing="Vul het telefoonnummer van de school in."
    )


class ExpertiseQuestion(Question):
    expertise = FreeTextField("Welke expertise is al in huis? (optioneel)", name="in_huis", most=1000, rows=3)


class ParticipantsQuestion(Question):
    """The number of participants, and their roles."""

    group_size = TextField("Met hoeveel mensen zijn jullie?", name="aantal", render_kw={"inputmode": "numeric"})
    roles = choice_field(
        "Wie doen er mee? (optioneel)", "functies", "Kies functies uit de lijst.", kind=SelectMultipleField
    )

    def offer_roles(self, roles: Iterable[RoleRow]) -> None:
        """Set the roles that can be chosen: those of a kernteam."""
        self.roles.choices = [(role.key, role.label) for role in roles if role.member]

    def validate_group_size(self, field: TextField) -> None:
        """A whole number from 1 to 500."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PEOPLE):
            raise ValidationError(f"Vul een getal in van 1 tot en met {MOST_PEOPLE}.")


class PeriodsQuestion(Question):
    """Three possible days or periods, all optional; the last day counts."""

    first_day_1 = DayField("Eerste keus", name="dag_1", validators=[_period_until("last_day_1")])
    last_day_1 = DayField("tot en met", name="tot_1")
    first_day_2 = DayField("Tweede keus", name="dag_2", validators=[_period_until("last_day_2")])
    last_day_2 = DayField("tot en met", name="tot_2")
    first_day_3 = DayField("Derde keus", name="dag_3", validators=[_period_until("last_day_3")])
    last_day_3 = DayField("tot en met", name="tot_3")

    @property
    def periods(self) -> list[tuple[date, date]]:
        """The first and the last day of each period that is filled in."""
        pairs = [(self[f"first_day_{number}"].data, self[f"last_day_{number}"].data) for number in (1, 2, 3)]
        return [(first, last or first) for first, last in pairs if first]


class GoalQuestion(Question):
    goal = FreeTextField("Wat willen jullie bereiken? (optioneel)", name="wens")


class ContactQuestion(Question):
    name = TextField("Je naam", name="naam", missing="Vul je naam in.")
    job_title = TextField("Je functie (optioneel)", name="functie")
    email = MailAddressField("Je e-mailadres op je werk", missing="Vul je e-mailadres in.")


class SessionContactQuestion(ContactQuestion):
    """The requester, with a telephone number."""

    phone = PhoneField("Je telefoonnummer (optioneel)", name="telefoon")


class RequestForm(SchoolQuestion, ContactQuestion):
    """The questions of every kind of request. Call the `offer_…` methods before `validate`."""

    kind: ClassVar[RequestKind]


class SessionForm(SessionSchoolQuestion, SessionContactQuestion, RequestForm):
    """The questions of every kind of session."""


class AccountForm(RequestForm):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job_title.label.text = "Je functie"

    def validate_job_title(self, field: TextField) -> None:
        if not field.data:
            raise ValidationError("Vul je functie in.")


QUESTIONS: dict[str, type[Question]] = {
    "session_form": SessionFormQuestion,
    "topic": TopicQuestion,
    "reason": ReasonQuestion,
    "school_address": SchoolAddressQuestion,
    "expertise": ExpertiseQuestion,
    "participants": ParticipantsQuestion,
    "periods": PeriodsQuestion,
    "goal": GoalQuestion,
}
SUBJECT_QUESTIONS: dict[str, type[Question]] = {
    SubjectKind.THEME: ThemeQuestion,
    SubjectKind.ORGANISATION: OrganisationQuestion,
}


@cache
def form_class(kind: RequestKind) -> type[RequestForm]:
    """The form of a kind: that of sessions or accounts, with the questions that the region adds."""
    questions = QUESTIONS | {"subject": SUBJECT_QUESTIONS.get(kind.subjects, Question)}
    added = [questions[key] for key in kind.questions if key in questions]
    base = SessionForm if kind.is_session else AccountForm
    return type("KindForm", (*added, base), {"kind": kind})


class NoteForm(GuardedForm):
    """A note that the requester adds."""

    note = FreeTextField("Wat wil je toevoegen?", name="bericht", missing="Vul in wat je wilt toevoegen.", rows=3)


class WithdrawForm(GuardedForm):
    """The reason why a requester withdraws a request."""

    reason = FreeTextField(
        "Waarom trek je de aanvraag in?", name="reden", missing="Vul in waarom je de aanvraag intrekt.",
        most=1000, rows=3,
    )  # fmt: skip


class ConfirmForm(ChangeForm):
    """The button that sends an unconfirmed request."""


class ListForm(QueryForm):
    """The filter of the list of requests."""

    GROUPS: ClassVar[dict[str, Collection[State]]] = {"": OPEN, "afgesloten": CLOSED, "alle": SENT}

    state = choice_field(
        "Staat", "staat", "Kies een staat uit de lijst.",
        choices={"": "open"} | {state.value: state.label for state in SENT}
        | {group: group for group in GROUPS if group},
    )  # fmt: skip
    kind = choice_field("Soort", "soort", "Kies een soort uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")

    def __init__(self) -> None:
        super().__init__()
        self.kind.choices = [("", "alle soorten"), *((kind.key, kind.name) for kind in list_kinds())]
        self.municipality.choices = list_municipality_choices()

    @property
    def filters(self) -> dict[str, Any]:
        """The choices of a valid form, as `queries.list_requests` takes them."""
        chosen = self.state.data or ""
        return {
            "states": self.GROUPS[chosen] if chosen in self.GROUPS else (State(chosen),),
            "kind": self.kind.data or "", "municipality": self.municipality.data or "", "or_unread": not chosen,
        }  # fmt: skip


class YearForm(QueryForm):
    """The school year of the statistics, of these (each by the year in which it begins)."""

    school_year = choice_field("Schooljaar", "schooljaar", "Kies een schooljaar uit de lijst.")

    def __init__(self, years: Iterable[int]) -> None:
        super().__init__()
        self.school_year.choices = [("", "alle jaren"), *((str(year), label_year(year)) for year in years)]


class SubjectForm(GuardedForm):
    """A theme or organisation of the catalogue."""

    kind = choice_field(
        "Wat is het?", "soort", "Kies of het een thema of een organisatie is.", kind=RadioField,
        choices={kind.value: f"Een {kind.label}" for kind in SubjectKind},
    )  # fmt: skip
    name = TextField("Naam", name="naam", missing="Vul een naam in.", most=80, noun="Deze naam")
    explanation = FreeTextField(
        "Uitleg in één zin", name="uitleg", missing="Leg in één zin uit wat het is.", most=200, rows=2
    )
    given_by = TextField("Wie kan dit geven? (optioneel)", name="door")
    is_offered = BooleanField("Scholen kunnen dit nu aanvragen.", name="aangeboden")


class MailboxForm(ChangeForm):
    """The address of each mailbox of a region, by its key."""

    @classmethod
    def of(cls, mailboxes: Iterable[RequestMailbox]) -> "type[MailboxForm]":
        """The form with a field for each of these mailboxes."""
        missing = "Vul je e-mailadres in."
        fields = {row.key: MailAddressField(row.label, missing=missing) for row in mailboxes}
        return type("MailboxForm", (cls,), fields)
