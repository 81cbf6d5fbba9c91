"""Sessions: the cookie holds a random token, everything else is in the database.

The cookie also holds an anonymous browser id, which ties a sign-in link and a pending form to the
browser that asked for it. A second cookie outlives the session: it holds the ids of the accounts
that signed in with this browser, so that the limits of sign_in_links.py know them from strangers.
"""

import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from flask import session as cookie
from flask_login import UserMixin
from peewee import OperationalError

from portal import clock
from portal.accounts.models import Account, SecondFactor, SignInSession
from portal.accounts.roles import COORDINATOR_ROLES, AccountRole
from portal.accounts.when_second_factor_is_asked import SET_UP_WITHIN, Waits
from portal.database.compiled import make_row, prepared
from portal.database.database_flags import is_demo
from portal.database.directory_version import DirectoryVersion, note_version
from portal.keys import hash_secret
from portal.retention_periods import SESSIONS
from portal.site import current_site
from portal.web.cookies import read_lasting_cookie, set_lasting_cookie

SESSION_LIFETIME = SESSIONS.period  # for every role, however often the session is used
# A session ends after this time without a request.
_IDLE_TIMEOUT = timedelta(hours=8)
_COORDINATOR_IDLE_TIMEOUT = timedelta(minutes=30)
_TOUCH_INTERVAL = timedelta(minutes=5)  # `seen_at` is written at most this often
_BROWSER, _ACCOUNT = "browser", "account"  # in the cookie
_KNOWN, _KNOWN_FOR = "known accounts", timedelta(days=365)
_MAX_KNOWN = 20  # accounts of one browser, for a computer that many share


class User(UserMixin):
    """The signed-in user of one request. One who waits for the second step has no rights yet."""

    def __init__(self, token: str, session: SignInSession) -> None:
        self.token = token
        self.session: int = session.id
        self.account: Account = session.account
        self.role: AccountRole = self.account.role
        self.proved_at: datetime | None = session.proved_at
        self.waits = _find_wait(self.account, self.proved_at)

    def get_id(self) -> str:
        """The session token, which Flask-Login keeps in the cookie."""
        return self.token


def start_session(account: Account, user_agent: str) -> User:
    """Store a new session with a new token for an account whose owner just proved their identity.
    `user_agent` is the header of that name, for the list of sessions."""
    token = secrets.token_urlsafe(32)
    now, today = clock.now(), clock.today()
    is_new_day = Account.visited_on.is_null() | (Account.visited_on < today)
    Account.update(visited_on=today, visited_before_on=Account.visited_on).where(
        (Account.id == account.id) & is_new_day
    ).execute()
    if account.role in COORDINATOR_ROLES and account.factor_due_on is None:
        account.factor_due_on = today + SET_UP_WITHIN
        account.save(only=["factor_due_on"])
    session = SignInSession.create(
        token_hash=hash_secret(token), account=account, device=describe_device(user_agent), created_at=now, seen_at=now
    )
    return User(token, session)


def record_proof(user: User) -> User | None:
    """The session of a user who proved a second factor, with a new token, so that the old token
    gives no access to it. None where the session ended meanwhile."""
    token = secrets.token_urlsafe(32)
    SignInSession.update(token_hash=hash_secret(token), proved_at=clock.now()).where(
        SignInSession.id == user.session
    ).execute()
    session = SignInSession.get_or_none(SignInSession.id == user.session)
    return User(token, session) if session else None


def load_user(token: str) -> User | None:
    """The user of the session with this token; None where the session has ended or expired, and
    where its account has no access today."""
    for *row, version in _select_session(hash_secret(token)):
        note_version(version)
        columns = len(SignInSession._meta.fields)
        session, account = make_row(SignInSession, row[:columns]), make_row(Account, row[columns:])
        session.__rel__["account"] = account
        break
    else:
        return None
    now = clock.now()
    # A session from the future (the clock was ahead) would last until then.
    moments = (session.created_at, session.seen_at, session.proved_at)
    if max(filter(None, moments)) > now + clock.SKEW:
        return None
    is_idle = now >= session.seen_at + _idle_timeout(account)
    if is_idle or now >= session.created_at + SESSION_LIFETIME:
        return None
    if not account.is_active(clock.today()):
        return None
    if now >= session.seen_at + _TOUCH_INTERVAL:
        # A database that cannot be written must not keep anyone from reading.
        with suppress(OperationalError):
            SignInSession.update(seen_at=now).where(SignInSession.id == session.id).execute()
    return User(token, session)


@prepared
def _select_session(token_hash: str) -> Any:
    version = DirectoryVersion.select(DirectoryVersion.number)  # saves a statement of each page
    joined = SignInSession.select(SignInSession, Account, version).join(Account)
    return joined.where(SignInSession.token_hash == token_hash)


def _find_wait(account: Account, proved_at: datetime | None) -> Waits:
    if account.role not in COORDINATOR_ROLES or proved_at or is_demo():
        return Waits.NOTHING
    if SecondFactor.select().where(SecondFactor.account == account).exists():
        return Waits.PROOF
    due_on = account.factor_due_on
    return Waits.SET_UP if due_on and clock.today() >= due_on else Waits.NOTHING


def _idle_timeout(account: Account) -> timedelta:
    is_coordinator = account.role in COORDINATOR_ROLES
    return _COORDINATOR_IDLE_TIMEOUT if is_coordinator else _IDLE_TIMEOUT


def list_sessions(account: Account) -> list[SignInSession]:
    """The sessions of an account, the most recently used first."""
    own = SignInSession.select().where(SignInSession.account == account)
    return list(own.order_by(SignInSession.seen_at.desc()))


def end_session(user: User, session: int) -> bool:
    """End a session of this user's account; False where the id belongs to no such session."""
    own = (SignInSession.account == user.account) & (SignInSession.id == session)
    return bool(SignInSession.delete().where(own).execute())


def end_account_sessions(account: Account) -> None:
    SignInSession.delete().where(SignInSession.account == account).execute()


def end_all_sessions() -> None:
    """End every session of every account."""
    SignInSession.delete().execute()


def make_browser_id() -> str:
    """The id of this browser; a new random one where the cookie holds none."""
    if _BROWSER not in cookie:
        cookie[_BROWSER] = secrets.token_urlsafe(16)
    return get_browser_id()


def get_browser_id() -> str:
    """The id of this browser, or "" where it has none."""
    return str(cookie.get(_BROWSER, ""))


def renew_cookie(account: Account) -> None:
    """Empty the cookie except for the browser id, because nothing from before signing in may
    survive it, and name the account that signs in."""
    browser = get_browser_id()
    cookie.clear()
    if browser:
        cookie[_BROWSER] = browser
    cookie[_ACCOUNT] = account.id


def get_last_account() -> int | None:
    """The id of the account that last signed in with this browser and did not sign out; its session
    may have expired."""
    account: int | None = cookie.get(_ACCOUNT)
    return account


def is_familiar_browser() -> bool:
    """Whether this browser had a page of ours, or a session, and sends our cookies."""
    return bool(cookie) or bool(get_known_accounts())


def get_known_accounts() -> list[int]:
    """The ids of the accounts that signed in with this browser, the latest last."""
    return current_site().read_signed(_KNOWN, read_lasting_cookie()) or []


def remember_account(account: Account) -> None:
    """Let this browser know that the account signed in with it."""
    others = [known for known in get_known_accounts() if known != account.id]
    known = [*others[1 - _MAX_KNOWN :], account.id]
    set_lasting_cookie(current_site().sign(_KNOWN, known), _KNOWN_FOR)


def describe_device(user_agent: str) -> str:
    """The browser and operating system in Dutch words, such as "Firefox op Windows"."""
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS", "Mac"), ("Linux", "Linux"),
    )  # fmt: skip
    browser = next((name for mark, name in browsers if mark in user_agent), "een browser")
    system = next((name for mark, name in systems if mark in user_agent), "")
    return f"{browser} op {system}" if system else browser
