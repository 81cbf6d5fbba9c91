"""Duplicates: a school that asks again for a session that it is waiting for is warned first."""

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
    form.accept_duplicate.errors = [
        "Er loopt al een aanvraag. Wil je toch een nieuwe? Zet het vinkje."
    ]
    return True
