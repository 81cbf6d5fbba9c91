"""What a request asks, and how it says what is wrong. One form; each kind asks a part of it."""

import secrets
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    ValidationError,
)
from wtforms.validators import Length

from portal import clock, phones
from portal.accounts.forms import email_address
from portal.privacy.forms import FreeTextField, GuardedForm
from portal.requests.kinds import ABOUT, FORMS, LEVELS, REASONS, Kind
from portal.web.forms import ChangeForm, DayField, strip_control_chars

OTHER = "anders"
MOST_PEOPLE = 500
_PARTS = {
    "onderwerp": ("onderwerp", "welke"),
    "school": ("school", "niveau"),
    "van_de_school": ("adres", "telefoon_school"),
    "deelnemers": ("aantal", "functies"),
    "wanneer": ("dag_1", "tot_1", "dag_2", "tot_2", "dag_3", "tot_3"),
    "contact": ("naam", "functie", "email", "telefoon"),
}
_ALWAYS = {"csrf_token", "formulier", "toch", "nagekeken"}


def _line(label: str, most: int = 100) -> StringField:
    return StringField(
        label,
        filters=[strip_control_chars],
        validators=[
            Length(max=most, message=f"Deze tekst is te lang. Gebruik hoogstens {most} tekens.")
        ],
    )


class RequestForm(GuardedForm):
    """A request. Before `validate`, the view says what there is to choose from."""

    formulier = HiddenField(name="_formulier", filters=[strip_control_chars])  # nothing for people
    vorm = RadioField("Wat zoek je?", validate_choice=False)
    waarover = RadioField("Waar gaat het over?", validate_choice=False)
    reden = RadioField("Waarom vraag je dit?", validate_choice=False)
    onderwerp = SelectField("Onderwerp", validate_choice=False)
    welke = FreeTextField("Welke organisatie is het?", most=100, rows=1)
    school = SelectField("School", validate_choice=False)
    niveau = SelectField("Voor wie is het?", validate_choice=False)
    toch = BooleanField("Ik wil toch een nieuwe aanvraag versturen.")
    adres = _line("Adres van de school", 200)
    telefoon_school = TelField("Telefoonnummer van de school", filters=[strip_control_chars])
    in_huis = FreeTextField("Welke expertise is al in huis? (optioneel)", most=1000, rows=3)
    aantal = StringField(
        "Met hoeveel mensen zijn jullie?",
        filters=[strip_control_chars],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    functies = SelectMultipleField(
        "Wie doen er mee? (optioneel)",
        validate_choice=False,
    )
    dag_1 = DayField("Eerste keus")
    tot_1 = DayField("tot en met")
    dag_2 = DayField("Tweede keus")
    tot_2 = DayField("tot en met")
    dag_3 = DayField("Derde keus")
    tot_3 = DayField("tot en met")
    wens = FreeTextField("Wat willen jullie bereiken? (optioneel)")
    naam = _line("Je naam")
    functie = _line("Je functie (optioneel)")
    email = EmailField(
        "Je e-mailadres op je werk", filters=[strip_control_chars], validators=[email_address]
    )
    telefoon = TelField("Je telefoonnummer (optioneel)", filters=[strip_control_chars])

    def __init__(self, kind: Kind, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind = kind
        self.sectors: dict[str, str] = {}
        asked = {part for name in kind.questions for part in _PARTS.get(name, (name,))}
        for name in set(self._fields) - asked - _ALWAYS:
            del self[name]
        if kind.subjects != "organisation" and "welke" in self:
            del self["welke"]
        if "van_de_school" in kind.questions:
            del self["niveau"], self["telefoon"]
            self.functie.label.text = "Je functie"
        else:
            self.niveau.choices = [("", "zoals de school"), *LEVELS]
        for name, choices in (("vorm", FORMS), ("waarover", ABOUT), ("reden", REASONS)):
            if name in self:
                self[name].choices = list(choices)
        if not self.formulier.data:
            self.formulier.data = secrets.token_urlsafe(24)

    @property
    def level(self) -> str:
        """For whom it is: as chosen, or as the school; "" where the school may be either."""
        chosen = self.niveau.data if self.niveau else ""
        return chosen or self.sectors.get(self.school.data or "", "")

    @property
    def days(self) -> list[tuple[date, date]]:
        """The possible days or periods: first and last day."""
        pairs = [(self[f"dag_{n}"].data, self[f"tot_{n}"].data) for n in (1, 2, 3)]
        return [(first, last or first) for first, last in pairs if first]

    def validate_formulier(self, field: HiddenField) -> None:
        """The form's own key, as this form made it."""
        if not 20 <= len(field.data or "") <= 100:
            field.data = secrets.token_urlsafe(24)

    def validate_vorm(self, field: RadioField) -> None:
        """One of the two."""
        _chosen(field, "Kies wat je zoekt.")

    def validate_waarover(self, field: RadioField) -> None:
        """One of the two."""
        _chosen(field, "Kies waar het over gaat.")

    def validate_reden(self, field: RadioField) -> None:
        """One of the three."""
        _chosen(field, "Kies waarom je dit vraagt.")

    def validate_onderwerp(self, field: RadioField) -> None:
        """Something from the catalogue."""
        what = "een organisatie" if self.welke else "een thema"
        if not field.data:
            raise ValidationError(f"Kies {what}.")
        _chosen(field, f"Kies {what} uit de lijst.")

    def validate_welke(self, field: FreeTextField) -> None:
        """Which one, where it is none of the list."""
        if self.onderwerp.data == OTHER and not field.data:
            raise ValidationError("Vul in welke organisatie je zoekt.")

    def validate_school(self, field: SelectField) -> None:
        """An open school of the region."""
        if not field.data:
            raise ValidationError("Kies een school.")
        _chosen(field, "Kies een school uit de lijst.")

    def validate_niveau(self, field: SelectField) -> None:
        """PO, VO or both; it is asked where the school does not tell."""
        _chosen(field, "Kies voor wie het is.")
        if self.school.data in self.sectors and not self.level:
            raise ValidationError("Deze school kan bij PO en bij VO horen. Kies voor wie het is.")

    def validate_adres(self, field: StringField) -> None:
        """Where the school is."""
        if not field.data:
            raise ValidationError("Vul het adres van de school in.")

    def validate_telefoon_school(self, field: TelField) -> None:
        """How to reach the school."""
        if not field.data:
            raise ValidationError("Vul het telefoonnummer van de school in.")
        _telephone(field)

    def validate_aantal(self, field: StringField) -> None:
        """A number of people."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PEOPLE):
            raise ValidationError(f"Vul een getal in van 1 tot en met {MOST_PEOPLE}.")

    def validate_functies(self, field: SelectMultipleField) -> None:
        """Roles of the directory."""
        if set(field.data or ()) - {key for key, _ in field.choices}:
            raise ValidationError("Kies functies uit de lijst.")

    def validate_dag_1(self, field: DayField) -> None:
        """A day to come, with a last day that fits."""
        self._day(field, self.tot_1)

    def validate_dag_2(self, field: DayField) -> None:
        """A day to come, with a last day that fits."""
        self._day(field, self.tot_2)

    def validate_dag_3(self, field: DayField) -> None:
        """A day to come, with a last day that fits."""
        self._day(field, self.tot_3)

    def validate_naam(self, field: StringField) -> None:
        """Who asks."""
        if not field.data:
            raise ValidationError("Vul je naam in.")

    def validate_functie(self, field: StringField) -> None:
        """What who asks does; for the Verwijsindex it is needed."""
        if not field.data and "van_de_school" in self.kind.questions:
            raise ValidationError("Vul je functie in.")

    def validate_telefoon(self, field: TelField) -> None:
        """How to reach who asks, where they want that."""
        if field.data:
            _telephone(field)

    def _day(self, first: DayField, last: DayField) -> None:
        if first.data is None:
            if last.data:
                raise ValidationError("Vul ook de eerste dag in.")
        elif first.data < clock.today():
            raise ValidationError("Deze dag is al voorbij. Kies een dag vanaf vandaag.")
        elif last.data and last.data < first.data:
            raise ValidationError("De laatste dag ligt voor de eerste dag.")


class NoteForm(GuardedForm):
    """Something that who asked adds."""

    bericht = FreeTextField(
        "Wat wil je toevoegen?", missing="Vul in wat je wilt toevoegen.", rows=3
    )


class WithdrawForm(GuardedForm):
    """Why a request is withdrawn."""

    reden = FreeTextField(
        "Waarom trek je de aanvraag in?",
        missing="Vul in waarom je de aanvraag intrekt.",
        most=1000,
        rows=3,
    )


class ConfirmForm(ChangeForm):
    """Sends a request that waited for its mail to be opened."""


def _chosen(field: RadioField | SelectField, message: str) -> None:
    if (field.data or "") not in [value for value, _ in field.choices]:
        raise ValidationError(message)


def _telephone(field: TelField) -> None:
    if not phones.is_number(field.data):
        raise ValidationError("Vul een telefoonnummer in, zoals 023 123 45 67.")
