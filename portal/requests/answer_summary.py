"""The summary of a filled-in form: questions with answers, as pages and mails show them."""

from datetime import date

from portal import phones
from portal.requests.forms import PeriodsQuestion, RequestForm, SessionForm
from portal.requests.queries import Answers
from portal.web.formatting import weekday
from portal.web.forms import PhoneField
from portal.workdays import Calendar

POSSIBLE_DAYS = "Wanneer het kan"


def summarise(form: RequestForm, calendar: Calendar) -> Answers:
    """The questions of a valid form with their answers, without those that were left open."""
    level = form.level.label if isinstance(form, SessionForm) and form.level else ""
    pairs = [
        ("Soort aanvraag", form.kind.title),
        ("Wat zoeken jullie", _answer(form, "session_form")),
        ("Waar gaat het over", _answer(form, "topic")),
        ("Waarom", _answer(form, "reason")),
        ("Onderwerp", _answer(form, "other_organisation") or _answer(form, "subject")),
        ("School", _answer(form, "school")),
        ("Voor", level),
        ("Adres van de school", _answer(form, "address")),
        ("Telefoonnummer van de school", _answer(form, "school_phone")),
        ("Welke expertise is al in huis", _answer(form, "expertise")),
        ("Hoeveel mensen", _answer(form, "group_size")),
        ("Wie doen er mee", _answer(form, "roles")),
        (POSSIBLE_DAYS, _periods(form, calendar)),
        ("Wat jullie willen bereiken", _answer(form, "goal")),
        ("Naam", _answer(form, "name")),
        ("Functie", _answer(form, "job_title")),
        ("E-mailadres", _answer(form, "email")),
        ("Telefoonnummer", _answer(form, "phone")),
    ]
    return [(question, answer) for question, answer in pairs if answer]


def _answer(form: RequestForm, name: str) -> str:
    """The answer to a question in words; "" where the form does not ask it."""
    if name not in form:
        return ""
    field = form[name]
    if hasattr(field, "iter_choices"):
        return ", ".join(choice.label for choice in field.iter_choices() if choice.selected)
    return phones.grouped(field.number) if isinstance(field, PhoneField) else str(field.data or "")


def _periods(form: RequestForm, calendar: Calendar) -> str:
    """One period per line."""
    periods = form.periods if isinstance(form, PeriodsQuestion) else []
    return "\n".join(_period(first, last, calendar) for first, last in periods)


def _period(first: date, last: date, calendar: Calendar) -> str:
    """A period in words, with the holidays that its first or last day falls in."""
    text = weekday(first) if first == last else f"{weekday(first)} tot en met {weekday(last)}"
    holidays = sorted({h.name.lower() for day in (first, last) for h in calendar.holidays_on(day)})
    return f"{text} (let op: {', '.join(holidays)})" if holidays else text
