"""The settings: read from the environment once, validated, and frozen."""

import ipaddress
import os
import re
from collections.abc import Mapping, Set
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import pyrage
from flask import current_app
from werkzeug.sansio.utils import host_is_trusted

from portal import email_addresses
from portal.region import Region, RegionError, read_region

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
LOOPBACK = ("127.0.0.1", "localhost", "::1")

NOBODY = ".example"  # the domain of an address that nobody reads (RFC 2606)
_SQLITE = "sqlite:///"
# The command of BACKUP_COPY does not get these: it could repeat them in a message.
SECRETS = (
    "DATABASE_URL", "IMAP_PASSWORD", "PING_URL", "SMTP_OAUTH_REFRESH_TOKEN", "SMTP_OAUTH_SECRET",
    "SMTP_PASSWORD",
)  # fmt: skip
_NEAR = 0.81  # SMTP_PASS and SMTP_PASSWORD have 0.82, SMTP_SERVER and SMTP_USER 0.80
_OAUTH_NEEDS = ("SMTP_USER", "SMTP_OAUTH_CLIENT", "SMTP_OAUTH_SECRET")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_IPV4_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_WIDEST = {4: 8, 6: 32}  # bits of the prefix, by version: the network of one organisation


class SettingError(Exception):
    """An invalid setting; the message names it, in Dutch."""


@dataclass(frozen=True)
class Config:
    """The settings of one installation. `docs/running.md` explains each."""

    region: Region
    database_url: str
    keys_file: Path | None
    backup_dir: Path | None
    backup_copy: str
    backup_key: str
    ping_url: str
    log_dir: Path | None
    host: str
    port: int
    trusted_hosts: tuple[str, ...]
    trusted_networks: tuple[Network, ...]
    proxies: int
    base_url: str
    hsts_subdomains: bool
    contact_email: str
    contact_phone: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    smtp_user: str
    smtp_password: str
    smtp_oauth_url: str
    smtp_oauth_client: str
    smtp_oauth_secret: str
    smtp_oauth_refresh_token: str
    mail_from: str
    mail_bounce: str
    mail_allow: tuple[str, ...]
    mail_lease: int
    imap_host: str
    imap_port: int
    imap_security: str
    imap_user: str
    imap_password: str

    @property
    def mail_host(self) -> str:
        """The domain of a Message-ID: that of the sender."""
        return self.mail_from.rpartition("@")[2]

    @property
    def sqlite_file(self) -> Path | None:
        """The file of the database; None where PostgreSQL keeps it."""
        path = self.database_url.removeprefix(_SQLITE)
        return None if path == self.database_url else Path(path)

    @property
    def database(self) -> Path:
        """The file of the database, beside which everything else stands; on PostgreSQL there is
        none, and only its name counts."""
        return self.sqlite_file or ROOT / "instance" / self.region.key

    @property
    def backups(self) -> Path:
        """The folder of the backups: BACKUP_DIR, or beside the database."""
        return self.backup_dir or self.database.with_name("backups")

    @property
    def copy_folder(self) -> Path | None:
        """The folder in BACKUP_COPY; None where that is empty or a command."""
        is_folder = self.backup_copy and not self.backup_copy.startswith("|")
        return Path(self.backup_copy) if is_folder else None

    @property
    def keys(self) -> Path:
        """The file with the keys: KEYS_FILE, or beside the database file."""
        return self.keys_file or self.database.with_name("keys.json")

    @property
    def logs(self) -> Path | None:
        """The folder of the logs: LOG_DIR, or beside the database file. None means stderr."""
        return self.log_dir or (self.sqlite_file and self.sqlite_file.with_name("log"))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Read the settings. Raises SettingError at the first one that is invalid."""

        def setting(name: str, default: str = "") -> str:
            return environ.get(name, "").strip() or default

        _refuse_ignored({name for name in environ if name.startswith(("SMTP_", "IMAP_")) and setting(name)})
        host = setting("HOST", "127.0.0.1")
        port = _number("PORT", setting("PORT", "5000"), 1, 65535)
        smtp_host, imap_host = setting("SMTP_HOST"), setting("IMAP_HOST")
        region = _region(setting("REGION", "zuid-kennemerland"))
        # Outside the demo `flask serve` refuses this address of a region without a mailbox.
        mailbox = region.contact_email or f"hulp@{region.key}{NOBODY}"
        contact = _email("CONTACT_EMAIL", setting("CONTACT_EMAIL", mailbox))
        sender = _email("MAIL_FROM", setting("MAIL_FROM", contact))
        bounce = _email("MAIL_BOUNCE", setting("MAIL_BOUNCE", sender))
        default_database = ROOT / "instance" / f"{region.key}.sqlite"
        hosts = _hosts(setting("TRUSTED_HOSTS", "127.0.0.1,localhost"))
        base_url = _base_url(setting("BASE_URL", f"http://127.0.0.1:{port}"), hosts)
        url = database_url(setting("DATABASE_URL", f"{_SQLITE}{default_database}"))
        return cls(
            region=region,
            database_url=url,
            keys_file=_path("KEYS_FILE", setting("KEYS_FILE"), url),
            backup_dir=_path("BACKUP_DIR", setting("BACKUP_DIR"), url),
            backup_copy=_backup_copy(setting("BACKUP_COPY"), setting("BACKUP_KEY")),
            backup_key=_backup_key(setting("BACKUP_KEY")),
            ping_url=_safe_url("PING_URL", setting("PING_URL")),
            log_dir=ROOT / folder if (folder := setting("LOG_DIR")) else None,
            host=host,
            port=port,
            trusted_hosts=hosts,
            trusted_networks=_networks(setting("TRUSTED_NETWORKS")),
            proxies=_proxies(setting("PROXIES", "0"), base_url),
            base_url=base_url,
            hsts_subdomains=_yes("HSTS_SUBDOMAINS", setting("HSTS_SUBDOMAINS", "yes")),
            contact_email=contact,
            contact_phone=_phone(setting("CONTACT_PHONE")),
            smtp_host=smtp_host,
            smtp_port=_number("SMTP_PORT", setting("SMTP_PORT", "587"), 1, 65535),
            smtp_security=_security("SMTP_SECURITY", setting("SMTP_SECURITY", "starttls"), smtp_host),
            smtp_user=setting("SMTP_USER"),
            smtp_password=setting("SMTP_PASSWORD"),
            smtp_oauth_url=_oauth_url(setting("SMTP_OAUTH_URL"), {name: setting(name) for name in _OAUTH_NEEDS}),
            smtp_oauth_client=setting("SMTP_OAUTH_CLIENT"),
            smtp_oauth_secret=setting("SMTP_OAUTH_SECRET"),
            smtp_oauth_refresh_token=setting("SMTP_OAUTH_REFRESH_TOKEN"),
            mail_from=sender,
            mail_bounce=bounce,
            mail_allow=tuple(_listed(setting("MAIL_ALLOW"))),
            mail_lease=_number("MAIL_LEASE", setting("MAIL_LEASE", "300"), 1, 3600),
            imap_host=_imap_host(imap_host, bounce),
            imap_port=_number("IMAP_PORT", setting("IMAP_PORT", "993"), 1, 65535),
            imap_security=_security("IMAP_SECURITY", setting("IMAP_SECURITY", "tls"), imap_host),
            imap_user=setting("IMAP_USER", setting("SMTP_USER")),
            imap_password=setting("IMAP_PASSWORD", setting("SMTP_PASSWORD")),
        )


def current_config() -> Config:
    """The settings of the current application; needs its context."""
    config: Config = current_app.config["KERNWIJZER"]
    return config


def _refuse_ignored(given: Set[str]) -> None:
    """Refuse a setting of mail that would do nothing: its name is nearly that of another, or it needs another. Any
    other name may be of another program, such as the SMTP_PORT_25_TCP of a container beside this one."""
    own = [name.upper() for name in Config.__dataclass_fields__]
    for name in sorted(given):
        if name not in own:
            if near := get_close_matches(name, own, n=1, cutoff=_NEAR):
                raise SettingError(f"{name}: deze instelling is er niet. Bedoel je {near[0]}?")
            continue
        for needed in ("SMTP_OAUTH_URL", "IMAP_HOST"):
            has_default = name.endswith(("_PORT", "_SECURITY"))
            if name.startswith(needed.rpartition("_")[0]) and needed not in given and not has_default:
                raise SettingError(f"{name}: vul ook {needed} in, of laat {name} weg.")


def _region(name: str) -> Region:
    if not re.fullmatch(r"[a-z0-9-]+", name) or not (SEEDS / name).is_dir():
        raise SettingError(f"REGION: de map seeds/{name} is er niet. Vul de naam van een map in.")
    try:
        return read_region(SEEDS / name)
    except RegionError as error:
        raise SettingError(f"REGION: {error}") from None


def database_url(url: str) -> str:
    """The address of a database; the path of a file is absolute in it. Raises SettingError."""
    if url.startswith(_SQLITE) and url != _SQLITE:
        return f"{_SQLITE}{ROOT / url.removeprefix(_SQLITE)}"
    # The address itself is not shown: it may hold a password.
    if not _is_postgresql(url):
        raise SettingError(
            "DATABASE_URL: begin met sqlite:/// en daarna het pad van het bestand, of met "
            "postgresql:// zoals in postgresql://gebruiker:wachtwoord@computer/database."
        )
    return url


def _is_postgresql(url: str) -> bool:
    """Whether `url` has the form of PostgreSQL's addresses and names a database."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # such as a port that is no number
        return False
    return parts.scheme == "postgresql" and len(parts.path) > 1 and not parts.fragment


def _path(name: str, text: str, url: str) -> Path | None:
    """The path in a setting; without one, it is beside the database file."""
    if not text and not url.startswith(_SQLITE):
        raise SettingError(f"{name}: vul bij PostgreSQL een pad in. Zie docs/running.md.")
    return ROOT / text if text else None


def _number(name: str, text: str, lowest: int, highest: int) -> int:
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise SettingError(f"{name}: {text!r} past niet. Vul een getal in van {lowest} tot en met {highest}.")
    return int(text)


def _yes(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise SettingError(f"{name}: kies yes of no.")
    return text == "yes"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _hosts(text: str) -> tuple[str, ...]:
    hosts = _listed(text.lower())
    if not hosts:
        raise SettingError("TRUSTED_HOSTS: vul minstens één naam van een computer in.")
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9.-]+", host):
            raise SettingError(
                f"TRUSTED_HOSTS: {host!r} is geen naam van een computer. "
                "Schrijf namen zonder http:// en zonder poort, met komma’s ertussen."
            )
        if host.startswith(".") and "." not in host.strip("."):
            raise SettingError(f"TRUSTED_HOSTS: {host!r} is te ruim. Schrijf minstens .voorbeeld.nl.")
    return tuple(hosts)


def _networks(text: str) -> tuple[Network, ...]:
    try:
        networks = tuple(ipaddress.ip_network(part) for part in _listed(text))
    except ValueError as error:
        raise SettingError(
            f"TRUSTED_NETWORKS: {error}. Schrijf netwerken zoals 192.0.2.0/24, met komma’s ertussen."
        ) from None
    for network in networks:
        if network.prefixlen < _WIDEST[network.version]:
            raise SettingError(
                f"TRUSTED_NETWORKS: {network} is te groot. Schrijf /8 of kleiner, bij IPv6 /32 of kleiner."
            )
        if network.version == 6 and network.overlaps(_IPV4_MAPPED):
            raise SettingError(
                f"TRUSTED_NETWORKS: in {network} liggen adressen van IPv4. Schrijf die zoals 192.0.2.0/24."
            )
    return networks


def _base_url(text: str, trusted_hosts: tuple[str, ...]) -> str:
    try:
        parts = urlsplit(text)
        host, _ = (parts.hostname or "").encode("idna").decode(), parts.port
        more = parts.username or parts.path.strip("/") or parts.query or parts.fragment
    except ValueError:  # such as a port that is no number
        host = more = ""
    if not host or parts.scheme not in ("http", "https") or more:
        raise SettingError(
            f"BASE_URL: {text!r} past niet. Vul het adres in waarop mensen de portal bereiken, "
            "zoals https://kernwijzer.voorbeeld.nl."
        )
    if not host_is_trusted(host, trusted_hosts):
        raise SettingError(f"TRUSTED_HOSTS: zet {host} erbij, de naam in BASE_URL.")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _proxies(text: str, base_url: str) -> int:
    proxies = _number("PROXIES", text, 0, 5)
    if not proxies and base_url.startswith("https:"):
        # Without it every visitor has the address of the proxy: one limit for all, and all trusted where the proxy is.
        raise SettingError(
            "PROXIES: BASE_URL begint met https, dus er staat een proxy voor de portal. Vul in hoeveel, meestal 1."
        )
    return proxies


def _email(name: str, text: str) -> str:
    try:
        return email_addresses.normalise(text)
    except ValueError:
        raise SettingError(f"{name}: {text!r} is geen e-mailadres, zoals naam@school.nl.") from None


def _phone(text: str) -> str:
    if text and not re.fullmatch(r"\+?[\d ()-]{4,20}", text):
        raise SettingError(f"CONTACT_PHONE: {text!r} is geen telefoonnummer, zoals 023 123 45 67.")
    return text


def _security(name: str, text: str, host: str) -> str:
    if text not in ("starttls", "tls", "none"):
        raise SettingError(f"{name}: kies starttls of tls.")
    if text == "none" and host not in LOOPBACK:
        raise SettingError(f"{name}: none mag alleen bij een mailserver op deze computer. Kies starttls of tls.")
    return text


def _imap_host(host: str, bounce: str) -> str:
    if host and not bounce.partition("@")[0].endswith("+"):
        raise SettingError(
            "IMAP_HOST: laat MAIL_BOUNCE dan op een + eindigen voor de @, zoals in "
            "terug+@school.nl. Daarachter komt het nummer van de mail."
        )
    return host


def _backup_copy(text: str, key: str) -> str:
    if text and not text.startswith("/") and not text.removeprefix("|").strip():
        raise SettingError("BACKUP_COPY: zet achter de | een opdracht.")
    if text and not text.startswith(("/", "|")):
        raise SettingError(
            "BACKUP_COPY: vul het hele pad van een map in, zoals /mnt/tweede-schijf, of een | en een opdracht."
        )
    if text and not key:
        raise SettingError(
            "BACKUP_COPY: vul ook BACKUP_KEY in, want een kopie elders wordt versleuteld. "
            "`flask new-backup-key` maakt een sleutel."
        )
    return text


def _backup_key(text: str) -> str:
    if text.upper().startswith("AGE-SECRET-KEY-"):
        raise SettingError(
            "BACKUP_KEY: dit is de geheime sleutel, en die hoort hier niet te staan. Vul de andere "
            "in, die met age1 begint."
        )
    try:
        return str(pyrage.x25519.Recipient.from_str(text)) if text else ""
    except pyrage.RecipientError:
        raise SettingError(
            f"BACKUP_KEY: {text!r} is geen sleutel. `flask new-backup-key` maakt er een, die met age1 begint."
        ) from None


def _safe_url(name: str, text: str) -> str:
    """The address of a service that hears a secret: https, or http on this computer."""
    parts = urlsplit(text)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if text and not (is_safe and parts.hostname):
        raise SettingError(f"{name}: {text!r} past niet. Begin met https://.")
    return text


def _oauth_url(text: str, needed: Mapping[str, str]) -> str:
    _safe_url("SMTP_OAUTH_URL", text)
    missing = [name for name, value in needed.items() if not value]
    if text and missing:
        raise SettingError(f"SMTP_OAUTH_URL: vul ook {' en '.join(missing)} in.")
    return text
