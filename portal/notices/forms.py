"""The forms of the board: its filter, the start of a notice, a change, and what is told afterwards; and the questions
that the forms of several kinds ask: days and text, a role at schools, and who comes, for all posts or for each.

Fields have English names in the code and Dutch names in the page, in addresses and in kept forms.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, cast

from flask import request
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, ValidationError

from portal import clock
from portal.database.validity import day_after, last_day
from portal.directory.models import is_kern
from portal.directory.new_people_and_details import NewPerson
from portal.directory.places import list_municipality_choices
from portal.directory.schools_and_kernen import has_kernen
from portal.directory.similar_people import find_similar
from portal.notices import board
from portal.notices.announcing_afterwards import Announceable, is_ticked_beforehand
from portal.notices.choices import NEW_COLLEAGUE, Choices, Options, PostChoice
from portal.notices.days_and_phases import FIRST_DAY_TOO_FAR, LONGEST_AHEAD, LONGEST_BACK, Phase
from portal.notices.drafts import NEW, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.person_names import full_name
from portal.privacy.pupil_data import FreeTextField, GuardedForm
from portal.text import fold
from portal.typed_days import HOW_TO_TYPE_DAY
from portal.web.formatting import count
from portal.web.forms import (
    DayField,
    LookalikeField,
    MailAddressField,
    OneOf,
    PhoneField,
    QueryForm,
    TextField,
    choice_field,
    read_number,
)
from portal.web.long_lists import Findable, offer

NOBODY_LISTED = "Kies iemand uit de lijst."
NOBODY_BEGINS = "Kies wie er begint."


class BoardForm(QueryForm):
    """The filter of the board; a choice that is not there counts as none."""

    phase = choice_field("Stand", "stand", choices={"": "Gaat in en geldt nu"} | dict(Phase.choices()))
    kind = choice_field("Soort", "soort", choices={"": "alle soorten"} | dict(NoticeKind.choices()))
    municipality = choice_field("Gemeente", "gemeente")
    school = choice_field("School", "school")
    organisation = choice_field("Organisatie", "organisatie")

    def __init__(self) -> None:
        super().__init__()
        self.municipality.choices = list_municipality_choices()
        self.school.choices = [("", "alle scholen"), *board.list_schools(self.school.data or "")]
        self.organisation.choices = [("", "alle organisaties"), *board.list_organisations()]
        for field in self:
            if field.data not in dict(field.choices):
                field.data = ""


class AnnouncementForm(GuardedForm):
    """The organisations whose kernteams are told of a change set, and the text of the notices."""

    organisations = choice_field(
        "Van welke organisaties vertel je het?", "organisaties", "Kies organisaties uit de lijst.",
        "Kies ten minste één organisatie.", kind=SelectMultipleField,
    )  # fmt: skip
    text = FreeTextField(
        "Wat moeten de kernteams weten? (optioneel)", name="tekst",
        description="Kort, zonder namen van leerlingen of ouders.",
    )  # fmt: skip

    def __init__(self, organisations: Iterable[Announceable], *, is_import: bool) -> None:
        self.untold = {str(row.organisation or 0): row for row in organisations if not row.notice}
        ticked = [key for key, row in self.untold.items() if is_ticked_beforehand(row, is_import=is_import)]
        super().__init__(organisations=ticked)
        self.organisations.choices = [
            (key, f"{row.name}: {count(row.schools, 'school', 'scholen')}, {count(row.mails, 'mail', 'mails')}")
            for key, row in self.untold.items()
        ]

    @property
    def mails(self) -> int:
        """The number of mails of what is ticked."""
        ticked = self.organisations.data or ()
        return sum(row.mails for key, row in self.untold.items() if key in ticked)

    @property
    def chosen(self) -> list[Announceable]:
        """The chosen organisations, of a valid form."""
        return [self.untold[key] for key in self.organisations.data]


class StartForm(QueryForm):
    """The kind and the person of a new notice."""

    kind = choice_field("Wat verandert er?", "soort")
    person = choice_field("Over wie gaat het?", "persoon")


def asks_when_known() -> bool:
    """Whether a vacancy asks around which day it is known who comes: in a region with kernen."""
    return has_kernen()


class DatedForm(GuardedForm):
    """The days and the text of a notice; its kind labels the days."""

    day = DayField("", name="dag")
    last_day = DayField("", name="laatste_dag")
    text = FreeTextField(
        "Wat moeten de kernteams weten?", name="tekst", description="Kort, zonder namen van leerlingen of ouders."
    )

    def __init__(self, kind: NoticeKind, **data: Any) -> None:
        super().__init__(**data)
        self.kind = kind
        self.day.label.text, self.last_day.label.text = kind.day_label, kind.last_day_label
        if not kind.last_day_label:
            del self.last_day
        if kind in (NoticeKind.ORGANISATION, NoticeKind.NEWS):  # they hold nothing else
            self.text.missing = "Schrijf in een paar woorden wat er verandert."
        else:
            self.text.label.text += " (optioneel)"

    def validate_day(self, field: DayField) -> None:
        """Refuse no day, and a day far from today."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError(HOW_TO_TYPE_DAY)
        if not clock.today() - LONGEST_BACK <= field.data <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(FIRST_DAY_TOO_FAR)

    def validate_last_day(self, field: DayField) -> None:
        first = self.day.data if self.day else None
        if field.data and first and field.data < first:
            raise ValidationError("De laatste dag ligt voor de eerste dag. Kies een latere dag.")

    @property
    def valid_from(self) -> date:
        """The first day, of a valid form. A departure asks for the last working day before it."""
        day = cast(date, self.day.data)
        return day_after(day) if self.kind is NoticeKind.DEPARTURE else day

    @property
    def valid_until(self) -> date | None:
        """The day after the last day, where the kind has one and the author knows it."""
        return day_after(self.last_day.data) if self.last_day and self.last_day.data else None


class ChangeNoticeForm(DatedForm):
    """Another period or text for a notice; its first day is fixed once it has begun."""

    version = HiddenField(name="versie")
    tells = BooleanField("Mail een andere tekst aan iedereen die de melding kreeg.", name="mailen")

    def __init__(self, notice: Notice) -> None:
        is_departure = notice.kind is NoticeKind.DEPARTURE
        super().__init__(
            notice.kind,
            day=last_day(notice.valid_from) if is_departure else notice.valid_from,
            last_day=last_day(notice.valid_until) if notice.valid_until else None,
            text=notice.text,
            version=notice.row_version,
        )
        if clock.today() >= notice.valid_from:
            del self.day

    def change(self, draft: Draft) -> Draft:
        """The draft with the answers of this valid form."""
        return draft.move(
            self.valid_from if self.day else draft.valid_from,
            self.valid_until if self.last_day else draft.valid_until,
            self.text.data,
        )


class NoticeForm(DatedForm):
    """A notice before it is published; each kind is a class in `forms_of_kinds.py`."""

    kind: NoticeKind
    asks_per_post = False
    _unbound_fields: Any  # of WTForms

    row_versions = HiddenField(name="gezien")  # of the preview, see Effect.row_versions

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        # WTForms takes fields from a class; those of a row, such as a post, differ per request.
        self._unbound_fields = [*self._unbound_fields, *self.row_fields().items()]
        super().__init__(self.kind)

    def row_fields(self) -> dict[str, Any]:
        """The fields by name of which there is one per row of the directory."""
        return {}

    def answers(self) -> dict[str, Any]:
        """The answers of a valid form to the questions of its kind, as fields of a Draft."""
        return {}

    def draft(self) -> Draft:
        """The draft that a valid form describes."""
        return Draft(
            kind=self.kind,
            text=self.text.data,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            person=self.choices.person.id if self.choices.person else None,
            **self.answers(),
        )


class RoleForm(NoticeForm):
    """Asks for one role at one or more schools."""

    role = choice_field("Welke functie?", "functie", "Kies een functie uit de lijst.")
    find = TextField("Zoek een school, plaats of collega (optioneel)", name="zoek")
    schools = choice_field("Op welke scholen?", "scholen", kind=SelectMultipleField)

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        self.role.choices = choices.roles
        self.role.data = self.role.data or next((role for role, _ in choices.roles), None)
        self.offered = choices.list_schools(self.find.data, self.schools.data or (), self.role.data)
        self.schools.choices = [row for rows in self.offered.values() for row in rows]
        if self.role.data in choices.kern_roles:
            self.schools.label.text = "Voor welke kernen?"

    def list_schools(self) -> dict[str, list[tuple[str, str, str]]]:
        """The schools that are found, and the chosen ones, by municipality: code, label, and who
        holds the role there today."""
        codes = [code for code, _ in self.schools.choices]
        holders, wanted = self.choices.holders(self.role.data, codes), self.find.data or ""
        is_found = self.choices.has_many_schools
        found: dict[str, list[tuple[str, str, str]]] = {}
        for town, schools in self.offered.items():
            for code, label in schools:
                words = fold(f"{label} {town} {holders.get(code, '')}")
                if is_kern(code) != (self.role.data in self.choices.kern_roles):
                    continue
                is_chosen = is_found or code in (self.schools.data or ())
                if is_chosen or all(word in words for word in fold(wanted).split()):
                    found.setdefault(town, []).append((code, label, holders.get(code, "")))
        return found

    def validate_schools(self, field: SelectMultipleField) -> None:
        chosen = set(field.data or ())
        if not chosen or not chosen <= {code for code, _ in field.choices}:
            raise ValidationError("Kies ten minste een school.")
        self.choices.refuse_elsewhere(self.role.data, chosen)

    def answers(self) -> dict[str, Any]:
        schools = tuple(sorted(self.schools.data))
        return super().answers() | {"role": int(self.role.data), "schools": schools}


def ask_successor(label: str) -> SelectField:
    """The field for the person who comes."""
    return choice_field(label, "opvolger", NOBODY_LISTED)


def _name(label: str, name: str) -> TextField:
    """A part of the name of a new colleague."""
    return TextField(label, name=name, most=60, noun="Deze naam")


class SuccessorForm(NoticeForm):
    """Asks who comes: somebody from the list, or a new colleague with name and employer."""

    without: ClassVar[Options] = []  # the answers that name nobody
    missing = ""  # the message where nothing is chosen

    successor = ask_successor("Wie is de opvolger?")
    given_name = _name("Voornaam", "voornaam")
    infix = _name("Tussenvoegsel (optioneel)", "tussenvoegsel")
    family_name = _name("Achternaam", "achternaam")
    employer = choice_field("Organisatie van je nieuwe collega", "werkgever")
    phone = PhoneField("Telefoonnummer op het werk (optioneel)", name="telefoon")
    email = MailAddressField("E-mailadres op het werk (optioneel)", name="email")
    lookalike = LookalikeField(name="bedoeld")

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        offer(self.successor, self.people, [*self.without, NEW_COLLEAGUE])
        offer(self.employer, self.employers, self.choices.no_employer)
        # A new colleague who is typed in, while nobody is chosen yet, is the answer.
        if self.has_typed_person and not self.successor.data and not self.names_new_person:
            self.successor.data = NEW

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks whether the new colleague is somebody who is in the directory already."""
        if self.names_new_person:
            self._compare_with_known()
        return super().validate(extra_validators)

    def _compare_with_known(self) -> None:
        name = full_name(self.given_name.data, self.infix.data, self.family_name.data)
        similar = find_similar(name, read_number(self.employer.data), [self.phone.number], [self.email.data])
        is_free = self.kind is not NoticeKind.ABSENCE or self.choices.author.is_coordinator  # see `people`
        known = {one.person: one for one in similar if is_free or self.people.choose(str(one.person))}
        chosen = known.get(read_number(self.lookalike.data) or 0)
        if chosen:
            self._choose(str(chosen.person), chosen.label)
        elif request.form.get("stap") != "plaatsen":  # then the preview has asked
            barred = [one.label for one in similar if one.person not in known]
            self.lookalike.offer([(one.person, one.label, one.reason) for one in known.values()], barred)

    def _choose(self, person: str, label: str) -> None:
        """Let a known person (id) be the answer in the place of the new colleague."""
        for field in (self.successor, *self.post_fields):
            if field.data == NEW:
                field.data = person
            if person not in dict(field.choices):
                field.choices.append((person, label))
        for field in (self.given_name, self.infix, self.family_name, self.phone, self.email):
            field.data = ""
        self.employer.data = self.employer.choices[0][0]

    @property
    def employers(self) -> Findable:
        """The organisations of a new colleague."""
        is_absence = self.kind is NoticeKind.ABSENCE
        return self.choices.substitute_employers if is_absence else self.choices.employers

    @property
    def has_typed_person(self) -> bool:
        """Whether something is filled in about a new colleague."""
        typed = (self.given_name, self.infix, self.family_name, self.phone, self.email)
        default = self.employer.choices[0][0] if self.employer.choices else ""
        return any(field.data for field in typed) or self.employer.data not in (None, "", default)

    @property
    def people(self) -> Findable:
        """The people who can come. A substitute waits for no confirmation, so that a member chooses or
        adds one of their own organisation."""
        return self.choices.substitutes if self.kind is NoticeKind.ABSENCE else self.choices.successors

    @property
    def post_fields(self) -> list[SelectField]:
        """The field of each post, in the order of `choices.posts`, where the kind asks for it."""
        return []

    @property
    def names_new_person(self) -> bool:
        """Whether a choice asks for a new colleague."""
        return NEW in [field.data for field in (self.successor, *self.post_fields)]

    def validate_successor(self, field: SelectField) -> None:
        """Refuse no answer where one is needed, and another answer beside a new colleague who is filled in."""
        if self.has_typed_person and not self.names_new_person:
            raise ValidationError("Je vulde ook een nieuwe collega in. Kies die, of maak de velden leeg.")
        if self.missing and not field.data:
            raise ValidationError(self.missing)

    def validate_given_name(self, field: TextField) -> None:
        """Refuse a new colleague without any name; some people have one name only."""
        if self._lacks_name:
            raise ValidationError("Vul de voornaam van je nieuwe collega in.")

    def validate_family_name(self, field: TextField) -> None:
        """As for the given name."""
        if self._lacks_name:
            raise ValidationError("Vul de achternaam van je nieuwe collega in.")

    @property
    def _lacks_name(self) -> bool:
        return self.names_new_person and not (self.given_name.data or self.family_name.data)

    def validate_employer(self, field: SelectField) -> None:
        if self.names_new_person:
            if not field.data:
                raise ValidationError("Kies bij welke organisatie je nieuwe collega werkt.")
            OneOf("Kies een organisatie uit de lijst.")(self, field)

    def answers(self) -> dict[str, Any]:
        new = NewPerson(
            self.given_name.data, self.infix.data or "", self.family_name.data,
            int(self.employer.data), self.phone.number, self.email.data or "",
        ) if self.names_new_person else None  # fmt: skip
        return super().answers() | {"successor": self.successor.data or "", "new_person": new}


class PerPostForm(SuccessorForm):
    """Asks for every post of the person whether somebody else comes there."""

    asks_per_post = True
    per_post: ClassVar[Options]  # the answers for one post that name nobody

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        for post, field in zip(choices.posts, self.post_fields, strict=True):
            offer(field, self.people, [*self.without_at(post), NEW_COLLEAGUE])

    def without_at(self, post: PostChoice) -> Options:
        """The answers for a post that name nobody."""
        return [("", "zoals hierboven"), *self.per_post]

    def row_fields(self) -> dict[str, Any]:
        return {
            name: choice_field(f"{where}: {post.role}", name, NOBODY_LISTED)
            for post in self.choices.posts
            for name in [f"plek_{post.assignment}"]
            for where in [", ".join(filter(None, (post.school, post.place)))]
        }

    @property
    def post_fields(self) -> list[SelectField]:
        return [self[f"plek_{post.assignment}"] for post in self.choices.posts]

    def answers(self) -> dict[str, Any]:
        answered = zip(self.choices.posts, self.post_fields, strict=True)
        posts = {post.assignment: field.data for post, field in answered if field.data}
        return super().answers() | {"posts": posts}
