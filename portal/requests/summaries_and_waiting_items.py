"""The summary of requests on the overview of Beheer, and the items that wait for a user, on the first page."""

from flask import url_for

from portal.accounts.access import current_user_or_none, is_coordinator
from portal.requests import queries
from portal.requests.state_rules import OPEN
from portal.web.admin_pages import Summary
from portal.web.formatting import count
from portal.web.waiting_items import WaitingItem


def summarise() -> Summary:
    """How many requests wait for an answer."""
    waiting = queries.count_waiting()
    if not waiting:
        return Summary("Er wacht geen aanvraag op een reactie.")
    text = f"{count(waiting, 'aanvraag wacht', 'aanvragen wachten')} op een reactie."
    return Summary(text, waiting, is_asked=True)


def list_waiting() -> list[WaitingItem]:
    """For a coordinator: the requests that wait for an answer."""
    summary = summarise() if is_coordinator() else None
    if summary is None or not summary.waiting:
        return []
    title = summary.text.removesuffix(".")
    return [WaitingItem(title, url_for("request_admin.list_requests"), "voor jou als coördinator")]


def list_open() -> list[WaitingItem]:
    """The user's own requests that are not closed yet."""
    user = current_user_or_none()
    return [
        WaitingItem(row.title, url_for("requests.follow", key=row.reference), f"jouw aanvraag: {row.state.label}")
        for row in (queries.list_own_requests(user.account) if user else ())
        if row.state in OPEN
    ]
