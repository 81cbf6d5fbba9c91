"""Reads of requests and their history. Each function costs a fixed number of statements."""

import json
from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from peewee import JOIN, fn

from portal.accounts.models import Account
from portal.clock import day_of
from portal.database import fetch_tuples
from portal.database.compiled import prepared
from portal.directory.models import Municipality, Place, School
from portal.keys import hash_secret
from portal.region import RequestKind
from portal.requests.kinds import Level, get_kind
from portal.requests.models import FollowLink, PlannedSession, Request, RequestDetails, RequestStep, Subject
from portal.requests.session_hours_and_invitees import Session, read_invitees
from portal.requests.state_rules import INTERNAL_KINDS, OPEN, State, StepKind
from portal.web.long_lists import OWN_REQUESTS_SHOWN

Owner = Account.alias()
# A range, for which the index serves; NOT NULL reads the whole table.
_IS_UNREAD = Request.unread_since > datetime.fromtimestamp(0, UTC)
Answers = list[tuple[str, str]]  # questions with answers, in the order of the form


class RequestRow(NamedTuple):
    """A request on a list or a page; after clearing it has no name, address or answers."""

    id: int
    reference: str
    kind_key: str
    level: Level
    state: State
    planned_on: date | None
    created_at: datetime
    received_at: datetime | None
    closed_at: datetime | None
    account: int | None
    unread_since: datetime | None
    owner: str  # the name of the account that handles it, or ""
    subject: str  # "": outside the catalogue
    school_code: str
    school: str
    place: str
    municipality: str
    name: str
    email: str
    answers_json: str
    recipients_text: str

    @property
    def kind(self) -> RequestKind:
        return get_kind(self.kind_key)

    @property
    def title(self) -> str:
        """The kind, with the subject where the catalogue has it."""
        return f"{self.kind.name}: {self.subject}" if self.subject else self.kind.name

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_cleared(self) -> bool:
        return not self.email

    @property
    def answers(self) -> Answers:
        return [(question, answer) for question, answer in json.loads(self.answers_json or "[]")]

    @property
    def recipients(self) -> list[str]:
        return self.recipients_text.split("; ") if self.recipients_text else []

    @property
    def received_on(self) -> date:
        """The day in Amsterdam on which it was sent; before that, on which it was filled in."""
        return day_of(self.received_at or self.created_at)

    @property
    def closed_on(self) -> date | None:
        return day_of(self.closed_at) if self.closed_at else None


class Step(NamedTuple):
    """A step in the history of a request."""

    id: int
    kind: StepKind
    taken_at: datetime
    actor: str  # "": the requester
    planned_on: date | None
    text: str
    session: Session | None = None  # None: none was planned, without hours, or it was cleared


def _requests() -> Any:
    return (
        Request.select(
            Request.id, Request.reference, Request.kind, Request.level, Request.state,
            Request.planned_on, Request.created_at, Request.received_at, Request.closed_at,
            Request.account, Request.unread_since, fn.COALESCE(Owner.name, ""),
            fn.COALESCE(Subject.name, ""), School.code, School.name,
            Place.name, Municipality.name, fn.COALESCE(RequestDetails.name, ""),
            fn.COALESCE(RequestDetails.email, ""), fn.COALESCE(RequestDetails.answers, ""),
            fn.COALESCE(RequestDetails.recipients, ""),
        )
        .left_outer_join(Subject)
        .join_from(Request, Owner, JOIN.LEFT_OUTER, on=(Request.owner == Owner.id))
        .join_from(Request, School)
        .join(Place)
        .join(Municipality)
        .join_from(Request, RequestDetails, JOIN.LEFT_OUTER, on=(RequestDetails.request == Request.id))
    )  # fmt: skip


def _fetch(query: Any) -> list[RequestRow]:
    return [RequestRow(*row) for row in fetch_tuples(query)]


def _fetch_first(query: Any) -> RequestRow | None:
    return next(iter(_fetch(query)), None)


def find_request(request: int) -> RequestRow | None:
    return _fetch_first(_requests().where(Request.id == request))


def get_request(request: int) -> RequestRow:
    """The request with this id. Raises LookupError where there is none."""
    row = find_request(request)
    if row is None:
        raise LookupError(request)
    return row


def find_by_form_key(form_key: str) -> RequestRow | None:
    """The request that was submitted with the form that has this key."""
    return _fetch_first(_requests().where(Request.form_hash == hash_secret(form_key)))


def find_followed(key: str, account: Account | None) -> RequestRow | None:
    """The request that `key` gives access to: the secret of a link, or for a signed-in requester
    the reference of a request of their own."""
    linked = FollowLink.select(FollowLink.request).where(FollowLink.token_hash == hash_secret(key))
    own = _is_own(account.id, account.address) & (Request.reference == key) if account else False
    return _fetch_first(_requests().where(Request.id.in_(linked) | own))


def _is_own(account: Any, address: Any) -> Any:
    # Two lists of ids, each found by its index: an OR over two tables reads all requests.
    by_account = Request.select(Request.id).where(Request.account == account)
    by_email = RequestDetails.select(RequestDetails.request).where(RequestDetails.email == address)
    own = Request.id.in_(by_account) | Request.id.in_(by_email)
    return own & Request.received_at.is_null(False)


def list_own_requests(account: Account) -> list[RequestRow]:
    """The newest requests of an account: sent while signed in, or with its address."""
    return [RequestRow(*row) for row in _own_requests(account.id, account.address)]


@prepared
def _own_requests(account: int, address: str) -> Any:
    own = _requests().where(_is_own(account, address))
    return own.order_by(Request.id.desc()).limit(OWN_REQUESTS_SHOWN)


def list_open_requests(kind: str, school: str, subject: int | None) -> list[RequestRow]:
    """The open requests of one school, of one kind (key) and about one subject, the newest first."""
    same_subject = Request.subject.is_null() if subject is None else Request.subject == subject
    same = (Request.kind == kind) & (Request.school == school) & same_subject
    query = _requests().where(same & Request.state.in_(OPEN))
    return _fetch(query.order_by(Request.id.desc()))


def list_requests(
    states: Collection[State] = OPEN,
    kind: str = "",
    municipality: str = "",
    limit: int | None = None,
    *,
    or_unread: bool = False,
) -> list[RequestRow]:
    """The requests in these states, and with `or_unread` those in which the requester waits; these
    first, then the oldest. `kind` is a key and `municipality` a slug; "" means all."""
    is_listed = Request.state.in_(states)
    if or_unread:
        is_listed |= _IS_UNREAD
    query = _requests().where(is_listed)
    if kind:
        query = query.where(Request.kind == kind)
    if municipality:
        query = query.where(Municipality.slug == municipality)
    is_read = Request.unread_since.is_null()
    oldest = Request.unread_since, Request.received_at, Request.id
    return _fetch(query.order_by(is_read, *oldest).limit(limit))


def list_steps(request: int, *, with_internal: bool = False) -> list[Step]:
    """The thread of a request, the oldest step first; without what the requester may not see,
    unless it is asked for."""
    hidden = () if with_internal else INTERNAL_KINDS
    query = (
        RequestStep.select(
            RequestStep.id, RequestStep.kind, RequestStep.taken_at, fn.COALESCE(Account.name, ""),
            RequestStep.planned_on, RequestStep.text, PlannedSession.begins_at,
            PlannedSession.ends_at, PlannedSession.place, PlannedSession.leader,
            PlannedSession.invitees,
        )
        .left_outer_join(Account)
        .join_from(RequestStep, PlannedSession, JOIN.LEFT_OUTER)
        .where((RequestStep.request == request) & RequestStep.kind.not_in(hidden))
        .order_by(RequestStep.id)
    )  # fmt: skip
    return [_make_step(*row) for row in fetch_tuples(query)]


def _make_step(
    number: int, kind: StepKind, taken_at: datetime, actor: str, planned_on: date | None, text: str,
    begins_at: datetime, ends_at: datetime, place: str, leader: str, invitees: str | None,
) -> Step:  # fmt: skip
    session = None
    if invitees is not None:
        session = Session(begins_at, ends_at, place, leader, read_invitees(invitees))
    return Step(number, kind, taken_at, actor, planned_on, text, session)


def count_waiting() -> int:
    """The number of requests that nobody has handled yet, or in which the requester waits."""
    is_waiting = (Request.state == State.RECEIVED) | _IS_UNREAD
    return int(Request.select().where(is_waiting).count())
