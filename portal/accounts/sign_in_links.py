"""Passwordless sign-in: a mail with a link and a code.

Opening the link shows a page with a button, and only the button signs in, because mail scanners
open every link. Link and code work once, for ten minutes, in the browser that asked for them; a
newer request invalidates the older ones. The answer does not reveal whether an address is known.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from portal import clock, throttle
from portal.accounts import mails
from portal.accounts.models import Account, ListedDomain, SignInRequest
from portal.accounts.roles import AccountRole
from portal.database import db
from portal.keys import hash_secret
from portal.mail.outbox import enqueue
from portal.site import Site
from portal.throttle import Limit

VALID_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(hours=24)
MAX_CODE_ATTEMPTS = 5

PER_ADDRESS = Limit("address", 3, timedelta(minutes=15))
# All schools of a board can share one address: many people, in the hour after the holidays.
PER_NETWORK = Limit("network", 60, timedelta(hours=1))
CODES_PER_NETWORK = Limit("code", 120, timedelta(hours=1))


class LinkState(StrEnum):
    """The state of a sign-in link for the browser that opens it."""

    VALID = "valid"
    OTHER_BROWSER = "other browser"
    EXPIRED = "expired"


def request_sign_in(email: str, browser: str, network: str, site: Site) -> timedelta:
    """Mail a link and a code to `email` if it may sign in. Returns zero, or the time to wait where
    this address or network asked too often."""
    email = email.strip().lower()
    for limit, subject in ((PER_NETWORK, network), (PER_ADDRESS, email)):
        if not throttle.attempt(limit, subject):
            return throttle.wait(limit, subject)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}"
    token_hash, browser_hash = hash_secret(token), hash_secret(browser)
    with db.atomic():
        SignInRequest.update(open=False).where(
            (SignInRequest.browser_hash == browser_hash) | (SignInRequest.email == email)
        ).execute()
        allowed = may_sign_in(email)
        # An unknown address costs the same work, so that the time taken reveals nothing.
        SignInRequest.create(
            email=email if allowed else "",
            token_hash=token_hash,
            code_mac=_code_mac(site.key, token_hash, code),
            browser_hash=browser_hash,
            created_at=clock.now(),
        )
        if allowed:
            link = f"{site.base_url}/inloggen/link/{token}"
            enqueue(mails.sign_in(token_hash, email, link, code), site.mail_host)
    return timedelta(0)


def may_sign_in(email: str) -> bool:
    """Whether an address has an active account, or is at a listed domain and has none yet."""
    account = Account.get_or_none(Account.email == email)
    if account is not None:
        return bool(account.is_active(clock.today()))
    return _find_listed_domain(email) is not None


def inspect_link(token: str, browser: str) -> LinkState:
    """The state of a link in this browser. Changes nothing."""
    request = SignInRequest.get_or_none(SignInRequest.token_hash == hash_secret(token))
    if request is None or not request.open or _is_expired(request) or not request.email:
        return LinkState.EXPIRED
    if not browser or request.browser_hash != hash_secret(browser):
        return LinkState.OTHER_BROWSER
    return LinkState.VALID


def redeem_link(token: str, browser: str) -> Account | None:
    """The account to sign in; None where the link is not valid in this browser."""
    with db.atomic():
        if inspect_link(token, browser) is not LinkState.VALID:
            return None
        return _redeem(SignInRequest.get(SignInRequest.token_hash == hash_secret(token)))


def redeem_code(code: str, browser: str, network: str, key: str) -> Account | None:
    """The account to sign in by the code of this browser's newest request; None where the code is
    wrong or expired, or was tried too often. `key` is the key that signed it."""
    if not throttle.attempt(CODES_PER_NETWORK, network):
        return None
    with db.atomic():
        request = (
            SignInRequest.select()
            .where((SignInRequest.browser_hash == hash_secret(browser)) & SignInRequest.open)
            .order_by(SignInRequest.id.desc())
            .first()
        )
        if request is None or _is_expired(request) or request.attempts >= MAX_CODE_ATTEMPTS:
            return None
        SignInRequest.update(attempts=SignInRequest.attempts + 1).where(
            SignInRequest.id == request.id
        ).execute()
        expected = _code_mac(key, request.token_hash, "".join(code.split()))
        if not request.email or not hmac.compare_digest(request.code_mac, expected):
            return None
        return _redeem(request)


def clear_requests(before: datetime) -> int:
    """Delete the requests made before this moment (aware, UTC); returns their number."""
    return int(SignInRequest.delete().where(SignInRequest.created_at < before).execute())


def _redeem(request: SignInRequest) -> Account | None:
    """Close a request and return its account. An address at a listed domain gets its account
    here, at its first sign-in."""
    closed = (
        SignInRequest.update(open=False)
        .where((SignInRequest.id == request.id) & SignInRequest.open)
        .execute()
    )
    if not closed or not may_sign_in(request.email):
        return None
    account = Account.get_or_none(Account.email == request.email)
    if account is None:
        domain = _find_listed_domain(request.email)
        account = Account.create(
            email=request.email,
            name=request.email.partition("@")[0],
            role=AccountRole.READER,
            organisation=domain.organisation if domain else None,
            by_domain=True,
            created_at=clock.now(),
        )
    return account


def _find_listed_domain(email: str) -> ListedDomain | None:
    domain = email.rpartition("@")[2]
    return ListedDomain.get_or_none(ListedDomain.domain == domain)


def _is_expired(request: SignInRequest) -> bool:
    # A request from the future (clock skew) does not count either.
    return not request.created_at <= clock.now() < request.created_at + VALID_FOR


def _code_mac(key: str, token_hash: str, code: str) -> str:
    return hmac.new(key.encode(), f"{token_hash} {code}".encode(), "sha256").hexdigest()
