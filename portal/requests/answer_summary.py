"""The summary of a filled-in form: questions with answers, as pages and mails show them."""

from datetime import date

from portal import phones
from portal.requests.forms import OTHER, PeriodsQuestion, RequestForm, SessionForm
from portal.requests.queries import Answers
from portal.web.formatting import weekday
from portal.workdays import Calendar

POSSIBLE_DAYS = "Wanneer het kan"


def summarise(form: RequestForm, calendar: Calendar) -> Answers:
    """The questions of a valid form with their answers, without those that were left open."""
    level = form.level.label if isinstance(form, SessionForm) and form.level else ""
    pairs = [
        ("Soort aanvraag", form.kind.title),
        ("Wat zoeken jullie", _choices(form, "session_form")),
        ("Waar gaat het over", _choices(form, "topic")),
        ("Waarom", _choices(form, "reason")),
        ("Onderwerp", _subject(form)),
        ("School", _choices(form, "school")),
        ("Voor", level),
        ("Adres van de school", _text(form, "address")),
        ("Telefoonnummer van de school", _phone(form, "school_phone")),
        ("Welke expertise is al in huis", _text(form, "expertise")),
        ("Hoeveel mensen", _text(form, "group_size")),
        ("Wie doen er mee", _choices(form, "roles")),
        (POSSIBLE_DAYS, _periods(form, calendar)),
        ("Wat jullie willen bereiken", _text(form, "goal")),
        ("Naam", _text(form, "name")),
        ("Functie", _text(form, "job_title")),
        ("E-mailadres", _text(form, "email")),
        ("Telefoonnummer", _phone(form, "phone")),
    ]
    return [(question, answer) for question, answer in pairs if answer]


def _text(form: RequestForm, name: str) -> str:
    return str(form[name].data or "") if name in form else ""


def _phone(form: RequestForm, name: str) -> str:
    return phones.grouped(form[name].number) if name in form else ""


def _choices(form: RequestForm, name: str) -> str:
    """The labels of the chosen options of a choice field."""
    if name not in form:
        return ""
    return ", ".join(choice.label for choice in form[name].iter_choices() if choice.selected)


def _subject(form: RequestForm) -> str:
    if "other_organisation" in form and form["subject"].data == OTHER:
        return _text(form, "other_organisation")
    return _choices(form, "subject")


def _periods(form: RequestForm, calendar: Calendar) -> str:
    """One period per line."""
    periods = form.periods if isinstance(form, PeriodsQuestion) else []
    return "\n".join(_period(first, last, calendar) for first, last in periods)


def _period(first: date, last: date, calendar: Calendar) -> str:
    """A period in words, with the holidays that its first or last day falls in."""
    text = weekday(first) if first == last else f"{weekday(first)} tot en met {weekday(last)}"
    holidays = sorted({h.name.lower() for day in (first, last) for h in calendar.holidays_on(day)})
    return f"{text} (let op: {', '.join(holidays)})" if holidays else text
