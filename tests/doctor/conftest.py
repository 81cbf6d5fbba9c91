"""An installation in which nothing is wrong.

A mail server lets us in, the domain has all records, the backup has its copy, and the worker did
everything just now.
"""

import contextlib
import shutil
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest
from flask import Flask

from portal import clock
from portal.backups.encryption import make_keys
from portal.backups.make_and_restore import make_backup
from portal.backups.second_place import copy_newest
from portal.config import Config
from portal.database import connection, db, open_database
from portal.database.database_flags import DatabaseFlag
from portal.doctor import clocks
from portal.jobs.worker import JobRun
from portal.mail.models import OutgoingMail
from tests.clock import TODAY, stopped_at
from tests.conftest import config, copied
from tests.factories import make_job_run
from tests.mail.postbox import PASSWORD, Postbox, serving
from tests.postgres import url_of

RECORDS = {
    "school.example": ["v=spf1 mx -all", "another service"],
    "selector1._domainkey.school.example": ["v=DKIM1; p=MIGf"],
    "_dmarc.school.example": ["v=DMARC1; p=reject; rua=mailto:dmarc@school.example"],
}
COPY = "| cat >/dev/null"
Records = dict[str, list[str]]
Change = Callable[..., Config]


@contextlib.contextmanager
def serving_dns(records: Records) -> Iterator[int]:
    """A name server on this computer with these texts; gives its port. A name without texts is
    answered with SERVFAIL."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sender = self.request
            answer = dns.message.make_response(dns.message.from_wire(data))
            name = answer.question[0].name
            asked = name.to_text(omit_final_dot=True)
            if texts := records.get(asked):
                quoted = [f'"{text}"' for text in texts]
                answer.answer.append(dns.rrset.from_text_list(name, 1, "IN", "TXT", quoted))
            elif asked in records:
                answer.set_rcode(dns.rcode.SERVFAIL)
            elif not any(known.endswith(f".{asked}") for known in records):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            sender.sendto(answer.to_wire(), self.client_address)

    with socketserver.UDPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[Records]:
    """The records of the domain of the sender, in a name server that this process asks."""
    found = dict(RECORDS)
    with serving_dns(found) as port:
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], port
        monkeypatch.setattr(dns.resolver, "default_resolver", resolver)
        yield found


@pytest.fixture
def mail_server() -> Iterator[Postbox]:
    with serving() as postbox:
        yield postbox


@pytest.fixture(scope="module")
def template(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as an installation with a backup and its copy, which are made once."""
    path = copied(seeded, tmp_path_factory.mktemp("healthy"))
    open_database(url_of(path))
    settings = replace(config(path), backup_copy=COPY, backup_key=make_keys().public)
    with stopped_at(f"{TODAY} 09:00:00"), connection():
        with db.atomic():
            DatabaseFlag.delete().where(DatabaseFlag.name == DatabaseFlag.DEMO).execute()
            OutgoingMail.delete().execute()
            JobRun.delete().execute()
        make_backup(settings, clock.now())
        copy_newest(settings, clock.now())
    return path


@pytest.fixture
def change(portal_copy: Flask) -> Change:
    """Change settings of the running portal; gives them."""

    def change(**changes: object) -> Config:
        settings: Config = replace(portal_copy.config["KERNWIJZER"], **changes)
        portal_copy.config["KERNWIJZER"] = settings
        return settings

    return change


@pytest.fixture
def healthy(
    portal_copy: Flask,
    template: Path,
    change: Change,
    records: Records,
    mail_server: Postbox,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Config]:
    """The settings of such an installation, with an open connection."""
    monkeypatch.setattr(clocks, "ask_kernel", lambda: 0)  # a container may keep no time
    settings = change(
        smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_security="none",
        smtp_user="post@school.example", smtp_password=PASSWORD,
        mail_from="post@school.example", mail_bounce="post@school.example",
        backup_copy=COPY, backup_key=make_keys().public,
    )  # fmt: skip
    shutil.copytree(config(template).backups, settings.backups)
    now = clock.now()
    with portal_copy.app_context(), connection():
        with db.atomic():
            for job in portal_copy.extensions["jobs"]:
                make_job_run(job.name, last_run_at=now, last_ok_at=now, last_done_at=now)
        yield settings
