"""Signing in with a link or a code from a mail, without a password.

The link opens a page with a button, and only the button signs in: mail scanners open every link.
Link and code work once, for ten minutes, in the browser that asked; a newer one ends the older.
The answer is the same whether an address is known or not.
"""

import hashlib
import hmac
import secrets
from datetime import timedelta
from enum import Enum

from portal import audit, clock, throttle
from portal.accounts import mails
from portal.accounts.models import Account, ListedDomain, SetUpLink, SignInRequest
from portal.accounts.roles import ADMINISTRATOR, READER
from portal.database import db
from portal.mail.outbox import enqueue
from portal.site import Site

VALID = timedelta(minutes=10)
MAX_CODES = 5


class LinkState(Enum):
    """The state of a sign-in link, as this browser may use it."""

    VALID = "valid"
    OTHER_BROWSER = "other browser"
    EXPIRED = "expired"


def digest(secret: str) -> str:
    """A random secret as it is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def ask(email: str, browser: str, network: str, site: Site) -> timedelta:
    """Mail a link and a code to `email`, if it may sign in. Gives nought, or how long to wait where
    it was asked too often."""
    email = email.strip().lower()
    for limit, subject in ((throttle.PER_NETWORK, network), (throttle.PER_ADDRESS, email)):
        if not throttle.attempt(limit, subject):
            return throttle.wait(limit, subject)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}"
    with db.atomic():
        SignInRequest.update(open=False).where(
            (SignInRequest.browser_hash == digest(browser)) | (SignInRequest.email == email)
        ).execute()
        allowed = may_sign_in(email)
        # The same work for an address that is unknown; only the mail is missing.
        SignInRequest.create(
            email=email if allowed else "",
            token_hash=digest(token),
            code_mac=_mac(site.key, digest(token), code),
            browser_hash=digest(browser),
            created_at=clock.now(),
        )
        if allowed:
            link = f"{site.base_url}/inloggen/link/{token}"
            enqueue(mails.sign_in(digest(token), email, link, code), site.mail_host)
    return timedelta(0)


def may_sign_in(email: str) -> bool:
    """Whether an address is invited and not gone, or lies at a listed domain."""
    account = Account.get_or_none(Account.email == email)
    if account is not None:
        return is_active(account)
    return _listed(email) is not None


def is_active(account: Account) -> bool:
    """Whether an account has access today."""
    return account.active_until is None or clock.today() < account.active_until


def inspect_link(token: str, browser: str) -> LinkState:
    """What the page of a link says; changes nothing."""
    request = SignInRequest.get_or_none(SignInRequest.token_hash == digest(token))
    if request is None or not request.open or _is_over(request) or not request.email:
        return LinkState.EXPIRED
    if not browser or request.browser_hash != digest(browser):
        return LinkState.OTHER_BROWSER
    return LinkState.VALID


def redeem_link(token: str, browser: str) -> Account | None:
    """Sign in with a link; the account, or None where the link is worth nothing here."""
    with db.atomic():
        if inspect_link(token, browser) is not LinkState.VALID:
            return None
        return _use(SignInRequest.get(SignInRequest.token_hash == digest(token)))


def use_code(code: str, browser: str, network: str, secret: str) -> Account | None:
    """Sign in with the code of the newest request of this browser; None where it is wrong."""
    if not throttle.attempt(throttle.CODES_PER_NETWORK, network):
        return None
    with db.atomic():
        request = (
            SignInRequest.select()
            .where((SignInRequest.browser_hash == digest(browser)) & SignInRequest.open)
            .order_by(SignInRequest.id.desc())
            .first()
        )
        if request is None or _is_over(request) or request.attempts >= MAX_CODES:
            return None
        SignInRequest.update(attempts=SignInRequest.attempts + 1).where(
            SignInRequest.id == request.id
        ).execute()
        expected = _mac(secret, request.token_hash, "".join(code.split()))
        if not request.email or not hmac.compare_digest(request.code_mac, expected):
            return None
        return _use(request)


def _use(request: SignInRequest) -> Account | None:
    """Close a request and give its account; the account of a listed domain is made here."""
    closed = (
        SignInRequest.update(open=False)
        .where((SignInRequest.id == request.id) & SignInRequest.open)
        .execute()
    )
    if not closed or not may_sign_in(request.email):
        return None
    account = Account.get_or_none(Account.email == request.email)
    if account is None:
        domain = _listed(request.email)
        account = Account.create(
            email=request.email,
            name=request.email.partition("@")[0],
            role=READER,
            organisation=domain.organisation if domain else None,
            by_domain=True,
            created_at=clock.now(),
        )
    return account


def make_set_up_link(site: Site) -> str | None:
    """A one-time address for the first administrator, or None where there are accounts."""
    with db.atomic():
        if Account.select().exists():
            return None
        SetUpLink.delete().where(SetUpLink.used_at.is_null()).execute()
        token = secrets.token_urlsafe(32)
        SetUpLink.create(token_hash=digest(token), created_at=clock.now())
    return f"{site.base_url}/eerste-keer/{token}"


def set_up_is_open(token: str) -> bool:
    """Whether this set-up link can still be used."""
    link = SetUpLink.get_or_none(SetUpLink.token_hash == digest(token))
    return link is not None and link.used_at is None


def set_up(token: str, name: str, email: str) -> Account | None:
    """Make the first administrator; None where the link was used already."""
    with db.atomic():
        used = (
            SetUpLink.update(used_at=clock.now())
            .where((SetUpLink.token_hash == digest(token)) & SetUpLink.used_at.is_null())
            .execute()
        )
        if not used:
            return None
        account = Account.create(
            email=email.lower(), name=name, role=ADMINISTRATOR, created_at=clock.now()
        )
        audit.record(account.id, "set up", "account", account.id)
        return account


def _listed(email: str) -> ListedDomain | None:
    domain = email.rpartition("@")[2]
    return ListedDomain.get_or_none(ListedDomain.domain == domain)


def _is_over(request: SignInRequest) -> bool:
    return not request.created_at <= clock.now() < request.created_at + VALID


def _mac(secret: str, token_hash: str, code: str) -> str:
    return hmac.new(secret.encode(), f"{token_hash} {code}".encode(), "sha256").hexdigest()
