"""The settings: read from the environment once, checked, and frozen."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


class SettingError(Exception):
    """A setting that the portal cannot start with; the message names it, in Dutch."""


@dataclass(frozen=True)
class Config:
    """Everything that differs per installation. `docs/running.md` explains each setting."""

    database: Path
    host: str
    port: int
    trusted_hosts: tuple[str, ...]
    contact_email: str
    contact_phone: str

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings.

        Raises SettingError, with the name of the setting, at the first that is wrong.
        """

        def setting(name: str, default: str) -> str:
            return environ.get(name, "").strip() or default

        return cls(
            database=_database(
                setting("DATABASE_URL", f"sqlite:///{ROOT / 'instance' / 'kernwijzer.sqlite'}")
            ),
            host=setting("HOST", "127.0.0.1"),
            port=_port(setting("PORT", "5000")),
            trusted_hosts=_hosts(setting("TRUSTED_HOSTS", "127.0.0.1,localhost")),
            contact_email=_email(setting("CONTACT_EMAIL", "kernteam@po-zk.nl")),
            contact_phone=setting("CONTACT_PHONE", ""),
        )


def _database(url: str) -> Path:
    prefix = "sqlite:///"
    if not url.startswith(prefix) or url == prefix:
        raise SettingError("DATABASE_URL: begin met sqlite:/// en daarna het pad van het bestand.")
    path = Path(url.removeprefix(prefix))
    return path if path.is_absolute() else ROOT / path


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingError(f"PORT: {text!r} is geen poort. Vul een getal in van 1 tot 65535.")
    return int(text)


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip() for host in text.split(",") if host.strip())
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9.-]+", host):
            raise SettingError(
                f"TRUSTED_HOSTS: {host!r} is geen naam van een computer. "
                "Schrijf namen zonder http:// en zonder poort, met komma's ertussen."
            )
    return hosts


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        raise SettingError(f"CONTACT_EMAIL: {text!r} is geen e-mailadres, zoals naam@school.nl.")
    return text
