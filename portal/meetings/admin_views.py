"""The page of Beheer about meetings: which groups have none planned, and late agendas. Nothing of a
meeting for schools only is on it."""

from flask import Blueprint, render_template

from portal import clock
from portal.accounts.access import requires_coordinator
from portal.meetings import agenda_slots, queries
from portal.meetings.permissions import list_groups, look_at
from portal.meetings.views import get_own_viewer

blueprint = Blueprint("meeting_admin", __name__)


@blueprint.get("/beheer/overleg")
@requires_coordinator
def overview() -> str:
    """Shows the coming meetings, the groups without one, and agendas that are empty or late."""
    viewer = get_own_viewer()
    views = look_at(queries.list_meetings(None, clock.today()), viewer)
    planned = [view.meeting for view in views if view.meeting.is_planned]
    busy = {row.workplace_id for row in planned}
    groups = [(code, name) for code, name in list_groups(viewer) if code not in busy]
    return render_template(
        "meetings/admin.html",
        planned=planned,
        kernen=[name for code, name in groups if code.startswith("kern-")],
        schools=[name for code, name in groups if not code.startswith("kern-")],
        late=agenda_slots.list_late(planned),
        agendas=agenda_slots.count_slots(planned),
    )
