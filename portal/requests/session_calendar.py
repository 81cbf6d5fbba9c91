"""The session of a request as an iCalendar appointment, derived from the history of the request.
A session that was planned before sessions had hours is a whole day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from portal.calendars.icalendar import CANCEL, PUBLISH, REQUEST, Event, calendar
from portal.clock import day_of
from portal.region import current_region
from portal.requests.queries import RequestRow, Step
from portal.requests.session_hours_and_invitees import Invitee, Session
from portal.requests.state_rules import StepKind

_CANCELLING = (StepKind.HANDLING, StepKind.DECLINED, StepKind.WITHDRAWN)


class Appointment(NamedTuple):
    """A session in calendars, after one step."""

    method: str
    planned_on: date
    session: Session | None  # None: the whole day
    number: int  # 1 for the first session of the request, 2 for the next
    sequence: int  # rises with every change that calendars take over
    changed_at: datetime
    text: str

    @property
    def invitees(self) -> tuple[Invitee, ...]:
        """Those who are invited beside the requester and the mailboxes."""
        return self.session.invitees if self.session else ()


def history(steps: Iterable[Step]) -> Iterator[Appointment | None]:
    """The change in calendars per step; None where a step changes none.

    Another day moves the appointment. After a session was held, the next session is an appointment
    of its own, so that the first one stays in the past of every calendar.
    """
    current: Appointment | None = None
    number, sequence = 1, -1
    for step in steps:
        if current and (step.kind == StepKind.DONE or current.planned_on < day_of(step.taken_at)):  # it was held
            current, number = None, number + 1
        change = None
        if step.kind == StepKind.PLANNED and step.planned_on:
            sequence += 1
            change = current = Appointment(
                REQUEST, step.planned_on, step.session, number, sequence, step.taken_at, step.text
            )
        elif current and step.kind in _CANCELLING:
            sequence += 1
            change = current._replace(method=CANCEL, sequence=sequence, changed_at=step.taken_at, text="")
            current = None
        yield change


def call_off(changes: Sequence[Appointment | None]) -> Appointment | None:
    """The cancellation for those whom the last change invites no longer: their session as it was,
    without the others; None where it still invites everybody."""
    last = changes[-1]
    before = next((change for change in reversed(changes[:-1]) if change), None)
    if not last or not before or not before.session or CANCEL in (last.method, before.method):
        return None
    kept = {invitee.address for invitee in last.invitees}
    gone = tuple(who for who in before.invitees if who.address not in kept)
    if not gone or before.number != last.number:
        return None
    session = before.session._replace(invitees=gone)
    return last._replace(method=CANCEL, planned_on=session.day, session=session, text="")


def upcoming(steps: Sequence[Step], today: date) -> Appointment | None:
    """The session on `today` or later, to download; None where none is planned."""
    changes = [change for change in history(steps) if change]
    if not changes or changes[-1].method == CANCEL or changes[-1].planned_on < today:
        return None
    return None if steps[-1].kind == StepKind.DONE else changes[-1]._replace(method=PUBLISH)


def icalendar(row: RequestRow, appointment: Appointment, organiser: str, *, invitees_only: bool = False) -> bytes:
    """The appointment as a file or a part of a mail; with `invitees_only`, its cancellation for them alone. `organiser`
    is the address that mail comes from, because calendars distrust an invitation by another sender."""
    attendees: dict[str, str] = {}
    if invitees_only:
        attendees = {address: name for _, name, address in appointment.invitees}
    elif appointment.method != PUBLISH:
        attendees = _attendees(row, appointment, organiser)
    status = "CANCELLED" if appointment.method == CANCEL else "CONFIRMED"
    # RFC 5546, 3.2.5: the event itself goes on where only some are uninvited.
    event = _event(row, appointment, organiser, attendees, "" if invitees_only else status)
    return calendar(appointment.method, "Aanvragen", [event])


def _event(
    row: RequestRow, appointment: Appointment, organiser: str, attendees: Mapping[str, str], status: str
) -> Event:
    session = appointment.session
    description = [f"Aanvraag {row.reference}, bij {current_region().project}."]
    if session and session.leader:
        description.append(f"Leiding: {session.leader}.")
    description.append(appointment.text)
    return Event(
        # Stable for one session; it holds nothing that a setting can change.
        uid=f"{row.reference}-{appointment.number}-{row.created_at.timestamp() * 1_000_000:.0f}@kernwijzer",
        sequence=appointment.sequence,
        changed_at=appointment.changed_at,
        begins=session.begins_at if session else appointment.planned_on,
        ends=session.ends_at if session else appointment.planned_on + timedelta(days=1),
        summary=f"{row.title} – {row.school}",
        place=session.place if session else row.school,
        description="\n".join(filter(None, description)),
        status=status,
        organiser=organiser,
        organiser_name=current_region().project_name,
        attendees=attendees,
    )


def _attendees(row: RequestRow, appointment: Appointment, organiser: str) -> dict[str, str]:
    """The names of the mailboxes, the requester and the invitees by their addresses, each once and without the
    organiser. Capitals do not tell addresses apart, or a mailbox would invite itself."""
    names = {
        **{invitee.address: invitee.name for invitee in appointment.invitees},
        **dict.fromkeys(row.recipients, current_region().project_name),
        row.email: row.name,
    }
    attendees = {address.casefold(): (address, name) for address, name in names.items()}
    attendees.pop(organiser.casefold(), None)
    return dict(attendees.values())
