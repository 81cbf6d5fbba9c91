"""The summary of meetings on the overview of Beheer, and the items that wait for a user, on the first page."""

from flask import url_for

from portal import clock
from portal.accounts.access import current_user_or_none
from portal.meetings import agenda_slots, queries
from portal.meetings.permissions import get_viewer, list_mine
from portal.web.admin_pages import Summary
from portal.web.formatting import count, weekday
from portal.web.waiting_items import MEETINGS_SHOWN, WaitingItem


def summarise() -> Summary:
    """How many meetings are planned, and whether the agenda of one is late."""
    rows = queries.list_meetings(None, clock.today())
    planned = [row for row in rows if row.is_planned and not row.schools_only]
    text = f"{count(len(planned), 'overleg is', 'overleggen zijn')} gepland."
    late = len(agenda_slots.list_late(planned))
    if late:
        text = f"{count(late, 'agenda is', 'agenda’s zijn')} te laat of leeg."
    return Summary(text, late)


def list_waiting() -> list[WaitingItem]:
    """The meetings that the user leads and did not account for, and those to answer."""
    user = current_user_or_none()
    viewer = get_viewer(user.account) if user else None
    if viewer is None or not viewer.posts:
        return []
    mine = list_mine(viewer)
    today = clock.today()
    replies = queries.list_replies([view.meeting for view in mine], viewer.person)
    items = []
    for view in mine:
        row = view.meeting
        if not row.is_planned:
            continue
        title = f"Overleg {row.workplace.name}, {weekday(row.day)}"
        if row.day < today and view.leads:
            url = url_for("meeting_reports.report", number=row.id)
            items.append(WaitingItem(title, url, "hoe ging het?"))
        elif row.day >= today and viewer.person and row.id not in replies:
            items.append(WaitingItem(title, url_for("meetings.meeting", number=row.id), "kom je?"))
    return items[:MEETINGS_SHOWN]
