"""Sessions: the cookie holds a random id, everything else stands in the database."""

import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_login import UserMixin
from peewee import OperationalError

from portal import clock
from portal.accounts.models import Account, SignInSession
from portal.accounts.roles import ROLES
from portal.accounts.sign_in_links import digest, is_active

_TOUCH = timedelta(minutes=5)


class SignedIn(UserMixin):
    """Whoever is signed in, for as long as one request lasts."""

    def __init__(self, token: str, session: int, account: Account) -> None:
        self.token = token
        self.session = session
        self.account = account
        self.role: str = account.role

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token


class SessionRow(NamedTuple):
    """A session as its owner sees it."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    is_this: bool


def start(account: Account, user_agent: str) -> SignedIn:
    """A new session, with a new id, for somebody who just proved who they are."""
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session = SignInSession.create(
        token_hash=digest(token),
        account=account,
        device=device(user_agent),
        created_at=now,
        seen_at=now,
    )
    return SignedIn(token, session.id, account)


def resume(token: str) -> SignedIn | None:
    """Whose session this is; None where it is over, ended, or its account has no access."""
    session = (
        SignInSession.select(SignInSession, Account)
        .join(Account)
        .where(SignInSession.token_hash == digest(token))
        .first()
    )
    if session is None:
        return None
    role, now = ROLES[session.account.role], clock.now()
    over = now >= session.seen_at + role.idle or now >= session.created_at + role.absolute
    if over or not is_active(session.account):
        return None
    if now >= session.seen_at + _TOUCH:
        # Where nothing can be written, a page can still be read.
        with suppress(OperationalError):
            SignInSession.update(seen_at=now).where(SignInSession.id == session.id).execute()
    return SignedIn(token, session.id, session.account)


def list_sessions(user: SignedIn) -> list[SessionRow]:
    """The sessions of whoever is signed in, the newest first."""
    rows = (
        SignInSession.select()
        .where(SignInSession.account == user.account)
        .order_by(SignInSession.seen_at.desc())
    )
    return [
        SessionRow(row.id, row.device, row.created_at, row.seen_at, row.id == user.session)
        for row in rows
    ]


def end(user: SignedIn, session: int) -> bool:
    """End one of somebody's own sessions; False where it is not theirs."""
    mine = (SignInSession.account == user.account) & (SignInSession.id == session)
    return bool(SignInSession.delete().where(mine).execute())


def end_all(account: Account) -> None:
    """End every session of an account."""
    SignInSession.delete().where(SignInSession.account == account).execute()


def end_everywhere() -> None:
    """End every session of everybody."""
    SignInSession.delete().execute()


def device(user_agent: str) -> str:
    """A browser and its system in words, so that its owner recognises it."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS", "Mac"), ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "een browser")
    system = next((name for mark, name in systems if re.search(mark, user_agent)), "")
    return f"{browser} op {system}" if system else browser
