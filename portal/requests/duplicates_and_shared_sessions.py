"""Requests for the same: a school that asks again for a session that it is waiting for is warned
first; what several schools ask in one season can be one session."""

from collections.abc import Iterable
from datetime import timedelta

from portal.requests import queries
from portal.requests.forms import RequestForm
from portal.requests.queries import RequestRow


def list_duplicates(form: RequestForm, subject: int | None) -> list[RequestRow]:
    """The open requests of the chosen school for the same session about this subject, the newest
    first. Accounts are personal, so a school may ask for several."""
    if not form.school.data or not form.kind.is_session:
        return []
    return queries.list_open_requests(form.kind.key, form.school.data, subject)


def refuse_unticked(form: RequestForm, duplicates: list[RequestRow]) -> bool:
    """Whether the form is refused: there are duplicates, and its tick is not set."""
    if not duplicates or form.accept_duplicate.data:
        return False
    form.accept_duplicate.errors = ["Er loopt al een aanvraag. Wil je toch een nieuwe? Zet het vinkje."]
    return True


SEASON = timedelta(days=92)


def list_together(row: RequestRow, rows: Iterable[RequestRow]) -> list[RequestRow]:
    """The requests of `rows` in which another school asks for the same theme or organisation as an
    open request, at most a season earlier or later."""
    return [
        other
        for other in rows
        if row.subject
        and row.is_open
        and (row.kind_key, row.subject) == (other.kind_key, other.subject)
        and row.school_code != other.school_code
        and abs(row.received_on - other.received_on) <= SEASON
    ]
