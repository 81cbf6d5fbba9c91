"""What is asked of requests. Each function costs a fixed number of statements."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from peewee import fn

from portal.accounts.models import Account
from portal.clock import AMSTERDAM
from portal.database import fetch_tuples
from portal.directory.models import Municipality, Place, School
from portal.keys import hash_secret
from portal.requests.kinds import KINDS_BY_KEY, LEVEL_NAMES, Kind
from portal.requests.models import FollowLink, Request, RequestDetails, RequestStep, Subject
from portal.requests.rules import CLOSED, OPEN, RECEIVED, STATES, RequestFact

Answers = list[tuple[str, str]]


class RequestRow(NamedTuple):
    """A request as a list or a page shows it; after clearing without a name and answers."""

    id: int
    reference: str
    kind_key: str
    level: str
    state: str
    planned_on: date | None
    created_at: datetime
    received_at: datetime | None
    closed_at: datetime | None
    account: int | None
    subject: str  # "" where it is none of the catalogue
    school_code: str
    school: str
    place: str
    municipality: str
    name: str
    email: str
    answers_json: str
    recipients_text: str

    @property
    def kind(self) -> Kind:
        return KINDS_BY_KEY[self.kind_key]

    @property
    def about(self) -> str:
        """What it is about, in a few words."""
        return f"{self.kind.name}: {self.subject}" if self.subject else self.kind.name

    @property
    def level_name(self) -> str:
        return LEVEL_NAMES[self.level]

    @property
    def state_name(self) -> str:
        return STATES.get(self.state, "nog niet verstuurd")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_cleared(self) -> bool:
        return not self.email

    @property
    def answers(self) -> Answers:
        return [(label, text) for label, text in json.loads(self.answers_json or "[]")]

    @property
    def recipients(self) -> list[str]:
        return self.recipients_text.split("; ") if self.recipients_text else []

    @property
    def received_on(self) -> date:
        """The day in Amsterdam on which it arrived, or was filled in."""
        return _day(self.received_at or self.created_at)

    @property
    def closed_on(self) -> date | None:
        return _day(self.closed_at) if self.closed_at else None


class Step(NamedTuple):
    """One thing that happened to a request."""

    what: str
    at: datetime
    by: str  # "": who asked
    planned_on: date | None
    text: str


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()


def _requests() -> Any:
    return (
        Request.select(
            Request.id, Request.reference, Request.kind, Request.level, Request.state,
            Request.planned_on, Request.created_at, Request.received_at, Request.closed_at,
            Request.account, fn.COALESCE(Subject.name, ""), School.code, School.name,
            Place.name, Municipality.name, fn.COALESCE(RequestDetails.name, ""),
            fn.COALESCE(RequestDetails.email, ""), fn.COALESCE(RequestDetails.answers, ""),
            fn.COALESCE(RequestDetails.recipients, ""),
        )
        .left_outer_join(Subject)
        .switch(Request)
        .join(School)
        .join(Place)
        .join(Municipality)
        .switch(Request)
        .left_outer_join(RequestDetails, on=(RequestDetails.request == Request.id))
    )  # fmt: skip


def _rows(query: Any) -> list[RequestRow]:
    return [RequestRow(*row) for row in fetch_tuples(query)]


def find_request(request: int) -> RequestRow | None:
    """The request with this number."""
    return next(iter(_rows(_requests().where(Request.id == request))), None)


def find_submitted(form: str) -> RequestRow | None:
    """The request that came from the form with this key."""
    return next(iter(_rows(_requests().where(Request.form_hash == hash_secret(form)))), None)


def find_followed(key: str, account: Account | None) -> RequestRow | None:
    """The request that `key` gives access to: the secret of a link, or for who is signed in the
    reference of a request of their own."""
    linked = FollowLink.select(FollowLink.request).where(FollowLink.token_hash == hash_secret(key))
    mine = _is_of(account) & (Request.reference == key) if account else False
    return next(iter(_rows(_requests().where(Request.id.in_(linked) | mine))), None)


def _is_of(account: Account) -> Any:
    own = (Request.account == account.id) | (RequestDetails.email == account.email)
    return own & Request.received_at.is_null(False)


def own_roles_and_schools(account: Account) -> list[RequestRow]:
    """The requests of somebody: asked while signed in, or with their address; the newest first."""
    return _rows(_requests().where(_is_of(account)).order_by(Request.id.desc()).limit(20))


def list_open_of(kind: str, schools: Collection[str], subject: int | None) -> list[RequestRow]:
    """The open requests of these schools of one kind and about one subject."""
    about = Request.subject.is_null() if subject is None else Request.subject == subject
    return _rows(
        _requests()
        .where(
            (Request.kind == kind) & Request.school.in_(schools) & about & Request.state.in_(OPEN)
        )
        .order_by(Request.id.desc())
    )


def list_requests(
    states: Collection[str] = OPEN, kind: str = "", municipality: str = "", limit: int | None = None
) -> list[RequestRow]:
    """The requests in these states; what nobody looked at yet in front, the oldest first."""
    query = _requests().where(Request.state.in_(states))
    if kind:
        query = query.where(Request.kind == kind)
    if municipality:
        query = query.where(Municipality.slug == municipality)
    waiting = Request.state != RECEIVED
    return _rows(query.order_by(waiting, Request.received_at).limit(limit))


def list_steps(request: int) -> list[Step]:
    """What happened to a request, in order."""
    query = (
        RequestStep.select(
            RequestStep.what, RequestStep.at, fn.COALESCE(Account.name, ""),
            RequestStep.planned_on, RequestStep.text,
        )
        .left_outer_join(Account)
        .where(RequestStep.request == request)
        .order_by(RequestStep.id)
    )  # fmt: skip
    return [Step(*row) for row in fetch_tuples(query)]


def list_counted() -> list[RequestFact]:
    """Every request that was sent, as the overview counts it."""
    return [
        RequestFact(
            row.kind_key, row.subject, row.municipality, row.state, row.received_on,
            row.closed_on,
        )
        for row in _rows(_requests().where(Request.state.in_((*OPEN, *CLOSED))))
    ]  # fmt: skip


def count_waiting() -> int:
    """How many requests nobody has looked at yet."""
    return int(Request.select().where(Request.state == RECEIVED).count())
