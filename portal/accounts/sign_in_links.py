"""Passwordless sign-in: a mail with a link and a code.

Opening the link shows a page with a button, and only the button signs in, because mail scanners open every link. Link
and code work once, for ten minutes, in the browser that asked for them; a newer request of the same browser invalidates
the older ones. The answer does not reveal whether an address is known.

Nobody can keep a colleague signed out: a stranger's requests close no link of another browser, and they count against
limits that do not apply in a browser where the account signed in before.
"""

import hmac
import secrets
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from portal import audit, clock, throttle
from portal.accounts import mail_domains, mails, sessions
from portal.accounts.models import ACCOUNTS_LOCK, Account, SignInRequest
from portal.accounts.roles import AccountRole
from portal.accounts.sign_in_addresses import find_by_address
from portal.database import db, lock
from portal.keys import hash_secret
from portal.mail.outbox import enqueue
from portal.site import Site
from portal.throttle import Limit

VALID_FOR = timedelta(minutes=10)
MAX_CODE_ATTEMPTS = 5

PER_NETWORK = Limit("address and network", 3, timedelta(minutes=15))
PER_ADDRESS = Limit("address", 12, timedelta(hours=1))
IN_KNOWN_BROWSER = Limit("known browser", 6, timedelta(minutes=15))
# Addresses without an account, each of which costs rows and at a listed domain a mail. All schools
# of a board can share one network: many people, in the hour after the holidays.
NEW_PER_NETWORK = Limit("new addresses", 600, timedelta(hours=1))
# A code can be guessed, a link cannot: after this many wrong codes only the link signs in.
WRONG_CODES = Limit("wrong code", 20, timedelta(hours=24))


class LinkState(StrEnum):
    """The state of a sign-in link for the browser that opens it."""

    VALID = "valid"
    OTHER_BROWSER = "other browser"
    EXPIRED = "expired"


def request_sign_in(email: str, browser: str, network: str, known_accounts: Collection[int], site: Site) -> timedelta:
    """Mail a link and a code to `email` if it may sign in. `known_accounts` are the ids of the
    accounts that signed in with this browser before.

    Returns zero, or the time to wait where this address was asked for too often. Where a network
    made up very many addresses, a mail that a limit stops is stopped without a word: there only an
    address with an account could reach a limit, so the refusal would reveal the account.
    """
    email = email.strip().lower()
    account = find_by_address(email)
    is_known = account is not None and account.id in known_accounts
    domain = mail_domains.find_domain(email)
    newcomers = f"{network} {domain.domain if domain else ''}"
    is_flooded = not is_known and bool(throttle.wait(NEW_PER_NETWORK, newcomers))
    if account is None and not throttle.attempt(NEW_PER_NETWORK, newcomers):
        return timedelta(0)
    limits = [(IN_KNOWN_BROWSER, email)] if is_known else [(PER_NETWORK, f"{network} {email}"), (PER_ADDRESS, email)]
    for limit, subject in limits:
        if not throttle.attempt(limit, subject):
            return timedelta(0) if is_flooded else throttle.wait(limit, subject)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(1_000_000):06}"
    token_hash, browser_hash = hash_secret(token), hash_secret(browser)
    with db.atomic():
        lock(f"sign-in requests of {browser_hash}")
        SignInRequest.update(open=False).where(SignInRequest.browser_hash == browser_hash).execute()
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
            has_code = not throttle.wait(WRONG_CODES, _code_subject(email, network))
            not_after = clock.now() + VALID_FOR
            mail = mails.sign_in(token_hash, email, link, code if has_code else "", not_after)
            enqueue(mail, site.mail_host)
    return timedelta(0)


def may_sign_in(email: str) -> bool:
    """Whether an address has an active account, or is at a listed domain and never had one."""
    if account := find_by_address(email):
        return account.is_active(clock.today())
    is_former = Account.select().where(Account.email == email).exists()
    return not is_former and mail_domains.find_domain(email) is not None


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
    """The account to sign in by the code (six digits) of this browser's newest request; None where
    the code is wrong or expired, or was tried too often. `key` is the key that signed it."""
    with db.atomic():
        request = (
            SignInRequest.select()
            .where((SignInRequest.browser_hash == hash_secret(browser)) & SignInRequest.open)
            .order_by(SignInRequest.id.desc())
            .first()
        )
        if request is None or _is_expired(request):
            return None
        subject = _code_subject(request.email, network)
        throttle.hold(WRONG_CODES, subject)
        if throttle.wait(WRONG_CODES, subject) or not _count_attempt(request):
            return None
        expected = _code_mac(key, request.token_hash, code)
        if not request.email or not hmac.compare_digest(request.code_mac, expected):
            throttle.attempt(WRONG_CODES, subject)
            return None
        return _redeem(request)


def _count_attempt(request: SignInRequest) -> bool:
    """Count an attempt to guess the code of a request; False where there were too many."""
    may_guess = (SignInRequest.id == request.id) & (SignInRequest.attempts < MAX_CODE_ATTEMPTS)
    more = SignInRequest.update(attempts=SignInRequest.attempts + 1)
    return bool(more.where(may_guess).execute())


def _redeem(request: SignInRequest) -> Account | None:
    """Close a request and return its account. An address at a listed domain gets its account
    here, at its first sign-in."""
    closed = SignInRequest.update(open=False).where((SignInRequest.id == request.id) & SignInRequest.open).execute()
    if not closed:
        return None
    lock(ACCOUNTS_LOCK)  # the domain may be removed at this moment
    if not may_sign_in(request.email):
        return None
    account = find_by_address(request.email)
    if account is None:
        domain = mail_domains.find_domain(request.email)
        account = Account.create(
            email=request.email,
            name=request.email.partition("@")[0],
            role=AccountRole.READER,
            organisation=domain.organisation if domain else None,
            by_domain=True,
            created_at=clock.now(),
        )
    elif account.address != request.email:
        account.moved_to = request.email if request.email != account.email else ""
        account.save(only=["moved_to"])
        sessions.end_account_sessions(account)
        audit.record(account.id, "changed", "account", account.id)
    return account


def _code_subject(email: str, network: str) -> str:
    """The subject of WRONG_CODES: an address that has an account; otherwise a network and a domain,
    at which one visitor could make up any number of addresses."""
    if find_by_address(email):
        return email
    return f"{network} {email.rpartition('@')[2]}"


def _is_expired(request: SignInRequest) -> bool:
    # A request from the future (clock skew) does not count either.
    return not request.created_at - clock.SKEW <= clock.now() < request.created_at + VALID_FOR


def _code_mac(key: str, token_hash: str, code: str) -> str:
    return hmac.new(key.encode(), f"{token_hash} {code}".encode(), "sha256").hexdigest()
