"""The way back where the last administrator is gone."""

from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account
from portal.audit import AuditEntry
from portal.database import connection
from portal.mail.models import OutgoingMail
from tests.clock import TODAY, stopped_at
from tests.conftest import CheckedClient
from tests.factories import make_account


@pytest.mark.parametrize("state", ["unknown", "ended", "reader by domain", "invited before"])
def test_a_command_makes_an_administrator(portal_copy: Flask, state: str) -> None:
    with connection():
        if state in ("ended", "reader by domain"):
            account = make_account("reader")
            account.email = "bea@swv.example"
            account.active_until = TODAY - timedelta(days=1) if state == "ended" else None
            account.by_domain = state == "reader by domain"
            account.save()
    if state == "invited before":
        new = {"naam": "Bea", "email": "bea@swv.example", "rol": "reader"}
        client = CheckedClient(portal_copy, portal_copy.response_class)
        with stopped_at(f"{TODAY} 08:00:00"):
            client.sign_in("coordinator").submit("/beheer/accounts/nieuw", new)
    arguments = ["invite-administrator", "Bea <Bea@SWV.example>"]
    result = portal_copy.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert result.output.startswith("bea@swv.example is nu beheerder en krijgt mail.")
    with connection():
        account = Account.get(Account.email == "bea@swv.example")
        assert (account.role, account.by_domain) == ("administrator", False)
        assert account.is_active(clock.today())
        trail = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (trail.actor, trail.subject, trail.subject_id) == (None, "account", str(account.id))
        mail = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get()
        assert mail.recipient == "bea@swv.example"
        assert "Je rol is: beheerder." in mail.body


def test_a_wrong_address_makes_nobody_an_administrator(portal_copy: Flask) -> None:
    with connection():
        before = Account.select().count()
    result = portal_copy.test_cli_runner().invoke(args=["invite-administrator", "bea"])
    assert result.exit_code == 2
    assert "'bea' is geen e-mailadres" in result.output
    with connection():
        assert Account.select().count() == before
