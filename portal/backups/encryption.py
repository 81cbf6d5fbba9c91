"""Encryption of copies that leave this machine, with age (https://age-encryption.org/v1).

Whoever has the secret key opens one without the portal too, with `age --decrypt`."""

import os
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyrage

from portal.backups.store import InvalidBackup

ENDING = ".age"


class KeyPair(NamedTuple):
    """Two texts: the public key encrypts, the secret one decrypts."""

    public: str
    secret: str


def make_keys() -> KeyPair:
    identity = pyrage.x25519.Identity.generate()
    return KeyPair(str(identity.to_public()), str(identity))


def encrypt(source: Path, target: Path, public: str) -> None:
    """Encrypt a file to another of mode 0600. Raises OSError."""
    recipient = pyrage.x25519.Recipient.from_str(public)
    with source.open("rb") as plain, _open_new(target) as hidden:
        pyrage.encrypt_io(plain, hidden, [recipient])


def decrypt(source: Path, target: Path, secret: str) -> None:
    """Decrypt a file to another of mode 0600. `secret`: as it was printed, or a file of age with
    comments. Raises InvalidBackup where the key or the file is wrong, and OSError."""
    lines = [line for line in secret.splitlines() if not line.startswith("#")]
    try:
        identity = pyrage.x25519.Identity.from_str("".join("".join(lines).split()).upper())
    except pyrage.IdentityError:
        raise InvalidBackup(
            "Dit is geen geheime sleutel. Die begint met AGE-SECRET-KEY-1; kijk elk teken na."
        ) from None
    try:
        with source.open("rb") as hidden, _open_new(target) as plain:
            pyrage.decrypt_io(hidden, plain, [identity])
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None):  # of the disk; without one, a part of the file is wrong
            raise
        raise InvalidBackup(f"{source.name}: deze sleutel past er niet op, of dit bestand is niet heel.") from None


def _open_new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
