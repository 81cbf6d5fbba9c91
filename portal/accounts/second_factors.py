"""The second factors of an account: added, proved, removed, and reset where they are lost.

Each check returns in Dutch why it refuses, or "". A code of six digits is guessed in ten tries a
day at most; one on paper cannot be guessed, and a passkey neither.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from portal import audit, clock, throttle
from portal.accounts import authenticator_app, mails, sessions
from portal.accounts.models import ACCOUNTS_LOCK, Account, FactorKind, RecoveryCode, SecondFactor, SignInSession
from portal.accounts.sessions import User
from portal.database import add_unless_present, db, lock
from portal.labelled_enum import LabelledEnum
from portal.mail.outbox import enqueue
from portal.site import Site
from portal.throttle import Limit
from portal.web.logs import security_event

_WRONG = Limit("wrong code of a second factor", 10, timedelta(hours=24))
_CODES = 10  # on paper
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without what looks alike on paper


class ResetReason(LabelledEnum):
    """The reason why somebody else removes all second factors of an account."""

    LOST = "lost", "De telefoon, sleutel of codes zijn kwijt"
    RENEWED = "renewed", "Er is een nieuwe telefoon of computer"
    DOUBTED = "doubted", "Misschien kan iemand anders erbij"


class Factors(NamedTuple):
    """The second factors of an account, and its number of codes on paper."""

    listed: Sequence[SecondFactor]
    codes: int

    @property
    def is_complete(self) -> bool:
        """Whether one may be lost: two, or one and codes on paper."""
        return len(self.listed) > 1 or bool(self.listed and self.codes)

    def list_data(self, kind: FactorKind) -> list[str]:
        return [factor.data for factor in self.listed if factor.kind is kind]


def get_factors(account: Account) -> Factors:
    """The second factors of an account, the oldest first."""
    own = SecondFactor.select().where(SecondFactor.account == account).order_by(SecondFactor.id)
    codes = RecoveryCode.select().where(RecoveryCode.account == account).count()
    return Factors(list(own), codes)


def are_passkeys_possible(site: Site) -> bool:
    """Whether a browser makes passkeys for the address of the portal: a name, over https or at this computer."""
    parts = urlsplit(site.base_url)
    try:
        ip_address(parts.hostname or "")
    except ValueError:
        return parts.scheme == "https" or parts.hostname == "localhost"
    return False


def make_challenge(user: User) -> bytes:
    """A new challenge for a passkey in this session; an older one counts no more."""
    challenge = secrets.token_bytes(32)
    SignInSession.update(challenge=challenge.hex()).where(SignInSession.id == user.session).execute()
    return challenge


def use_challenge(user: User) -> bytes:
    """The challenge of this session, once; without one, random bytes that nobody signed."""
    own = SignInSession.id == user.session
    challenge = SignInSession.get(own).challenge
    used = SignInSession.update(challenge="").where(own & (SignInSession.challenge == challenge))
    return bytes.fromhex(challenge) if challenge and used.execute() else secrets.token_bytes(32)


def add_passkey(user: User, answer: str, device: str, site: Site) -> str:
    """Add the passkey that a browser made for the challenge of this session."""
    from portal.accounts import passkeys  # few requests need it

    try:
        data, counter = passkeys.read_new(answer, use_challenge(user), site)
    except passkeys.PasskeyRefused:
        security_event("passkey refused")
        return "De passkey is niet gemaakt. Probeer het opnieuw."
    return _add(user, FactorKind.PASSKEY, device, data, counter, site)


def add_app(user: User, sealed: str, typed: str, device: str, site: Site) -> str:
    """Add the authenticator app that learnt this sealed secret, and gives this code."""
    secret = authenticator_app.open_secret(sealed, user.account.id, site)
    if not secret:
        return "Deze pagina is verlopen. Scan het vierkant hieronder, en typ dan de nieuwe code."
    step, refusal = authenticator_app.check_code(secret, _read(typed))
    return refusal or _add(user, FactorKind.APP, device, sealed, step, site)


def _add(user: User, kind: FactorKind, device: str, data: str, counter: int, site: Site) -> str:
    account = user.account
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if not SignInSession.get_or_none(SignInSession.id == user.session):
            return "Je bent uitgelogd. Log opnieuw in."  # by a reset, which this would undo
        added = add_unless_present(
            SecondFactor, account=account, kind=kind, device=device, data=data, counter=counter, created_at=clock.now()
        )
        if not added:
            return "Deze is al toegevoegd."
        _record(account, "added", "second factor", f"Toegevoegd: {kind.label}, in {device}.", site)
    return ""


def prove_passkey(user: User, answer: str, site: Site) -> str:
    """Check the passkey that signed the challenge of this session."""
    from portal.accounts import passkeys  # few requests need it

    challenge = use_challenge(user)
    known = get_factors(user.account).list_data(FactorKind.PASSKEY)
    try:
        data, counter = passkeys.read_proof(answer, known, challenge, site)
    except passkeys.PasskeyRefused:
        security_event("passkey refused")
        return "De passkey is niet herkend. Probeer het opnieuw, of typ een code."
    factor = SecondFactor.get(SecondFactor.data == data)
    if counter and counter <= factor.counter:  # a hint of a copied key, no proof
        security_event("passkey counter went back")
    SecondFactor.update(counter=counter).where(SecondFactor.id == factor.id).execute()
    return ""


def prove_code(user: User, typed: str, site: Site) -> str:
    """Check a code of the app or of paper; each counts once."""
    code, account = _read(typed), user.account
    is_of_app = len(code) == 6 and code.isdecimal()
    subject = f"{account.id} {'app' if is_of_app else 'paper'}"
    with db.atomic():
        throttle.hold(_WRONG, subject)
        if throttle.wait(_WRONG, subject):
            security_event("second factor throttled")
            return (
                "Je typte te vaak een verkeerde code. Wacht tot morgen, of gebruik iets anders: "
                f"een passkey of een code van {'papier' if is_of_app else 'je app'}."
            )
        refusal = _use_step(account, code, site) if is_of_app else _use_paper(account, code, site)
        if refusal:
            throttle.attempt(_WRONG, subject)
            security_event("second factor refused")
    return refusal


def _use_step(account: Account, code: str, site: Site) -> str:
    """Use a code of an app: in the caller's transaction."""
    refusal = "Deze code klopt niet. Typ de code die nu in je app staat."
    for factor in get_factors(account).listed:
        if factor.kind is not FactorKind.APP:
            continue
        secret = authenticator_app.open_secret(factor.data, account.id, site)
        step, reason = authenticator_app.check_code(secret, code) if secret else (0, refusal)
        unused = (SecondFactor.id == factor.id) & (SecondFactor.counter < step)
        if not reason and SecondFactor.update(counter=step).where(unused).execute():
            return ""
        if step:
            refusal = reason or "Deze code is al gebruikt. Wacht op de volgende in je app."
    return refusal


def _use_paper(account: Account, code: str, site: Site) -> str:
    """Use a code on paper: in the caller's transaction."""
    own = (RecoveryCode.account == account) & (RecoveryCode.code_mac == _mac(account, code, site))
    if not RecoveryCode.delete().where(own).execute():
        return "Deze code klopt niet, of is al gebruikt. Typ een andere code."
    left = RecoveryCode.select().where(RecoveryCode.account == account).count()
    event = f"Er is een code van papier gebruikt. Je hebt er nog {left}."
    _record(account, "used", "recovery code", event, site)
    return ""


def make_codes(account: Account, site: Site) -> list[str]:
    """Ten new codes on paper, which are stored as hashes; the old ones count no more. Empty for
    who has no second factor, such as after a reset."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(12)) for _ in range(_CODES)]
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        if not get_factors(account).listed:
            return []
        RecoveryCode.delete().where(RecoveryCode.account == account).execute()
        RecoveryCode.insert_many(
            {"account": account, "code_mac": _mac(account, code, site), "created_at": clock.now()} for code in codes
        ).execute()
        event = "Er zijn tien nieuwe codes op papier gemaakt."
        _record(account, "added", "recovery code", event, site)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def remove(account: Account, factor: int, site: Site) -> str | None:
    """Remove a second factor (id); None where the account has no such one."""
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        found = {one.id: one for one in get_factors(account).listed}
        if factor not in found:
            return None
        if refusal := _refuse_removal(len(found)):
            return refusal
        SecondFactor.delete().where(SecondFactor.id == factor).execute()
        event = f"Weggehaald: {found[factor].kind.label}, in {found[factor].device}."
        _record(account, "deleted", "second factor", event, site)
    return ""


def _refuse_removal(factors: int) -> str:
    """Why an account with so many second factors keeps each, in Dutch; "": one may be removed."""
    return "" if factors > 1 else "Dit is je enige tweede stap. Voeg eerst een andere toe."


def reset(account: Account, actor: int | None, reason: ResetReason | None, site: Site) -> None:
    """Remove all second factors of an account, for another (id) and a reason, or at the machine
    (None). At the next session its owner sets up a new one, and can do nothing before."""
    action = f"reset: {reason}" if reason else "reset at the machine"
    told = f"{reason.label}." if reason else "Dat is gedaan op de server."
    with db.atomic():
        lock(ACCOUNTS_LOCK)
        clear(account)
        Account.update(factor_due_on=clock.today()).where(Account.id == account.id).execute()
        sessions.end_account_sessions(account)
        audit.record(actor, action, "second factor", account.id)
        _mail(account, f"Alles is gewist. {told} Stel het opnieuw in als je inlogt.", site)


def clear(account: Account) -> None:
    """Delete the second factors and codes of an account: in the caller's transaction."""
    for table in (SecondFactor, RecoveryCode):
        table.delete().where(table.account == account).execute()


def _read(typed: str) -> str:
    """The characters of a typed code that count, digits of any script as ASCII."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in typed.lower() if c.isalnum())


def _mac(account: Account, code: str, site: Site) -> str:
    text = f"recovery code {account.id} {code}"
    return hmac.new(site.lasting_key.encode(), text.encode(), "sha256").hexdigest()


def _record(account: Account, action: str, subject: str, event: str, site: Site) -> None:
    audit.record(account.id, action, subject, account.id)
    _mail(account, event, site)


def _mail(account: Account, event: str, site: Site) -> None:
    enqueue(mails.second_factor(account, event, clock.now()), site.mail_host)
