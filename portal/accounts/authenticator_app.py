"""The codes of an authenticator app (TOTP, RFC 6238): six digits of SHA-1, a new one every thirty seconds. Each counts
once, a step early or late. The secret is stored encrypted, so that a copy of the database gives no codes."""

import base64
import hmac
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

from portal import clock
from portal.site import Site

_STEP = 30  # seconds
_WINDOW = 1  # steps
# The difference that is recognised as a wrong clock. Such a code never counts.
_WRONG_CLOCK = 20  # steps


def make_sealed_secret(account: int, site: Site) -> str:
    """A new secret for an account (id), encrypted."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    return _cipher(site).encrypt(f"{account} {secret}".encode()).decode()


def open_secret(sealed: str, account: int, site: Site) -> str:
    """The secret that was sealed for this account, as base32; "" for anything else."""
    from cryptography.fernet import InvalidToken  # few pages need it

    try:
        owner, _, secret = _cipher(site).decrypt(sealed.encode()).decode().partition(" ")
    except InvalidToken:
        return ""
    return secret if owner == str(account) else ""


def make_code(secret: str, step: int) -> str:
    """The code of a step: the number of half minutes since 1970."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8), "sha1").digest()
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def check_code(secret: str, code: str) -> tuple[int, str]:
    """The step of this code (any text), and in Dutch why it does not count, or ""."""
    now = int(clock.now().timestamp()) // _STEP
    for ahead in sorted(range(-_WRONG_CLOCK, _WRONG_CLOCK + 1), key=abs):
        if hmac.compare_digest(make_code(secret, now + ahead).encode(), code.encode()):
            return now + ahead, _tell_clock(ahead) if abs(ahead) > _WINDOW else ""
    return 0, "Deze code klopt niet. Typ de code die nu in je app staat."


def _tell_clock(ahead: int) -> str:
    minutes = max(1, round(abs(ahead) * _STEP / 60))
    which = "voor" if ahead > 0 else "achter"
    unit = "minuut" if minutes == 1 else "minuten"
    return (
        f"De klok van je telefoon loopt ongeveer {minutes} {unit} {which}. Zet de tijd van je "
        "telefoon op automatisch, en typ dan de nieuwe code."
    )


def make_address(secret: str, email: str) -> str:
    """The address by which an app learns the secret of the account with this mail address."""
    return f"otpauth://totp/Kernwijzer:{quote(email)}?secret={secret}&issuer=Kernwijzer"


def _cipher(site: Site) -> "Fernet":
    from cryptography.fernet import Fernet  # few pages need it

    key = hmac.new(site.lasting_key.encode(), b"authenticator apps", "sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
