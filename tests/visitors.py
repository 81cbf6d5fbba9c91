"""Each kind of visitor in a browser, with something of their own and of somebody else."""

import secrets

from flask import Flask

from portal import clock
from portal.accounts.models import Account, SignInSession
from portal.database import connection
from portal.directory.models import Assignment, Person
from portal.keys import hash_secret
from portal.notices.audience_and_mails import MUTE, SEEN, signed_link
from portal.quality.mails import sign
from portal.quality.models import Confirmation
from portal.quality.round_schedule import Step
from portal.requests.models import SavedForm
from portal.requests.queries import RequestRow
from portal.requests.signed_links import make_follow_token, make_mailbox_links
from portal.site import Site, current_site
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.factories import (
    CAMELOT,
    coach,
    find_of_notice,
    holder,
    make_factor,
    make_import,
    make_notice,
    make_planned_request,
    make_question,
    make_recipient,
    make_report,
    make_request,
)
from tests.imports.files import make_file_import

COOKIE = "kernwijzer"


def arrive(portal: Flask, visitor: str, *, checks: bool = True) -> tuple[CheckedClient, dict[str, int | str]]:
    """The browser of a visitor, and what the addresses of tests/routes.py need; in a database to
    write in. Its pages are checked unless `checks` is False."""
    client = CheckedClient(portal, portal.response_class, checks=checks)
    other = CheckedClient(portal, portal.response_class, checks=False)
    other.sign_in("administrator" if visitor == "reader" else "reader")
    if visitor == "stranger":
        client.from_elsewhere()
    elif visitor != "network":
        client.sign_in(visitor)
    with connection():
        numbers = {account.role: account.id for account in Account.select()}
        sessions = {s.account.role: s.id for s in SignInSession.select()}
        accounts = {account.role: account for account in Account.select()}
        notices = _make_notices(numbers.get(visitor))
    own = make_request(portal, accounts.get(visitor))
    with portal.app_context():
        site = current_site()
    somebody = accounts["administrator" if visitor == "reader" else "reader"]
    own_planned = make_planned_request(portal, accounts.get(visitor))
    return client, {
        **numbers,
        **notices,
        "import": make_import().id,
        "seen": signed_link(site, SEEN, notices["recipient"]).rpartition("/")[2],
        "mute": signed_link(site, MUTE, notices["recipient"]).rpartition("/")[2],
        **_make_questions(site),
        "number": make_request(portal, accounts["reader"]).id,
        "unconfirmed": make_request(portal, None).id,
        "own_request": own.reference,
        "other_request": make_request(portal, somebody).reference,
        "own_planned": own_planned.reference,
        "other_planned": make_planned_request(portal, somebody).reference,
        "planned_link": _secret(own_planned),
        "link": _secret(own),
        "saved": _save_form(),
        "handled": make_mailbox_links(own_planned.id, site).handle.rpartition("/")[2],
        "file": make_file_import().id,
        "known_file": make_file_import("school;rol;naam\nCamelot;CJG-coach;Bo Test\n").id,
        "report": make_report().id,
        "own": numbers.get(visitor, 0),
        "own_session": sessions.get(visitor, 0),
        "other_session": sessions["administrator" if visitor == "reader" else "reader"],
        "other_factor": make_factor(accounts["reader"]).id,
    }


def _make_notices(account: int | None) -> dict[str, int]:
    """A notice of this account, with a successor who waits and one recipient, and one of nobody."""
    own, other = make_notice(account), make_notice()
    with connection():
        find_of_notice(own.id).add(
            Assignment, person=coach(), role=1, school=CAMELOT, valid_from=TODAY, is_pending=True
        )
    recipient = make_recipient(own, coach())
    return {"notice": own.id, "other_notice": other.id, "recipient": recipient.id}


def _make_questions(site: Site) -> dict[str, int | str]:
    """The token of a mailed question, and questions (ids) that a coordinator and an editor ask."""
    with connection():
        own = Account.get(Account.role == "editor").organisation
        colleague = Person.get((Person.organisation == own) & (Person.id != coach().id))
        steps = {Step.EDITOR: colleague, Step.COORDINATOR: holder("directeur")}
        ids: dict[str, int | str] = {"question": sign(make_question(coach()), site)}
        for step, person in steps.items():
            row = make_question(person)
            Confirmation.update(step=step).where(Confirmation.id == row.id).execute()
            ids[f"silent_{step}"] = row.id
    return ids


def _save_form() -> str:
    """The secret of a link to a saved form."""
    token = secrets.token_urlsafe(32)
    with connection():
        SavedForm.create(token_hash=hash_secret(token), kind="theme", answers="{}", saved_at=clock.now())
    return token


def _secret(row: RequestRow) -> str:
    """The secret of a link to a request."""
    with connection():
        return make_follow_token(row.id)
