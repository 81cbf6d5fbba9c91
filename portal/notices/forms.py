"""What is asked for each kind of notice. Every field that a kind does not need is left out."""

from datetime import timedelta
from typing import Any, NamedTuple

from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.validators import Length

from portal import clock, phones
from portal.accounts.forms import mailable
from portal.directory.assignments import NewPerson
from portal.directory.models import DetailKind
from portal.directory.validity import day_after, last_day
from portal.notices import kinds
from portal.notices.choices import Choices, DetailChoice, PersonChoice, PostChoice
from portal.notices.drafts import NEW, STAYS, UNKNOWN, VACANT, Draft
from portal.notices.kinds import KINDS
from portal.notices.models import Notice
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.web.forms import DayField, QueryForm, chosen, strip_control_chars

_BACK, _AHEAD = timedelta(days=366), timedelta(days=2 * 366)


class BoardForm(QueryForm):
    """What to see of the board."""

    stand = SelectField("Stand", validate_choice=False)
    soort = SelectField("Soort", validate_choice=False)
    gemeente = SelectField("Gemeente", validate_choice=False)
    school = SelectField("School", validate_choice=False)
    organisatie = SelectField("Organisatie", validate_choice=False)


class StartForm(QueryForm):
    """What changes, and for whom."""

    soort = SelectField("Wat verandert er?", validate_choice=False)
    persoon = SelectField("Over wie gaat het?", validate_choice=False)


class FormChoices(NamedTuple):
    """What one may choose from."""

    person: PersonChoice | None
    posts: list[PostChoice]
    details: list[DetailChoice]
    successors: list[PersonChoice]
    may_be_new: bool  # whether one of them may be somebody whom the portal does not know
    employers: Choices
    roles: Choices
    schools: dict[str, Choices]
    own_roles: set[str]  # roles (ids) that they may fill at their own schools only
    own: set[str]  # those schools (codes)
    organisations: Choices


class _Days(GuardedForm):
    """The days and the words that every notice has."""

    dag = DayField("Eerste dag")
    laatste_dag = DayField("Laatste dag")
    tekst = FreeTextField(
        "Wat moeten de kernteams weten?",
        missing="Schrijf in een paar woorden wat er verandert.",
        description="Kort, zonder namen van leerlingen of ouders.",
    )

    def validate_dag(self, field: DayField) -> None:
        """A day around now."""
        if field.errors:
            return
        if field.data is None:
            raise ValidationError("Vul een dag in, zoals 1-2-2027.")
        if not clock.today() - _BACK <= field.data <= clock.today() + _AHEAD:
            raise ValidationError("Kies een dag van een jaar terug tot twee jaar vooruit.")

    def validate_laatste_dag(self, field: DayField) -> None:
        """Not before the first day."""
        first = self.dag.data if self.dag else None
        if field.data and first and field.data < first:
            raise ValidationError("De laatste dag ligt voor de eerste dag. Kies een latere dag.")


class NoticeForm(_Days):
    """A notice before it is posted; `make_form` adds what its kind asks."""

    sleutel = HiddenField()
    gezien = HiddenField()

    opvolger = SelectField("Wie?", validate_choice=False)
    functie = SelectField("Welke functie?", validate_choice=False)
    scholen = SelectMultipleField("Op welke scholen?", validate_choice=False)
    organisatie = SelectField("Over welke organisatie gaat het?", validate_choice=False)
    extra_telefoon = StringField(
        "Nog een telefoonnummer (optioneel)", filters=[strip_control_chars]
    )
    voornaam = StringField("Voornaam", filters=[strip_control_chars])
    tussenvoegsel = StringField("Tussenvoegsel (optioneel)", filters=[strip_control_chars])
    achternaam = StringField("Achternaam", filters=[strip_control_chars])
    werkgever = SelectField("Organisatie van je nieuwe collega", validate_choice=False)
    telefoon = StringField("Telefoonnummer op het werk (optioneel)", filters=[strip_control_chars])
    email = StringField("E-mailadres op het werk (optioneel)", filters=[strip_control_chars])

    kind = ""
    offer: FormChoices

    @property
    def post_fields(self) -> list[Any]:
        """Per post of the person the field that asks who takes it over."""
        return [self[f"plek_{post.assignment}"] for post in self.offer.posts]

    @property
    def detail_fields(self) -> list[Any]:
        """Per number or address of the person the field for its new value."""
        return [self[f"gegeven_{detail.id}"] for detail in self.offer.details]

    @property
    def names_somebody_new(self) -> bool:
        """Whether a choice asks for somebody whom the portal does not know."""
        chosen = [self.opvolger.data] if "opvolger" in self else []
        return NEW in [*chosen, *(field.data for field in self.post_fields)]

    def validate_opvolger(self, field: SelectField) -> None:
        """Somebody from the list; with an arrival that is a must."""
        _somebody_listed(self, field)
        if self.kind in (kinds.ARRIVAL, kinds.TAKEOVER) and not field.data:
            raise ValidationError("Kies wie er begint.")

    def validate_functie(self, field: SelectField) -> None:
        """A role from the list."""
        chosen(field, "Kies een functie uit de lijst.")

    def validate_organisatie(self, field: SelectField) -> None:
        """An organisation from the list."""
        chosen(field, "Kies een organisatie uit de lijst.")

    def validate_werkgever(self, field: SelectField) -> None:
        """An organisation from the list."""
        if self.names_somebody_new:
            if not field.data:
                raise ValidationError("Kies bij welke organisatie je nieuwe collega werkt.")
            chosen(field, "Kies een organisatie uit de lijst.")

    def validate_scholen(self, field: SelectMultipleField) -> None:
        """At least one school from the list."""
        known = {code for choices in self.offer.schools.values() for code, _ in choices}
        if not field.data or not set(field.data) <= known:
            raise ValidationError("Kies ten minste een school.")
        if self.functie.data in self.offer.own_roles and not set(field.data) <= self.offer.own:
            raise ValidationError("Kies bij deze functie alleen je eigen school.")

    def validate_voornaam(self, field: StringField) -> None:
        """A name, where somebody is new."""
        self._name(field, "Vul de voornaam van je nieuwe collega in.")

    def validate_achternaam(self, field: StringField) -> None:
        """A name, where somebody is new."""
        self._name(field, "Vul de achternaam van je nieuwe collega in.")

    def validate_telefoon(self, field: StringField) -> None:
        """A number, or nothing."""
        _phone(field)

    def validate_extra_telefoon(self, field: StringField) -> None:
        """A number, or nothing; something must change."""
        _phone(field)
        if not field.data and all(
            _stored(offered, detail.data) == offered.value
            for detail, offered in zip(self.detail_fields, self.offer.details, strict=True)
        ):
            raise ValidationError("Er verandert nog niets. Vul een nieuw nummer of adres in.")

    def validate_email(self, field: StringField) -> None:
        """An address, or nothing."""
        _email(field)

    def _name(self, field: StringField, missing: str) -> None:
        if self.names_somebody_new and not field.data:
            raise ValidationError(missing)
        if len(field.data or "") > 60:
            raise ValidationError("Deze naam is te lang. Gebruik hoogstens 60 tekens.")

    def draft(self) -> Draft:
        """What was filled in, once it is valid."""

        def given(name: str) -> Any:
            return self[name].data if name in self else None

        first = self.dag.data or clock.today()
        organisation = given("organisatie")
        return Draft(
            kind=self.kind,
            text=self.tekst.data,
            # Who leaves says the last day; the directory holds the first day without them.
            valid_from=day_after(first) if self.kind == kinds.DEPARTURE else first,
            valid_until=day_after(given("laatste_dag")) if given("laatste_dag") else None,
            person=self.offer.person.id if self.offer.person else None,
            organisation=(
                int(organisation) if (organisation or "").isdigit() else self._new_employer()
            ),
            role=int(given("functie")) if given("functie") else None,
            schools=tuple(sorted(given("scholen") or ())),
            successor=given("opvolger") or "",
            posts={
                post.assignment: self[f"plek_{post.assignment}"].data or ""
                for post in self.offer.posts
                if self[f"plek_{post.assignment}"].data
            },
            new_person=self._new_person() if self.names_somebody_new else None,
            details={
                detail.id: _stored(detail, self[f"gegeven_{detail.id}"].data)
                for detail in self.offer.details
            },
            more_phone=phones.normalise(given("extra_telefoon") or ""),
        )

    def _new_employer(self) -> int | None:
        """The organisation of who is new, where a notice is about them."""
        return (
            int(self.werkgever.data)
            if self.kind == kinds.ARRIVAL and self.names_somebody_new
            else None
        )

    def _new_person(self) -> NewPerson:
        return NewPerson(
            self.voornaam.data, self.tussenvoegsel.data or "", self.achternaam.data,
            int(self.werkgever.data), phones.normalise(self.telefoon.data or ""),
            self.email.data or "",
        )  # fmt: skip


class ChangeNoticeForm(_Days):
    """Other days or another text for a notice that is there."""

    versie = HiddenField()


_NEW = ("voornaam", "tussenvoegsel", "achternaam", "werkgever", "telefoon", "email")
_ASKS: dict[str, tuple[str, ...]] = {
    kinds.TAKEOVER: ("opvolger", *_NEW),
    kinds.ARRIVAL: ("opvolger", "functie", "scholen", *_NEW),
    kinds.DEPARTURE: ("opvolger", *_NEW),
    kinds.ABSENCE: ("opvolger", "laatste_dag", *_NEW),
    kinds.DETAILS: ("extra_telefoon",),
    kinds.VACANCY: ("functie", "scholen", "laatste_dag"),
    kinds.ORGANISATION: ("organisatie",),
    kinds.NEWS: ("organisatie",),
}
_SOMETIMES = {name for names in _ASKS.values() for name in names}
_PER_POST = (kinds.TAKEOVER, kinds.DEPARTURE, kinds.ABSENCE)


def make_form(kind: str, offer: FormChoices, key: str) -> NoticeForm:
    """The form that asks what a kind of notice needs, out of what there is to choose from."""
    posts = offer.posts if kind in _PER_POST else []
    details = offer.details if kind == kinds.DETAILS else []
    per_row = {
        f"plek_{post.assignment}": SelectField(
            f"{post.school}, {post.place}: {post.role}",
            validators=[_somebody_listed],
            validate_choice=False,
        )
        for post in posts
    } | {f"gegeven_{detail.id}": _detail_field(detail) for detail in details}
    form: NoticeForm = type("NoticeForm", (NoticeForm,), per_row)(sleutel=key)
    form.kind, form.offer = kind, offer._replace(posts=posts, details=details)
    form.dag.label.text, form.laatste_dag.label.text = KINDS[kind].day, KINDS[kind].last_day
    asked = set(_ASKS[kind]) - (set() if offer.may_be_new else set(_NEW))
    for name in _SOMETIMES - asked:
        del form[name]
    _fill(form, kind, offer)
    return form


def _fill(form: NoticeForm, kind: str, offer: FormChoices) -> None:
    """Give the lists what there is to choose from."""
    people = [(str(person.id), person.label) for person in offer.successors]
    new = [(NEW, "iemand die hier nog niet staat")] if offer.may_be_new else []
    if "opvolger" in form:
        form.opvolger.label.text = _WHO[kind]
        first = {
            kinds.ARRIVAL: new,
            kinds.TAKEOVER: [("", "maak een keuze"), *new],
            kinds.DEPARTURE: [("", "nog niet bekend"), (VACANT, "niemand: vacature"), *new],
            kinds.ABSENCE: [("", "niemand"), *new],
        }[kind]
        form.opvolger.choices = [*first, *people]
        if kind == kinds.ARRIVAL:
            form.opvolger.data = form.opvolger.data or NEW
    for field in form.post_fields:
        less = {
            kinds.TAKEOVER: [(STAYS, "verandert niet"), (VACANT, "vacature")],
            kinds.DEPARTURE: [(VACANT, "vacature"), (UNKNOWN, "nog niet bekend")],
            kinds.ABSENCE: [(UNKNOWN, "niemand")],
        }[kind]
        field.choices = [("", "zoals hierboven"), *less, *new, *people]
    for name, choices in (
        ("functie", offer.roles),
        ("organisatie", offer.organisations),
        ("werkgever", offer.employers),
    ):
        if name in form:
            form[name].choices = choices
    if "scholen" in form:
        form.scholen.choices = [row for rows in offer.schools.values() for row in rows]


_WHO = {
    kinds.TAKEOVER: "Wie is de opvolger?",
    kinds.DEPARTURE: "Wie is de opvolger?",
    kinds.ARRIVAL: "Wie begint er?",
    kinds.ABSENCE: "Wie vervangt?",
}


def _somebody_listed(form: object, field: SelectField) -> None:
    chosen(field, "Kies iemand uit de lijst.")


def _detail_field(detail: DetailChoice) -> StringField:
    is_phone = detail.kind == DetailKind.PHONE

    def check(form: object, field: StringField) -> None:
        if field.data == detail.shown:
            return
        if not field.data:
            raise ValidationError("Vul een nummer of adres in. Verandert het niet? Laat het staan.")
        (_phone if is_phone else _email)(field)

    return StringField(
        "Telefoonnummer" if is_phone else "E-mailadres",
        default=detail.shown,
        filters=[strip_control_chars],
        validators=[Length(max=100, message="Dit is te lang. Maximaal 100 tekens."), check],
    )


def _stored(detail: DetailChoice, text: str) -> str:
    """What somebody typed as the directory holds it."""
    if text == detail.shown:
        return detail.value
    return phones.normalise(text) if detail.kind == DetailKind.PHONE else text


def _phone(field: StringField) -> None:
    if field.data and not phones.is_number(field.data):
        raise ValidationError("Vul een telefoonnummer in, zoals 023 511 36 60.")


def _email(field: StringField) -> None:
    if field.data:
        field.data = mailable(field.data)


def change_form(notice: Notice, *, can_move: bool, has_last_day: bool) -> ChangeNoticeForm:
    """The form with which a notice is changed, filled with how it is."""
    form = ChangeNoticeForm(
        dag=last_day(notice.valid_from) if notice.kind == kinds.DEPARTURE else notice.valid_from,
        laatste_dag=last_day(notice.valid_until) if notice.valid_until else None,
        tekst=notice.text,
        versie=notice.row_version,
    )
    form.dag.label.text = KINDS[notice.kind].day
    form.laatste_dag.label.text = KINDS[notice.kind].last_day
    if not can_move:
        del form["dag"]
    if not has_last_day:
        del form["laatste_dag"]
    return form
