"""The jobs of the outbox: delivery, and retention of the mails that are done."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask

from portal.config import Config
from portal.database.database_flags import is_demo
from portal.jobs import register_job
from portal.jobs.clearing import register_clearing
from portal.jobs.worker import Job
from portal.mail import outbox
from portal.mail.access_tokens import OAuth
from portal.mail.bounce_mailbox import Mailbox
from portal.mail.bounces import collect
from portal.mail.return_paths import ReturnPath
from portal.mail.sending_and_retries import deliver_due
from portal.mail.smtp import Server
from portal.retention_periods import MAIL

DELIVERY = "mail"


def register(
    app: Flask, config: Config, has_ended: Callable[[str], bool], on_dead_address: Callable[[str, str], object]
) -> None:
    """Deliver mail at every tick of every worker: each mail has a lease of its own. `has_ended`
    tells whether the account of an address has ended: it gets no mail. `on_dead_address` gets each
    address that does not exist, with the answer of a server."""
    path = ReturnPath(config.mail_bounce, app.extensions["site"].keys)

    def deliver() -> int:
        told = server(config)._replace(has_ended=has_ended, on_dead_address=on_dead_address)
        return deliver_due(told._replace(return_path=path))

    def collect_bounces() -> int:
        return 0 if is_demo() else collect(mailbox(config), path, on_dead_address)

    register_job(app, Job(name=DELIVERY, every=timedelta(0), lease=timedelta(0), run=deliver, label="Mail versturen"))
    if config.imap_host:
        every, lease = timedelta(minutes=10), timedelta(minutes=5)
        register_job(app, Job("bounces", every, lease, collect_bounces, "Mail nakijken die terugkwam"))
    register_clearing(app, MAIL, outbox.clear_done)


def server(config: Config) -> Server:
    """The SMTP server of the settings; a demo never opens a connection."""
    return Server(
        host=config.smtp_host,
        port=config.smtp_port,
        security=config.smtp_security,
        user=config.smtp_user,
        password=config.smtp_password,
        sender=config.mail_from,
        return_path=ReturnPath(config.mail_bounce),
        allow=config.mail_allow,
        capture_only=is_demo(),
        lease=timedelta(seconds=config.mail_lease),
        greeting=_greeting(config.base_url),
        oauth=_oauth(config),
    )


def mailbox(config: Config) -> Mailbox:
    """The mailbox of the settings, in which bounces arrive."""
    return Mailbox(
        host=config.imap_host,
        port=config.imap_port,
        security=config.imap_security,
        user=config.imap_user,
        password=config.imap_password,
        oauth=_oauth(config),
    )


def _oauth(config: Config) -> OAuth | None:
    if not config.smtp_oauth_url:
        return None
    return OAuth(
        url=config.smtp_oauth_url,
        client=config.smtp_oauth_client,
        secret=config.smtp_oauth_secret,
        refresh_token=config.smtp_oauth_refresh_token,
    )


def _greeting(base_url: str) -> str:
    """The name of this computer for EHLO: a domain, or a number in brackets (RFC 5321, 4.1.3)."""
    host = urlsplit(base_url).hostname or ""
    if ":" in host:
        return f"[IPv6:{host}]"
    return f"[{host}]" if host.replace(".", "").isdigit() else host
