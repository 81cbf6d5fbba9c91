"""Who may ask for what: each route stands in this table, for each kind of visitor, or a test fails.

Where a page is about something of somebody, it is asked for twice: for one's own and for another's.
"""

import re
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account, SignInSession
from portal.database import connection
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Assignment
from portal.notices.mails import MUTE, SEEN, signed_link
from portal.notices.models import Notice, NoticeEvent, Recipient
from portal.requests.kinds import Level, get_kind
from portal.requests.links import make_follow_token
from portal.requests.queries import RequestRow
from portal.requests.states import State
from portal.requests.submission import Draft, confirm, submit
from portal.requests.workflow import move
from portal.site import Site, current_site
from portal.throttle.models import Attempt
from portal.web.access import declared_access
from tests.conftest import TODAY, CheckedClient

# Somebody from an unknown network, from a trusted one, and whoever has each role.
VISITORS = ("stranger", "network", "reader", "member", "editor", "coordinator", "administrator")


def statuses(*codes: int) -> dict[str, int]:
    return dict(zip(VISITORS, codes, strict=True))


ALL = statuses(200, 200, 200, 200, 200, 200, 200)
READ = statuses(302, 200, 200, 200, 200, 200, 200)
OWN = statuses(302, 302, 200, 200, 200, 200, 200)
OWN_DONE = statuses(302, 302, 302, 302, 302, 302, 302)
OTHERS = statuses(302, 302, 404, 404, 404, 404, 404)
KEEP = statuses(302, 302, 403, 403, 403, 200, 200)
KEEP_DONE = statuses(302, 302, 403, 403, 403, 302, 302)
KEEP_WRONG = statuses(302, 302, 403, 403, 403, 422, 422)
KEEP_NOT_THERE = statuses(302, 302, 403, 403, 403, 404, 404)
MEMBER = statuses(302, 302, 403, 200, 200, 200, 200)
MEMBER_NOT_THERE = statuses(302, 302, 403, 404, 404, 404, 404)
NOT_THERE = statuses(302, 404, 404, 404, 404, 404, 404)
NOWHERE = statuses(*[404] * 7)
# What is followed by a link without an account is not there for who has no link and is not its own.
FOLLOW = statuses(404, 404, 200, 200, 200, 200, 200)
FOLLOW_WRONG = statuses(404, 404, 422, 422, 422, 422, 422)
KEEP_NOTICE = statuses(302, 302, 403, 404, 404, 200, 200)
BY_LINK = statuses(*[302] * 7)

# Route, case, address, what each visitor gets. {own} and {other} are filled in per visitor.
TABLE = [
    ("GET /", "", "/", READ),
    ("GET /scholen", "", "/scholen", READ),
    ("GET /scholen/<slug>", "", "/scholen/16lf00-basisschool-camelot", READ),
    ("GET /gemeenten/<slug>", "", "/gemeenten/haarlem", READ),
    ("GET /personen/<int:person>", "", "/personen/3", READ),
    ("GET /personen/<int:person>.vcf", "", "/personen/3.vcf", READ),
    ("GET /scholen/<slug>/kernteam.vcf", "", "/scholen/16lf00/kernteam.vcf", READ),
    ("GET /functies/<key>", "", "/functies/jeugdarts", READ),
    ("GET /wijzigingen", "", "/wijzigingen", READ),
    ("GET /wijzigingen/nieuw", "", "/wijzigingen/nieuw", MEMBER),
    ("POST /wijzigingen/nieuw", "", "/wijzigingen/nieuw", MEMBER),
    ("GET /wijzigingen/mail", "", "/wijzigingen/mail", OWN),
    ("POST /wijzigingen/mail", "", "/wijzigingen/mail",
     statuses(302, 302, 404, 302, 404, 404, 404)),  # only one of them works in a kernteam
    ("GET /wijzigingen/<int:notice_id>", "", "/wijzigingen/999", NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/gezien", "", "/wijzigingen/999/gezien", OTHERS),
    ("GET /wijzigingen/<int:notice_id>/wijzigen", "", "/wijzigingen/999/wijzigen",
     MEMBER_NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/wijzigen", "", "/wijzigingen/999/wijzigen",
     MEMBER_NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/intrekken", "", "/wijzigingen/999/intrekken",
     MEMBER_NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/bevestigen", "", "/wijzigingen/999/bevestigen",
     MEMBER_NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/afwijzen", "", "/wijzigingen/999/afwijzen",
     MEMBER_NOT_THERE),
    ("GET /wijzigingen/gezien/<token>", "", "/wijzigingen/gezien/x", NOWHERE),
    ("POST /wijzigingen/gezien/<token>", "", "/wijzigingen/gezien/x", NOWHERE),
    ("GET /wijzigingen/afmelden/<token>", "", "/wijzigingen/afmelden/x", NOWHERE),
    ("POST /wijzigingen/afmelden/<token>", "", "/wijzigingen/afmelden/x", NOWHERE),
    ("GET /aanvragen", "", "/aanvragen", ALL),
    ("GET /aanvragen/<slug>", "", "/aanvragen/thema", ALL),
    ("POST /aanvragen/<slug>", "", "/aanvragen/thema", statuses(*[422] * 7)),
    ("GET /aanvragen/verstuurd/<form_key>", "other", "/aanvragen/verstuurd/x",
     statuses(*[404] * 7)),
    ("GET /aanvragen/volgen/<key>", "own", "/aanvragen/volgen/{own_request}", FOLLOW),
    ("GET /aanvragen/volgen/<key>", "other", "/aanvragen/volgen/{other_request}",
     statuses(*[404] * 7)),
    ("GET /aanvragen/volgen/<key>", "by link", "/aanvragen/volgen/{link}", ALL),
    ("GET /aanvragen/volgen/<key>/afspraak.ics", "own",
     "/aanvragen/volgen/{own_planned}/afspraak.ics", FOLLOW),
    ("GET /aanvragen/volgen/<key>/afspraak.ics", "other",
     "/aanvragen/volgen/{other_planned}/afspraak.ics", NOWHERE),
    ("GET /aanvragen/volgen/<key>/afspraak.ics", "by link",
     "/aanvragen/volgen/{planned_link}/afspraak.ics", ALL),
    ("POST /aanvragen/volgen/<key>/versturen", "own", "/aanvragen/volgen/{own_request}/versturen",
     statuses(404, 404, *[302] * 5)),
    ("POST /aanvragen/volgen/<key>/versturen", "other",
     "/aanvragen/volgen/{other_request}/versturen", statuses(*[404] * 7)),
    ("POST /aanvragen/volgen/<key>/bericht", "own", "/aanvragen/volgen/{own_request}/bericht",
     FOLLOW_WRONG),
    ("POST /aanvragen/volgen/<key>/bericht", "other", "/aanvragen/volgen/{other_request}/bericht",
     statuses(*[404] * 7)),
    ("POST /aanvragen/volgen/<key>/intrekken", "own", "/aanvragen/volgen/{own_request}/intrekken",
     FOLLOW_WRONG),
    ("POST /aanvragen/volgen/<key>/intrekken", "other",
     "/aanvragen/volgen/{other_request}/intrekken", statuses(*[404] * 7)),
    ("GET /routeboek", "", "/routeboek", READ),
    ("GET /routeboek/<slug>", "", "/routeboek/verzuim", READ),
    ("GET /routeboek/alles", "", "/routeboek/alles", READ),
    ("GET /routeboek/woorden", "", "/routeboek/woorden", READ),
    ("GET /routeboek/verzuimkaart", "", "/routeboek/verzuimkaart?wat=te-laat&keer=13", READ),
    ("GET /routeboek/intelligentieonderzoek", "", "/routeboek/intelligentieonderzoek", READ),
    ("GET /routeboek/tweede-deskundige", "", "/routeboek/tweede-deskundige", READ),
    ("GET /routeboek/zorgen-over-veiligheid", "", "/routeboek/zorgen-over-veiligheid", READ),
    ("GET /routeboek/schooltekst", "", "/routeboek/schooltekst", READ),
    ("GET /scholen/<slug>/poster", "", "/scholen/16lf00-basisschool-camelot/poster", READ),
    ("GET /scholen/<slug>/poster/<day>", "", "/scholen/16lf00/poster/2026-11-01", READ),
    ("GET /wijzigingen/<int:notice_id>", "own", "/wijzigingen/{notice}", READ),
    ("GET /wijzigingen/<int:notice_id>", "other", "/wijzigingen/{other_notice}", READ),
    ("GET /wijzigingen/<int:notice_id>", "none", "/wijzigingen/999", NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/gezien", "for me", "/wijzigingen/{notice}/gezien",
     statuses(302, 302, 404, 302, 404, 404, 404)),  # only one of them works in a kernteam
    ("POST /wijzigingen/<int:notice_id>/gezien", "not for me",
     "/wijzigingen/{other_notice}/gezien", OTHERS),
    ("GET /wijzigingen/<int:notice_id>/wijzigen", "own", "/wijzigingen/{notice}/wijzigen",
     MEMBER),
    ("GET /wijzigingen/<int:notice_id>/wijzigen", "other",
     "/wijzigingen/{other_notice}/wijzigen", KEEP_NOTICE),
    ("POST /wijzigingen/<int:notice_id>/wijzigen", "own", "/wijzigingen/{notice}/wijzigen",
     statuses(302, 302, 403, 422, 422, 422, 422)),
    ("POST /wijzigingen/<int:notice_id>/wijzigen", "other",
     "/wijzigingen/{other_notice}/wijzigen", statuses(302, 302, 403, 404, 404, 422, 422)),
    ("POST /wijzigingen/<int:notice_id>/intrekken", "own", "/wijzigingen/{notice}/intrekken",
     statuses(302, 302, 403, 409, 409, 409, 409)),  # they do not say which version they saw
    ("POST /wijzigingen/<int:notice_id>/intrekken", "other",
     "/wijzigingen/{other_notice}/intrekken", statuses(302, 302, 403, 404, 404, 409, 409)),
    ("POST /wijzigingen/<int:notice_id>/bevestigen", "own", "/wijzigingen/{notice}/bevestigen",
     statuses(302, 302, 403, 404, 409, 409, 409)),  # with a successor of the editor's organisation
    ("POST /wijzigingen/<int:notice_id>/bevestigen", "none waits",
     "/wijzigingen/{other_notice}/bevestigen", MEMBER_NOT_THERE),
    ("POST /wijzigingen/<int:notice_id>/afwijzen", "own", "/wijzigingen/{notice}/afwijzen",
     statuses(302, 302, 403, 404, 409, 409, 409)),
    ("POST /wijzigingen/<int:notice_id>/afwijzen", "none waits",
     "/wijzigingen/{other_notice}/afwijzen", MEMBER_NOT_THERE),
    ("GET /wijzigingen/gezien/<token>", "ours", "/wijzigingen/gezien/{seen}", ALL),
    ("GET /wijzigingen/gezien/<token>", "forged", "/wijzigingen/gezien/x", NOWHERE),
    ("POST /wijzigingen/gezien/<token>", "ours", "/wijzigingen/gezien/{seen}", BY_LINK),
    ("POST /wijzigingen/gezien/<token>", "forged", "/wijzigingen/gezien/x", NOWHERE),
    ("GET /wijzigingen/afmelden/<token>", "ours", "/wijzigingen/afmelden/{mute}", ALL),
    ("GET /wijzigingen/afmelden/<token>", "forged", "/wijzigingen/afmelden/{seen}", NOWHERE),
    ("POST /wijzigingen/afmelden/<token>", "ours", "/wijzigingen/afmelden/{mute}", BY_LINK),
    ("POST /wijzigingen/afmelden/<token>", "forged", "/wijzigingen/afmelden/{seen}", NOWHERE),
    ("GET /toegankelijkheid", "", "/toegankelijkheid", ALL),
    ("GET /privacy", "", "/privacy", ALL),
    ("GET /healthz", "", "/healthz", ALL),
    ("GET /readyz", "", "/readyz", statuses(*[503] * 7)),  # no worker runs in the tests
    ("GET /inloggen", "", "/inloggen", statuses(200, 200, 302, 302, 302, 302, 302)),
    ("POST /inloggen", "", "/inloggen", statuses(*[422] * 7)),
    ("GET /inloggen/code", "", "/inloggen/code", ALL),
    ("POST /inloggen/code", "", "/inloggen/code", statuses(*[422] * 7)),
    ("GET /inloggen/link/<token>", "", "/inloggen/link/x", statuses(*[410] * 7)),
    ("POST /inloggen/link/<token>", "", "/inloggen/link/x", statuses(*[410] * 7)),
    ("POST /inloggen/demo/<role>", "", "/inloggen/demo/x", statuses(*[404] * 7)),
    ("GET /eerste-keer/<token>", "", "/eerste-keer/x", statuses(*[404] * 7)),
    ("POST /eerste-keer/<token>", "", "/eerste-keer/x", statuses(*[404] * 7)),
    ("GET /verder/<int:form_id>", "other", "/verder/999", statuses(*[404] * 7)),
    ("GET /account", "own", "/account", OWN),
    ("POST /account/sessies/<int:session_id>/beeindigen", "own",
     "/account/sessies/{own_session}/beeindigen", OWN_DONE),
    ("POST /account/sessies/<int:session_id>/beeindigen", "other",
     "/account/sessies/{other_session}/beeindigen", OTHERS),
    ("POST /account/sessies/beeindigen", "own", "/account/sessies/beeindigen", OWN_DONE),
    ("POST /uitloggen", "own", "/uitloggen", OWN_DONE),
    ("GET /beheer", "", "/beheer", KEEP),
    ("GET /beheer/post", "", "/beheer/post", KEEP),
    ("POST /beheer/post/test", "", "/beheer/post/test", KEEP_DONE),
    ("POST /beheer/post/<int:mail_id>/opnieuw", "", "/beheer/post/99/opnieuw", KEEP_NOT_THERE),
    ("GET /beheer/accounts", "", "/beheer/accounts", KEEP),
    ("GET /beheer/accounts/nieuw", "", "/beheer/accounts/nieuw", KEEP),
    ("POST /beheer/accounts/nieuw", "", "/beheer/accounts/nieuw", KEEP_WRONG),
    ("GET /beheer/accounts/<int:account_id>", "own", "/beheer/accounts/{own}", KEEP_NOT_THERE),
    ("GET /beheer/accounts/<int:account_id>", "other", "/beheer/accounts/{reader}", KEEP),
    ("GET /beheer/accounts/<int:account_id>", "of an administrator",
     "/beheer/accounts/{administrator}", KEEP_NOT_THERE),
    ("POST /beheer/accounts/<int:account_id>", "own", "/beheer/accounts/{own}", KEEP_NOT_THERE),
    ("POST /beheer/accounts/<int:account_id>", "other", "/beheer/accounts/{reader}", KEEP_WRONG),
    ("POST /beheer/accounts/domeinen", "", "/beheer/accounts/domeinen", KEEP_WRONG),
    ("POST /beheer/accounts/domeinen/<int:domain_id>/weg", "",
     "/beheer/accounts/domeinen/99/weg", KEEP_NOT_THERE),
    ("GET /beheer/aanvragen", "", "/beheer/aanvragen", KEEP),
    ("GET /beheer/aanvragen/export.csv", "", "/beheer/aanvragen/export.csv", KEEP),
    ("GET /beheer/aanvragen/<int:number>", "", "/beheer/aanvragen/{number}", KEEP),
    ("GET /beheer/aanvragen/<int:number>", "not confirmed", "/beheer/aanvragen/{unconfirmed}",
     KEEP_NOT_THERE),
    ("POST /beheer/aanvragen/<int:number>/<step>", "", "/beheer/aanvragen/{number}/plannen",
     KEEP_WRONG),
    ("POST /beheer/aanvragen/<int:number>/<step>", "no step", "/beheer/aanvragen/{number}/x",
     KEEP_NOT_THERE),
    ("GET /beheer/aanvragen/overzicht", "", "/beheer/aanvragen/overzicht", KEEP),
    ("GET /beheer/aanvragen/aanbod", "", "/beheer/aanvragen/aanbod", KEEP),
    ("GET /beheer/aanvragen/aanbod/nieuw", "", "/beheer/aanvragen/aanbod/nieuw", KEEP),
    ("POST /beheer/aanvragen/aanbod/nieuw", "", "/beheer/aanvragen/aanbod/nieuw", KEEP_WRONG),
    ("GET /beheer/aanvragen/aanbod/<int:subject_id>", "", "/beheer/aanvragen/aanbod/1", KEEP),
    ("POST /beheer/aanvragen/aanbod/<int:subject_id>", "", "/beheer/aanvragen/aanbod/1",
     KEEP_WRONG),
    ("GET /beheer/aanvragen/postvakken", "", "/beheer/aanvragen/postvakken", KEEP),
    ("POST /beheer/aanvragen/postvakken", "", "/beheer/aanvragen/postvakken", KEEP_WRONG),
]  # fmt: skip


def routes(app: Flask) -> set[str]:
    """Each method and address of the portal."""
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_stands_in_the_table(app: Flask) -> None:
    assert routes(app) == {route for route, *_ in TABLE}


def test_a_route_that_is_missing_is_noticed(own_portal: Flask) -> None:
    own_portal.add_url_rule("/nieuw", "nieuw", lambda: "")
    assert routes(own_portal) - {route for route, *_ in TABLE} == {"GET /nieuw"}


def test_every_view_declares_who_may_ask_for_it(app: Flask) -> None:
    assert all(declared_access(view) is not None for view in app.view_functions.values())


def make_notices(account: int | None) -> dict[str, int]:
    """A notice of this account, with a successor who waits and one recipient, and one of nobody."""
    coach = Account.get(Account.role == "member").person
    made = [
        Notice.create(
            key=secrets.token_hex(8), kind="vertrek", title="Iemand vertrekt", text="x",
            author_name="Ik", draft="{}", account=by, reply_to="ik@x.example",
            valid_from=TODAY + timedelta(days=9), published_at=clock.now(),
            announced_at=clock.now(),
        )
        for by in (account, None)
    ]  # fmt: skip
    ChangeSet(made[0].id).create(
        Assignment, person=coach, role=1, school="16LF00", valid_from=TODAY, is_pending=True
    )
    recipient = Recipient.create(notice=made[0], person=coach, email="x", mailed=True)
    for notice in made:
        NoticeEvent.create(
            notice=notice, at=clock.now(), author_name="Ik", text="Melding geplaatst."
        )
    return {"notice": made[0].id, "other_notice": made[1].id, "recipient": recipient.id}


Visit = Callable[[str], tuple[CheckedClient, dict[str, int | str]]]


def requested(portal: Flask, account: Account | None) -> RequestRow:
    """A request of somebody; without an account, of somebody with a new address."""
    key = secrets.token_urlsafe(24)
    email = account.email if account else f"{key}@school.example"
    draft = Draft(get_kind("start"), None, "16LF00", Level.PO, "Tim de Graaf", email, [])
    site = Site("http://localhost", "po.example", "kernteam@po.example", ("x",))
    with portal.test_request_context(), connection():
        Attempt.delete().execute()  # one per route is more than anybody may ask
        return submit(draft, key, account, key, site)


def planned(portal: Flask, account: Account | None) -> RequestRow:
    """A request of somebody with a session that is to come."""
    site = Site("http://localhost", "po.example", "kernteam@po.example", ("x",))
    row = requested(portal, account)
    with portal.test_request_context(), connection():
        if account is None:
            confirm(row.id, site)
        move(row.id, State.PLANNED, Account.get().id, site, planned_on=TODAY)
    return row


def linked(row: RequestRow) -> str:
    """The secret of a link to a request."""
    with connection():
        return make_follow_token(row.id)


@pytest.fixture
def visit(portal_copy: Flask) -> Visit:
    """Somebody in a browser, and the numbers that addresses in the table need."""

    def arrive(visitor: str) -> tuple[CheckedClient, dict[str, int | str]]:
        client = CheckedClient(portal_copy, portal_copy.response_class)
        other = CheckedClient(portal_copy, portal_copy.response_class)
        other.sign_in("administrator" if visitor == "reader" else "reader")
        if visitor == "stranger":
            client.from_elsewhere()
        elif visitor != "network":
            client.sign_in(visitor)
        with connection():
            numbers = {account.role: account.id for account in Account.select()}
            sessions = {s.account.role: s.id for s in SignInSession.select()}
            accounts = {account.role: account for account in Account.select()}
            notices = make_notices(numbers.get(visitor))
        own = requested(portal_copy, accounts.get(visitor))
        with portal_copy.app_context():
            site = current_site()
        somebody = accounts["administrator" if visitor == "reader" else "reader"]
        own_planned = planned(portal_copy, accounts.get(visitor))
        return client, {
            **numbers,
            **notices,
            "seen": signed_link(site, SEEN, notices["recipient"]).rpartition("/")[2],
            "mute": signed_link(site, MUTE, notices["recipient"]).rpartition("/")[2],
            "number": requested(portal_copy, accounts["reader"]).id,
            "unconfirmed": requested(portal_copy, None).id,
            "own_request": own.reference,
            "other_request": requested(portal_copy, somebody).reference,
            "own_planned": own_planned.reference,
            "other_planned": planned(portal_copy, somebody).reference,
            "planned_link": linked(own_planned),
            "link": linked(own),
            "own": numbers.get(visitor, 0),
            "own_session": sessions.get(visitor, 0),
            "other_session": sessions["administrator" if visitor == "reader" else "reader"],
        }

    return arrive


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_visitor_gets_what_the_table_says(visit: Visit, visitor: str) -> None:
    wrong = []
    client, numbers = visit(visitor)
    for route, case, path, expected in TABLE:
        wanted = expected[visitor]
        if visitor == "administrator" and case == "of an administrator":
            wanted = 404  # their own
        address = path.format(**numbers)
        answer = client.get(address) if route.startswith("GET") else client.submit(address)
        if answer.status_code != wanted:
            wrong.append(f"{route} {case}: {answer.status_code}, not {wanted}")
        anonymous = visitor in ("stranger", "network") and "<token>" not in route
        if answer.status_code == 302 and anonymous and wanted == 302:
            assert re.match(r"/inloggen", answer.headers["Location"]), route
        if wanted == 302 and case == "own":
            client, numbers = visit(visitor)  # that ended the session
    assert wrong == []


def test_no_form_is_carried_out_without_its_token(
    visit: Visit,
) -> None:
    client, numbers = visit("administrator")
    for route, _, path, _ in TABLE:
        if route.startswith("POST"):
            answer = client.post(path.format(**numbers))
            assert answer.status_code == 302, route
            assert answer.headers["Location"].startswith("/verder/"), route


@pytest.mark.parametrize(
    "path",
    ["/.git/config", "/.env", "/console", "/admin", "/wp-login.php", "/instance/keys.json",
     "/keys.json", "/static/", "/static/../portal/app.py", "/static/%2e%2e/wsgi.py", "/wsgi.py",
     "/pyproject.toml", "/backup.sql", "/kernwijzer.sqlite", "/server-status", "/debug", "/login",
     "/static/css/", "/log/kernwijzer-2026-11-23.log", "/.well-known/none"],
)  # fmt: skip
def test_what_is_inside_stays_inside(portal_copy: Flask, path: str) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    assert client.get(path).status_code == 404


def test_a_number_that_no_row_can_have_leads_nowhere(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("administrator")
    for path in ("/personen/", "/wijzigingen/", "/beheer/accounts/", "/verder/"):
        assert client.get(f"{path}{10**20}").status_code == 404, path


def test_a_method_that_nobody_needs_is_refused(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    for method in ("TRACE", "PUT", "DELETE", "PATCH"):
        assert client.open("/privacy", method=method).status_code == 405
