"""What was filled in, as the page, the mails and the mailbox read it: questions with answers."""

from datetime import date
from typing import Any

from portal import phones
from portal.requests.forms import OTHER, RequestForm
from portal.requests.kinds import LEVEL_NAMES
from portal.requests.queries import Answers
from portal.web.formatting import weekday
from portal.workdays import Calendar

ASKED_DAYS = "Wanneer het kan"


def answers(form: RequestForm, calendar: Calendar) -> Answers:
    """The questions of a valid form with what was answered; what was left open is left out."""
    told = [
        ("Soort aanvraag", form.kind.title),
        ("Wat zoeken jullie", _chosen(form.vorm)),
        ("Waar gaat het over", _chosen(form.waarover)),
        ("Waarom", _chosen(form.reden)),
        ("Onderwerp", _subject(form)),
        ("School", _chosen(form.school)),
        ("Voor", LEVEL_NAMES[form.level] if form.niveau else ""),
        ("Adres van de school", _text(form.adres)),
        ("Telefoonnummer van de school", _phone(form.telefoon_school)),
        ("Welke expertise is al in huis", _text(form.in_huis)),
        ("Hoeveel mensen", _text(form.aantal)),
        ("Wie doen er mee", _chosen_all(form.functies)),
        (ASKED_DAYS, _days(form, calendar) if form.dag_1 else ""),
        ("Wat jullie willen bereiken", _text(form.wens)),
        ("Naam", _text(form.naam)),
        ("Functie", _text(form.functie)),
        ("E-mailadres", _text(form.email)),
        ("Telefoonnummer", _phone(form.telefoon)),
    ]
    return [(label, text) for label, text in told if text]


def _text(field: Any) -> str:
    return str(field.data or "") if field else ""


def _phone(field: Any) -> str:
    return phones.grouped(phones.normalise(field.data)) if field and field.data else ""


def _chosen(field: Any) -> str:
    return str(dict(field.choices).get(field.data, "")) if field else ""


def _chosen_all(field: Any) -> str:
    return ", ".join(text for key, text in field.choices if key in field.data) if field else ""


def _subject(form: RequestForm) -> str:
    if form.welke and form.onderwerp.data == OTHER:
        return str(form.welke.data)
    return _chosen(form.onderwerp)


def _days(form: RequestForm, calendar: Calendar) -> str:
    """The possible days and periods, one per line; with the holiday that a day falls in."""
    return "\n".join(_period(first, last, calendar) for first, last in form.days)


def _period(first: date, last: date, calendar: Calendar) -> str:
    free = sorted({h.name.lower() for day in (first, last) for h in calendar.holidays_on(day)})
    note = f" (let op: {', '.join(free)})" if free else ""
    text = weekday(first) if first == last else f"{weekday(first)} tot en met {weekday(last)}"
    return text + note
