"""Access tokens for a mail server that takes no password (OAuth 2.0, RFC 6749)."""

import http.client
import json
import urllib.error
import urllib.request
from typing import NamedTuple
from urllib.parse import urlencode

from portal.mail.faults import Unusable

TIMEOUT = 20  # seconds
_LONGEST = 64 * 1024  # bytes of an answer
_SCOPE = "https://outlook.office365.com/.default"  # of client credentials, of Microsoft 365


class OAuth(NamedTuple):
    """The application of this portal at the sign-in service of the mail server."""

    url: str  # the token endpoint
    client: str
    secret: str
    refresh_token: str  # "": client credentials


def fetch_token(oauth: OAuth) -> str:
    """An access token, by one POST: with client credentials (RFC 6749, 4.4), as Microsoft 365
    wants it, or with a refresh token (6), as Google does. Raises Unusable."""
    if oauth.refresh_token:
        grant = {"grant_type": "refresh_token", "refresh_token": oauth.refresh_token}
    else:
        grant = {"grant_type": "client_credentials", "scope": _SCOPE}
    form = urlencode({**grant, "client_id": oauth.client, "client_secret": oauth.secret})
    try:
        # The settings allow https, and http on this computer.
        with urllib.request.urlopen(oauth.url, form.encode(), TIMEOUT) as answer:  # noqa: S310 - see above
            return str(json.loads(answer.read(_LONGEST))["access_token"])
    except urllib.error.HTTPError as error:
        with error:
            reason = _read_reason(error.read(_LONGEST))
        raise Unusable(
            f"De inlogdienst van de mailserver weigert: {error.code} {reason}",
            "Controleer SMTP_OAUTH_CLIENT en SMTP_OAUTH_SECRET; een geheim verloopt na een tijd.",
        ) from None
    except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as error:
        raise Unusable(
            f"De inlogdienst van de mailserver geeft geen antwoord ({type(error).__name__}).",
            "Controleer SMTP_OAUTH_URL.",
        ) from None


def answer_with_token(user: str, oauth: OAuth) -> str:
    """The answer of XOAUTH2 (SMTP, IMAP) with a new access token. Raises Unusable."""
    return f"user={user}\1auth=Bearer {fetch_token(oauth)}\1\1"


def _read_reason(body: bytes) -> str:
    """The reason in a refusal (RFC 6749, 5.2), or ""."""
    try:
        answer = json.loads(body)
        return f"{answer['error']} {answer.get('error_description', '')}"[:200]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
