"""The notices that wait for a user, on the first page."""

from flask import url_for

from portal.accounts.access import current_person_id
from portal.notices import board
from portal.web.formatting import day
from portal.web.waiting_items import NOTICES_SHOWN, WaitingItem


def list_unseen() -> list[WaitingItem]:
    """The newest notices about the user's kernteams that they have not seen."""
    person = current_person_id()
    return [
        WaitingItem(title, url_for("notices.notice", notice_id=notice), f"vanaf {day(valid_from)}")
        for notice, title, valid_from in (board.list_unseen(person)[:NOTICES_SHOWN] if person else ())
    ]
