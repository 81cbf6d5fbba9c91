"""The states of a request, the transitions between them, and the steps of its history. Pure."""

from collections.abc import Mapping
from datetime import date

from portal.labelled_enum import LabelledEnum
from portal.workdays import Calendar


class State(LabelledEnum):
    """The state of a request. Only an unconfirmed request has not been sent to a mailbox."""

    UNCONFIRMED = "unconfirmed", "nog niet verstuurd"
    RECEIVED = "received", "ontvangen"
    HANDLING = "handling", "in behandeling"
    PLANNED = "planned", "gepland"
    DONE = "done", "afgerond"
    DECLINED = "declined", "afgewezen"
    WITHDRAWN = "withdrawn", "ingetrokken"


OPEN = (State.RECEIVED, State.HANDLING, State.PLANNED)
CLOSED = (State.DONE, State.DECLINED, State.WITHDRAWN)
SENT = (*OPEN, *CLOSED)

# The transitions that the coordinator can make. A new kernteam has two meetings (blog "Samenwerken 2.0", 18 februari
# 2021), so a planned request can be planned again. A request that was closed by mistake can be reopened.
TRANSITIONS: Mapping[State, tuple[State, ...]] = {
    State.UNCONFIRMED: (),
    State.RECEIVED: (State.HANDLING, State.PLANNED, State.DONE, State.DECLINED),
    State.HANDLING: (State.PLANNED, State.DONE, State.DECLINED),
    State.PLANNED: (State.PLANNED, State.DONE, State.HANDLING, State.DECLINED),
    State.DONE: (State.HANDLING,),
    State.DECLINED: (State.HANDLING,),
    State.WITHDRAWN: (State.HANDLING,),
}
_LIKELY = {State.RECEIVED: State.HANDLING, State.HANDLING: State.PLANNED, State.PLANNED: State.DONE}

OVERDUE_AFTER = 10  # working days without an answer


class StepKind(LabelledEnum):
    """A step in the thread of a request: the state that it entered, or what somebody wrote or did about it."""

    RECEIVED = "received", "ontvangen"
    HANDLING = "handling", "in behandeling"
    PLANNED = "planned", "gepland"
    DONE = "done", "afgerond"
    DECLINED = "declined", "afgewezen"
    WITHDRAWN = "withdrawn", "ingetrokken"
    NOTE = "note", "bericht"  # of the requester
    ANSWER = "answer", "antwoord"  # of the coordinator
    INTERNAL = "internal", "interne notitie"
    OWNER = "owner", "behandelaar"
    READ = "read", "gelezen"


STATE_KINDS = tuple(StepKind(state) for state in SENT)  # the request enters that state
# Never mailed and never shown to the requester.
INTERNAL_KINDS = (StepKind.INTERNAL, StepKind.OWNER, StepKind.READ)
# Of the requester: they wait until the coordinator does something.
REQUESTER_KINDS = (StepKind.RECEIVED, StepKind.NOTE, StepKind.WITHDRAWN)


def likely_next(state: State, is_session: bool) -> State | None:
    """The state that usually follows; None after the end. Only a session is planned."""
    following = _LIKELY.get(state)
    return State.DONE if following == State.PLANNED and not is_session else following


def is_overdue(state: State, received_on: date, today: date, calendar: Calendar) -> bool:
    """Whether a request has waited for more than ten working days and nobody has handled it. One
    from the future (the clock was ahead) counts too: nobody knows how long it has waited."""
    if state != State.RECEIVED:
        return False
    waited = calendar.count_working_days(received_on, today)
    return received_on > today or waited > OVERDUE_AFTER
