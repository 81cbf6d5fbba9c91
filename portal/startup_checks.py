"""The checks before the start: settings that would open the portal, and the database of another region."""

import ipaddress
import shutil
from urllib.parse import urlsplit

from portal import clock
from portal.backups.store import get_store
from portal.config import LOOPBACK, NOBODY, Config, SettingError, current_config
from portal.database import connection
from portal.database.database_flags import find_keys, find_or_record_keys, find_region, is_demo
from portal.guide.content import current_content
from portal.keys import fingerprint, load_keys
from portal.region import current_region

_IPV6_LOOPBACK = ipaddress.ip_address("::1")


def refuse_unsafe_start() -> None:
    """`refuse_unsafe` for the current application and its database."""
    with connection():
        demo = is_demo()
    refuse_unsafe(current_config(), demo=demo)


def refuse_other_region() -> None:
    """Raise SettingError where the database belongs to another region than REGION."""
    chosen = current_region().key
    with connection():
        found = find_region()
    if found not in ("", chosen):
        raise SettingError(
            f"REGION: in deze database staat {found}, niet {chosen}. Kies die regio, of een andere "
            "database met DATABASE_URL."
        )


def refuse_other_keys(records: bool = True) -> None:
    """Raise SettingError where another machine of this database signs with other keys: visitors
    would be signed out by turns. Only where KEYS_FILE is set, because one machine needs no check.

    Records the keys of the first machine, where it `records`.
    """
    config = current_config()
    if not config.keys_file:
        return
    mine = fingerprint(load_keys(config.keys))
    with connection():
        found = find_or_record_keys(mine, clock.today()) if records else find_keys() or mine
    if found != mine:
        raise SettingError(
            "KEYS_FILE: andere computers gebruiken met deze database andere sleutels. Kopieer hun "
            "bestand. Is dat weg? Voer hier `flask rotate-key` uit en kopieer dit bestand naar hen."
        )


def refuse_invalid_guide() -> None:
    """Raise SettingError where the content of the guide is invalid. It is read before the processes
    split, so that no visitor waits for it."""
    if "guide" in current_region().modules:
        current_content()


def refuse_missing_programs() -> None:
    """Raise SettingError where a program is missing with which backups are made."""
    for program in get_store(current_config()).programs:
        if not shutil.which(program):
            raise SettingError(
                f"DATABASE_URL: voor back-ups van deze database is {program} nodig. Installeer de "
                "client van PostgreSQL, bij Debian het pakket postgresql-client."
            )


def refuse_unsafe(config: Config, *, demo: bool) -> None:
    """Raise SettingError where these settings make the portal unsafe, as a demo or outside one.

    In a demo every visitor signs in as anybody, so only this computer may reach it and it knows no
    mail server. Outside one loopback may not be a trusted network, because a proxy on the same
    machine would let in the world, and CONTACT_EMAIL must be a mailbox that somebody reads.
    """
    if demo:
        _refuse_open_demo(config)
        return
    if config.contact_email.endswith(f"@{config.region.key}{NOBODY}"):
        raise SettingError("CONTACT_EMAIL: vul het adres in waar mensen hulp krijgen. De regio noemt er geen.")
    # IPv4 networks are at most /8, and so is loopback.
    if any(own.is_loopback or _IPV6_LOOPBACK in own for own in config.trusted_networks):
        raise SettingError(
            "TRUSTED_NETWORKS: deze computer mag er niet bij. Een proxy op deze computer zou dan iedereen binnenlaten."
        )


def _refuse_open_demo(config: Config) -> None:
    base_host = urlsplit(config.base_url).hostname or ""
    for name, hosts in (("HOST", [config.host]), ("BASE_URL", [base_host]), ("TRUSTED_HOSTS", config.trusted_hosts)):
        if others := [host for host in hosts if host.lower() not in LOOPBACK]:
            raise SettingError(
                f"{name}: een demo draait alleen op deze computer, niet op {others[0]}. Laat {name} weg."
            )
    if config.proxies:
        raise SettingError("PROXIES: een demo draait niet achter een proxy. Laat PROXIES weg.")
    if config.smtp_host:
        raise SettingError("SMTP_HOST: een demo verstuurt geen mail. Laat SMTP_HOST weg.")
