"""When a coordinator or administrator proves a second factor: in every session, and again before
what gives much away or is hard to mend. A new one may do without for seven days; a demo asks none.
And the sentence about a step that is missing."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from portal import clock
from portal.web.formatting import day

SET_UP_WITHIN = timedelta(days=7)  # after the first session with such a role
FRESH_FOR = timedelta(minutes=15)

# The endpoints that ask again, each with the page to go on from, where that is not the endpoint's
# own: nobody waits at a download.
ASKED_AGAIN = {
    # Exports.
    "admin.export_trail": "admin.trail_page",
    "editing.export_division": "editing.division", "coverage.export": "coverage.overview",
    "request_admin.export": "request_admin.list_requests", "imports.rejected": "imports.progress",
    # Imports. Not where a file is sent, which would be lost: the page before asks, and what applies the file.
    "imports.new": "", "imports.apply": "", "seeding.duo_difference": "", "seeding.region": "",
    # Access and roles.
    "admin.new_account": "", "admin.account": "",
    "admin.reset_second_factor": "", "admin.add_domain": "", "admin.remove_domain": "",
    "admin.invitations": "",
    # Where requests go.
    "request_admin.mailboxes": "",
    # Undoing, merging and forgetting.
    "editing.undo": "", "people.merge": "", "people.forget": "",
    # The second factor itself.
    "second_factor.overview": "", "second_factor.offer_passkey": "",
    "second_factor.add_passkey": "", "second_factor.add_app": "", "second_factor.make_codes": "",
    "second_factor.remove": "",
}  # fmt: skip


class Waits(StrEnum):
    """The step that a session waits for before it has the rights of its role."""

    NOTHING = ""
    PROOF = "proof"
    SET_UP = "set-up"


def is_asked_again(endpoint: str | None, proved_at: datetime) -> bool:
    """Whether a session that proved a second factor at this moment proves it again before this endpoint."""
    return endpoint in ASKED_AGAIN and not -clock.SKEW <= clock.now() - proved_at < FRESH_FOR


def say_missing(factors: int, due_on: date | None, *, is_complete: bool) -> str:
    """In Dutch the step that an account with so many second factors still takes, before the day `due_on`; or ""."""
    if is_complete:
        return ""
    if factors:
        return "Je tweede stap is bijna klaar: maak nog codes op papier."
    until = f" vóór {day(due_on)}" if due_on else ""
    return f"Stel{until} je tweede stap in. Zonder kun je daarna niet meer bij Beheer."
