"""Passkeys (WebAuthn): what the browser is asked to sign, and whether its answer is right. The relying party and the
origin come from BASE_URL, never from a header."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Account
from portal.site import Site

_VERIFIED = UserVerificationRequirement.REQUIRED  # by a finger, face or PIN


class PasskeyRefused(Exception):
    """The answer of a browser is not right: the challenge, origin, relying party, signature or
    verification of its user."""


def offer(account: Account, known: Sequence[str], challenge: bytes, site: Site) -> dict[str, Any]:
    """The options with which a browser makes a passkey, as JSON; none on a device that has one of the `known`."""
    user = PublicKeyCredentialUserEntity(id=str(account.id).encode(), name=account.address, display_name=account.name)
    options, _ = _server(site).register_begin(
        user, _read(known), ResidentKeyRequirement.PREFERRED, _VERIFIED, challenge=challenge
    )
    return dict(options.public_key)


def ask(known: Sequence[str], challenge: bytes, site: Site) -> dict[str, Any]:
    """The options with which a browser signs a challenge, as JSON."""
    server = _server(site)
    options, _ = server.authenticate_begin(_read(known), _VERIFIED, challenge=challenge)
    return dict(options.public_key)


def read_new(answer: str, challenge: bytes, site: Site) -> tuple[str, int]:
    """The passkey that a browser made, as it is stored, and how often the device says that it was
    used: many say nothing. Raises PasskeyRefused."""
    with _refusing():
        made = _server(site).register_complete(_state(challenge), json.loads(answer))
        return websafe_encode(made.credential_data or b""), made.counter


def read_proof(answer: str, known: Sequence[str], challenge: bytes, site: Site) -> tuple[str, int]:
    """The passkey, of those that are known, that signed the challenge; the same as of a new one.
    Raises PasskeyRefused."""
    with _refusing():
        response = AuthenticationResponse.from_dict(json.loads(answer))
        used = _server(site).authenticate_complete(_state(challenge), _read(known), response)
        return websafe_encode(used), response.response.authenticator_data.counter


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # the parsers of the library raise whatever the bytes cause
        raise PasskeyRefused from error


def _server(site: Site) -> Fido2Server:
    parts = urlsplit(site.base_url)
    host = (parts.hostname or "").encode("idna").decode()
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = "" if parts.port in (None, usual) else f":{parts.port}"
    party = PublicKeyCredentialRpEntity(id=host, name="Kernwijzer")
    return Fido2Server(party, verify_origin=f"{parts.scheme}://{host}{port}".__eq__)


def _state(challenge: bytes) -> dict[str, Any]:
    return {"challenge": websafe_encode(challenge), "user_verification": _VERIFIED}


def _read(known: Sequence[str]) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(data)) for data in known]
