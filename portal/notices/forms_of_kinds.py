"""The form of each kind of notice, and of its completion.

Fields have English names in the code and Dutch names in the page, in addresses and in kept forms.
"""

from datetime import date
from typing import Any, ClassVar, cast

from wtforms import HiddenField, ValidationError

from portal import clock, phones
from portal.directory.models import ContactDetail, DetailKind, Organisation
from portal.notices.choices import REGION, Choices, Options, PersonChoice, PostChoice
from portal.notices.drafts import NEW, STAYS, UNKNOWN, VACANT, Draft
from portal.notices.forms import (
    NOBODY_BEGINS,
    NoticeForm,
    PerPostForm,
    RoleForm,
    SuccessorForm,
    ask_successor,
    asks_when_known,
)
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.search.choices import find_organisations
from portal.web.forms import DayField, MailAddressField, PhoneField, choice_field
from portal.web.long_lists import offer


class TakeoverForm(PerPostForm):
    """A colleague takes over posts of a person who stays."""

    kind = NoticeKind.TAKEOVER
    without: ClassVar[Options] = [("", "kies")]
    per_post: ClassVar[Options] = [(STAYS, "verandert niet"), (VACANT, "vacature")]
    missing = NOBODY_BEGINS


class ArrivalForm(SuccessorForm, RoleForm):
    """Somebody begins in a role at one or more schools."""

    kind = NoticeKind.ARRIVAL
    missing = NOBODY_BEGINS
    successor = ask_successor("Wie begint er?")

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        if hasattr(self.successor, "find_name"):  # one types a name first
            self.successor.choices.insert(0, ("", "kies"))
        else:
            self.successor.data = self.successor.data or NEW

    def begin_with(self, person: PersonChoice | None) -> None:
        """Let this person be the one who begins."""
        if person:
            self.successor.data = str(person.id)
            options = [*self.successor.choices, (str(person.id), person.label)]
            self.successor.choices = list(dict.fromkeys(options))

    def answers(self) -> dict[str, Any]:
        # The notice of a new colleague belongs to their organisation.
        organisation = int(self.employer.data) if self.names_new_person else None
        return super().answers() | {"organisation": organisation}


class DepartureForm(PerPostForm):
    """A person leaves and hands over all posts."""

    kind = NoticeKind.DEPARTURE
    without: ClassVar[Options] = [("", "nog niet bekend"), (VACANT, "niemand: vacature")]
    per_post: ClassVar[Options] = [(VACANT, "vacature"), (UNKNOWN, "nog niet bekend")]


class MoveForm(PerPostForm):
    """A person goes to work for another organisation, with other details and without the posts
    that somebody takes over."""

    kind = NoticeKind.MOVE
    without: ClassVar[Options] = [
        ("", "nog niet bekend"), (VACANT, "niemand: vacature"), (STAYS, "de plekken gaan mee"),
    ]  # fmt: skip
    per_post: ClassVar[Options] = [(VACANT, "vacature"), (UNKNOWN, "nog niet bekend"), (STAYS, "gaat mee")]
    successor = ask_successor("Wie neemt de scholen over?")
    organisation = choice_field(
        "Bij welke organisatie?", "naar", "Kies een organisatie uit de lijst.",
        "Kies bij welke organisatie iemand gaat werken.",
    )  # fmt: skip
    more_phone = PhoneField("Telefoonnummer vanaf die dag (optioneel)", name="nieuw_telefoon")
    more_email = MailAddressField("E-mailadres vanaf die dag (optioneel)", name="nieuw_email")

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        present = choices.person.organisation if choices.person else 0
        others = find_organisations(Organisation.id != present)
        offer(self.organisation, others, [("", "maak een keuze")])

    def answers(self) -> dict[str, Any]:
        return super().answers() | {
            "organisation": int(self.organisation.data),
            "more_phone": self.more_phone.number,
            "more_email": self.more_email.data or "",
        }


class CompletionForm(PerPostForm):
    """Other people for posts of a published notice, from a day on."""

    without: ClassVar[Options] = [("", "kies hieronder per school")]

    version = HiddenField(name="versie")
    successor = ask_successor("Wie komt er waar nu niemand is?")

    def __init__(self, notice: Notice, choices: Choices) -> None:
        self.kind = notice.kind
        self.notice = notice
        is_absence = notice.kind is NoticeKind.ABSENCE
        self.nobody: Options = [(UNKNOWN, "niemand" if is_absence else "nog niet bekend")]
        if not is_absence:
            self.nobody.append((VACANT, "vacature"))
        if choices.person and not is_absence:
            self.nobody.append((STAYS, f"toch {choices.person.name}"))
        super().__init__(choices)
        del self.text
        if self.last_day:
            del self.last_day
        self.day.label.text = "Vanaf welke dag?"
        self.day.data = self.day.data or max(clock.today(), notice.valid_from)

    def without_at(self, post: PostChoice) -> Options:
        stays = f"blijft zo: {post.present}" if post.present else "zoals hierboven"
        return [("", stays), *self.nobody]

    def validate_day(self, field: DayField) -> None:
        super().validate_day(field)
        over = self.notice.valid_until
        if field.data and (field.data < self.notice.valid_from or (over and field.data >= over)):
            raise ValidationError("Kies een dag waarop deze melding geldt.")

    def draft(self) -> Draft:
        answers = self.answers()
        open_posts = (post.assignment for post in self.choices.posts if not post.present)
        if answers["successor"]:
            answers["posts"] = dict.fromkeys(open_posts, answers["successor"]) | answers["posts"]
        person = self.choices.person.id if self.choices.person else None
        first = cast(date, self.day.data)
        return Draft(kind=self.kind, text="", valid_from=first, person=person, **answers)


class AbsenceForm(PerPostForm):
    """A person is absent for a while."""

    kind = NoticeKind.ABSENCE
    without: ClassVar[Options] = [("", "niemand")]
    per_post: ClassVar[Options] = [(UNKNOWN, "niemand")]
    successor = ask_successor("Wie vervangt?")


class DetailsForm(NoticeForm):
    """A person gets other numbers or addresses, or one more number."""

    kind = NoticeKind.DETAILS
    more_phone = PhoneField("Nog een telefoonnummer (optioneel)", name="extra_telefoon")

    def row_fields(self) -> dict[str, Any]:
        missing = "Vul een nummer of adres in. Verandert het niet? Laat het staan."
        return {
            f"gegeven_{row.id}": PhoneField("Telefoonnummer", default=phones.grouped(row.value), missing=missing)
            if row.kind == DetailKind.PHONE
            else MailAddressField("E-mailadres", default=row.value, missing=missing)
            for row in self.choices.details
        }

    @property
    def detail_fields(self) -> list[Any]:
        """The field of each number or address, in the order of `choices.details`."""
        return [self[f"gegeven_{row.id}"] for row in self.choices.details]

    def validate_more_phone(self, field: PhoneField) -> None:
        unchanged = all(self._new_value(row) == row.value for row in self.choices.details)
        if not field.data and unchanged:
            raise ValidationError("Er verandert nog niets. Vul een nieuw nummer of adres in.")

    def answers(self) -> dict[str, Any]:
        details = {row.id: self._new_value(row) for row in self.choices.details}
        return super().answers() | {"details": details, "more_phone": self.more_phone.number}

    def _new_value(self, row: ContactDetail) -> str:
        """The answer as the directory stores it."""
        text: str = self[f"gegeven_{row.id}"].data
        if text == phones.grouped(row.value):
            return row.value
        return phones.normalise(text) if row.kind == DetailKind.PHONE else text


class VacancyForm(RoleForm):
    """A role is vacant at one or more schools."""

    kind = NoticeKind.VACANCY
    known_on = DayField("Rond welke dag is bekend wie er komt? (optioneel)", name="bekend")

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        if not asks_when_known():
            del self.known_on

    def answers(self) -> dict[str, Any]:
        return super().answers() | ({"known_on": self.known_on.data} if self.known_on else {})


class OrganisationForm(NoticeForm):
    """Something changes at an organisation."""

    kind = NoticeKind.ORGANISATION
    organisation = choice_field("Over welke organisatie gaat het?", "organisatie", "Kies een organisatie uit de lijst.")

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        whole = [(REGION, "alle scholen van de regio")] if choices.author.is_coordinator else []
        offer(self.organisation, choices.organisations, whole)

    def answers(self) -> dict[str, Any]:
        text = self.organisation.data
        return super().answers() | {"organisation": int(text) if text.isdigit() else None}


class NewsForm(OrganisationForm):
    """Other news of an organisation or of the whole region."""

    kind = NoticeKind.NEWS


FORMS: dict[NoticeKind, type[NoticeForm]] = {
    form.kind: form
    for form in (
        TakeoverForm, ArrivalForm, DepartureForm, MoveForm, AbsenceForm, DetailsForm, VacancyForm,
        OrganisationForm, NewsForm,
    )
}  # fmt: skip
