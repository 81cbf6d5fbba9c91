"""The second factor of coordinators and administrators, in a portal that is no demo."""

import hashlib
import inspect
import json
import re
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode
from flask import Flask

from portal import clock
from portal.accounts import authenticator_app, second_factors
from portal.accounts.clearing import clear_ended
from portal.accounts.models import Account, RecoveryCode, SecondFactor
from portal.accounts.own_data import write_json
from portal.accounts.sessions import record_proof, start_session
from portal.accounts.when_second_factor_is_asked import ASKED_AGAIN
from portal.admin.trail import Filters, list_trail
from portal.database import connection
from portal.database.database_flags import DatabaseFlag
from portal.directory.models import Person
from portal.keys import load_keys
from portal.mail.models import OutgoingMail
from portal.site import current_site, register_site
from tests.checks import extract
from tests.clock import stopped_at
from tests.conftest import FRAGMENT, CheckedClient

STEP, SET_UP, APP = "/inloggen/tweede-stap", "/account/tweede-stap", "/account/tweede-stap/app"
ORIGIN = "http://localhost"
COORDINATOR, ADMINISTRATOR = "coordinator@demo.example", "administrator@demo.example"
NOON = "2026-11-23 12:00:00"


class Key:
    """A security key or telephone with one passkey, that may lie."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.uses = 0

    def _data(self, flags: int, party: str = "localhost", more: bytes = b"") -> bytes:
        self.uses += 1
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + struct.pack(">I", self.uses) + more

    def _client(self, kind: str, options: dict[str, Any], origin: str) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": origin}
        return json.dumps(told).encode()

    def make(self, options: dict[str, Any], origin: str = ORIGIN, flags: int = 0x45) -> str:
        """The answer to the options of a new passkey."""
        cose: Any = ES256
        public = cbor.encode(cose.from_cryptography_key(self.private.public_key()))
        more = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        statement = {"fmt": "none", "attStmt": {}, "authData": self._data(flags, more=more)}
        response = {
            "clientDataJSON": self._client("webauthn.create", options, origin),
            "attestationObject": cbor.encode(statement),
        }
        return self._answer(response)

    def sign(self, options: dict[str, Any], origin: str = ORIGIN, flags: int = 0x05, party: str = "localhost") -> str:
        """The answer to a challenge."""
        data, client = self._data(flags, party), self._client("webauthn.get", options, origin)
        signed = data + hashlib.sha256(client).digest()
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": self.private.sign(signed, ec.ECDSA(SHA256())),
            }
        )

    def _answer(self, response: dict[str, bytes]) -> str:
        own = websafe_encode(self.id)
        encoded = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": encoded})


Arrive = Callable[..., CheckedClient]


@pytest.fixture
def portal(portal_copy: Flask) -> Flask:
    """A portal that is no demo, at an address where browsers make passkeys."""
    with connection():
        DatabaseFlag.delete().where(DatabaseFlag.name == DatabaseFlag.DEMO).execute()
    config = replace(portal_copy.config["KERNWIJZER"], base_url=ORIGIN)
    portal_copy.config["KERNWIJZER"] = config
    register_site(portal_copy, config, load_keys(config.keys))
    return portal_copy


@pytest.fixture
def arrive(portal: Flask) -> Arrive:
    """Sign in by mail, in a new browser by default. The pages are checked in the browser."""

    def sign_in(email: str = COORDINATOR, client: CheckedClient | None = None) -> CheckedClient:
        client = client or CheckedClient(portal, portal.response_class, checks=False)
        client.submit("/inloggen", {"email": email})
        with connection():
            newest = OutgoingMail.select().where(OutgoingMail.key.startswith("sign-in"))
            body = newest.order_by(OutgoingMail.id.desc()).get().body
        client.submit(extract(r"(/inloggen/link/\S+)", body))
        return client

    return sign_in


def add_app(client: CheckedClient) -> str:
    """Add an authenticator app, as its page asks; gives its secret."""
    page = client.get(APP).text
    sealed = extract(r'name="geheim" value="([^"]+)"', page)
    secret = extract(r"<code>([A-Z2-7 ]+)</code>", page).replace(" ", "")
    answer = client.submit(APP, {"geheim": sealed, "code": code_of(secret)})
    assert answer.headers["Location"] == SET_UP
    return secret


def code_of(secret: str, later: timedelta = timedelta(0)) -> str:
    """The code that the app shows, or shows later; of the portal's stopped clock."""
    moment = (clock.now() + later).timestamp()
    return authenticator_app.make_code(secret, int(moment) // 30)


def add_passkey(client: CheckedClient, key: Key, **lies: Any) -> int:
    """Add a passkey; gives the status of the answer."""
    options = client.submit(f"{SET_UP}/passkey/vraag").get_json()
    return client.submit(f"{SET_UP}/passkey", {"passkey": key.make(options, **lies)}).status_code


def ask(client: CheckedClient) -> dict[str, Any]:
    """The options with a challenge to sign."""
    options: dict[str, Any] = client.submit(f"{STEP}/passkey").get_json()
    return options


def make_codes(client: CheckedClient) -> list[str]:
    """Ten codes for on paper."""
    return re.findall(r"<li><code>([\w-]+)</code>", client.submit(f"{SET_UP}/codes").text)


def is_in(client: CheckedClient) -> bool:
    """Whether this browser sees a page of a coordinator."""
    return client.get("/beheer/accounts").status_code == 200


def test_the_code_of_the_app_is_that_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # the examples of its appendix B
    for second, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        assert authenticator_app.make_code(secret, second // 30) == code


def test_without_a_factor_a_new_coordinator_has_seven_days(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        assert "Stel vóór 30 november 2026 je tweede stap in." in client.get("/beheer").text
        time.tick(timedelta(days=6))
        assert is_in(arrive(client=client))
        time.tick(timedelta(days=1))
        late = arrive()
        for path in ("/beheer", "/mijn-werktijd", "/account", STEP):
            assert late.get(path).headers["Location"] in (STEP, SET_UP), path
        assert "Stel nu een tweede stap in." in late.get(SET_UP).text
        assert "Beheer</a>" not in late.get("/privacy").text  # a visitor there
        add_app(late)
        assert is_in(late)


def test_who_is_no_coordinator_is_asked_nothing(arrive: Arrive) -> None:
    client = arrive("member@demo.example")
    assert client.get("/account").status_code == 200
    assert client.get(STEP).status_code == client.get(SET_UP).status_code == 403


def test_the_mail_alone_opens_nothing_of_a_coordinator(arrive: Arrive) -> None:
    first = arrive()
    secret = add_app(first)
    other = arrive()
    assert other.get("/beheer").headers["Location"] == STEP
    assert other.get("/beheer/import/nieuw").headers["Location"] == STEP
    assert other.get(SET_UP).headers["Location"] == STEP, "no factor is added beside it"
    assert other.submit(f"{SET_UP}/codes").headers["Location"] == STEP
    assert other.get("/beheer/spoor", headers=FRAGMENT).headers["HX-Redirect"] == STEP
    assert other.get("/inloggen").headers["Location"] == STEP
    with stopped_at("2026-11-23 09:01:00"):
        answer = other.submit(STEP, {"code": code_of(secret)})
        assert answer.headers["Location"] == SET_UP  # asked for last
        assert is_in(other)


def test_a_session_stolen_before_the_proof_gets_nothing_of_it(arrive: Arrive) -> None:
    secret = add_app(arrive())
    victim = arrive()
    thief = CheckedClient(victim.application, victim.application.response_class)
    thief.set_cookie("kernwijzer", victim.cookie())
    with stopped_at("2026-11-23 09:01:00"):
        victim.submit(STEP, {"code": code_of(secret)})
        assert is_in(victim)
        assert not is_in(thief)


def test_the_form_that_was_sent_is_there_after_the_proof(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        secret = add_app(client)
        assert client.get("/beheer/accounts/nieuw").status_code == 200
        time.tick(timedelta(minutes=16))
        asked = client.submit("/beheer/accounts/nieuw", {"naam": "Tim de Graaf"})
        assert asked.headers["Location"] == STEP
        page = client.get(STEP).text
        assert "vraagt nog een keer" in page
        answer = client.submit(STEP, {"code": code_of(secret)})
        assert "Tim de Graaf" in client.get(answer.headers["Location"]).text


def test_an_export_asks_again_and_leads_to_its_page(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        secret = add_app(client)
        assert client.get("/beheer/spoor.csv").mimetype == "text/csv"
        time.tick(timedelta(minutes=15))
        assert is_in(client)
        assert client.get("/beheer/spoor.csv?soort=edit").headers["Location"] == STEP
        answer = client.submit(STEP, {"code": code_of(secret)})
        assert answer.headers["Location"] == "/beheer/spoor?soort=edit"
        assert client.get("/beheer/spoor.csv").mimetype == "text/csv"


def test_who_gets_access_is_decided_in_a_fresh_session_only(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        add_app(client)
        assert client.get("/uitnodigen").status_code == 200
        time.tick(timedelta(minutes=16))
        assert client.get("/uitnodigen").headers["Location"] == STEP
        assert client.submit("/uitnodigen").headers["Location"] == STEP
        assert client.submit("/beheer/accounts/domeinen/1/weg").headers["Location"] == STEP


@pytest.mark.parametrize("query", ["endpoint=x", "_method=POST", "_external=1&_scheme=javascript"])
def test_no_query_changes_where_the_second_step_leads(arrive: Arrive, query: str) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        secret = add_app(client)
        time.tick(timedelta(minutes=16))
        assert client.get(f"/beheer/spoor.csv?{query}").headers["Location"] == STEP
        answer = client.submit(STEP, {"code": code_of(secret)})
        assert answer.headers["Location"] == f"/beheer/spoor?{query}"


def test_every_endpoint_that_asks_again_exists(app: Flask) -> None:
    endpoints = set(app.view_functions)
    assert {*ASKED_AGAIN, *filter(None, ASKED_AGAIN.values())} <= endpoints


def test_every_export_asks_again(app: Flask) -> None:
    exports = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if '"exported"' in inspect.getsource(inspect.unwrap(view))
    }
    assert len(exports) > 4
    assert exports <= set(ASKED_AGAIN)


def test_a_code_of_the_app_counts_once(arrive: Arrive) -> None:
    secret = add_app(arrive())
    client = arrive()
    refused = client.submit(STEP, {"code": code_of(secret)})
    assert refused.status_code == 422
    assert "Deze code is al gebruikt." in refused.text
    with stopped_at("2026-11-23 09:00:30"):
        assert client.submit(STEP, {"code": code_of(secret)}).status_code == 302


@pytest.mark.parametrize(
    ("minutes", "message"),
    [(5, "loopt ongeveer 5 minuten voor"), (-5, "loopt ongeveer 5 minuten achter"),
     (60, "Deze code klopt niet.")],
)  # fmt: skip
def test_a_wrong_clock_is_told(arrive: Arrive, minutes: int, message: str) -> None:
    secret = add_app(arrive())
    client = arrive()
    page = client.submit(STEP, {"code": code_of(secret, timedelta(minutes=minutes))})
    assert page.status_code == 422
    assert message in page.text
    assert not is_in(client)


def test_a_code_half_a_minute_early_or_late_counts(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        secret = add_app(arrive())
        for later in (30, -30):
            time.tick(timedelta(minutes=2))
            typed = code_of(secret, timedelta(seconds=later))
            assert arrive().submit(STEP, {"code": f"{typed[:3]} {typed[3:]}"}).status_code == 302


def test_a_first_code_of_letters_is_told(arrive: Arrive) -> None:
    client = arrive()
    sealed = extract(r'name="geheim" value="([^"]+)"', client.get(APP).text)
    page = client.submit(APP, {"geheim": sealed, "code": "één²"})
    assert page.status_code == 422
    assert "Deze code klopt niet." in page.text


def test_a_wrong_first_code_keeps_the_secret(arrive: Arrive) -> None:
    client = arrive()
    sealed = extract(r'name="geheim" value="([^"]+)"', client.get(APP).text)
    page = client.submit(APP, {"geheim": sealed, "code": "000000"})
    assert page.status_code == 422
    assert sealed in page.text
    forged = client.submit(APP, {"geheim": "x", "code": "000000"})
    assert "Deze pagina is verlopen." in forged.text


def test_the_secret_of_an_app_is_for_one_account(arrive: Arrive, portal: Flask) -> None:
    sealed = extract(r'name="geheim" value="([^"]+)"', arrive().get(APP).text)
    other = arrive(ADMINISTRATOR)
    assert sealed not in other.submit(APP, {"geheim": sealed, "code": "000000"}).text


def test_a_code_on_paper_counts_once(arrive: Arrive) -> None:
    client = arrive()
    add_app(client)
    codes = make_codes(client)
    assert len(set(codes)) == 10
    with connection():
        stored = repr(list(RecoveryCode.select().tuples()))
    assert not any(code.replace("-", "") in stored for code in codes)
    assert "Je tweede stap is klaar." in client.get(SET_UP).text
    assert arrive().submit(STEP, {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    again = arrive().submit(STEP, {"code": codes[0]})
    assert "of is al gebruikt" in again.text
    with connection():
        assert "Je hebt er nog 9." in "".join(mail.body for mail in OutgoingMail.select())


def test_new_codes_on_paper_replace_the_old_ones(arrive: Arrive) -> None:
    client = arrive()
    add_app(client)
    old, new = make_codes(client), make_codes(client)
    other = arrive()
    assert other.submit(STEP, {"code": old[0]}).status_code == 422
    assert other.submit(STEP, {"code": new[0]}).status_code == 302


def test_after_ten_wrong_codes_not_even_the_right_one_counts(arrive: Arrive) -> None:
    with stopped_at(NOON) as time:
        client = arrive()
        secret = add_app(client)
        paper = make_codes(client)
        guesser = arrive()
        for number in range(10):
            guesser.submit(STEP, {"code": f"00000{number}"})
        time.tick(timedelta(minutes=2))
        page = guesser.submit(STEP, {"code": code_of(secret)}).text
        assert "Je typte te vaak een verkeerde code." in page
        assert not is_in(guesser)
        assert guesser.submit(STEP, {"code": paper[0]}).status_code == 302, "the owner is not out"
        time.tick(timedelta(hours=24))
        assert arrive().submit(STEP, {"code": code_of(secret)}).status_code == 302


def test_an_empty_or_senseless_answer_is_told(arrive: Arrive) -> None:
    add_app(arrive())
    client = arrive()
    assert "Vul de code in." in client.submit(STEP).text
    for answer in ("x", "{}", "[]", "null", '{"rawId": 1}', '{"rawId": "AA", "response": {}}'):
        page = client.submit(STEP, {"passkey": answer})
        assert "De passkey is niet herkend." in page.text


def test_a_passkey_is_added_and_proves(arrive: Arrive) -> None:
    client, key = arrive(), Key()
    assert add_passkey(client, key) == 302
    other = arrive()
    assert not is_in(other)
    options = ask(other)
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert other.submit(STEP, {"passkey": key.sign(options)}).status_code == 302
    assert is_in(other)


def test_an_answer_of_a_passkey_counts_once(arrive: Arrive) -> None:
    key = Key()
    add_passkey(arrive(), key)
    client = arrive()
    answer = key.sign(ask(client))
    assert client.submit(STEP, {"passkey": answer}).status_code == 302
    assert client.submit(STEP, {"passkey": answer}).status_code == 422
    thief = arrive()
    assert thief.submit(STEP, {"passkey": answer}).status_code == 422, "nothing was asked there"
    ask(thief)
    assert thief.submit(STEP, {"passkey": answer}).status_code == 422


@pytest.mark.parametrize(
    "lies",
    [{"origin": "https://nep.example"}, {"origin": "http://localhost.nep.example"},
     {"origin": "https://localhost"}, {"party": "nep.example"}, {"flags": 0x01}, {"flags": 0x04}],
    ids=["foreign origin", "longer name", "other scheme", "relying party", "not verified",
         "not present"],
)  # fmt: skip
def test_a_lie_of_a_passkey_is_refused(arrive: Arrive, lies: dict[str, Any]) -> None:
    key = Key()
    add_passkey(arrive(), key)
    client = arrive()
    assert client.submit(STEP, {"passkey": key.sign(ask(client), **lies)}).status_code == 422
    assert not is_in(client)


@pytest.mark.parametrize("lies", [{"origin": "https://nep.example"}, {"flags": 0x41}])
def test_a_lie_at_a_new_passkey_is_refused(arrive: Arrive, lies: dict[str, Any]) -> None:
    assert add_passkey(arrive(), Key(), **lies) == 409


def test_the_host_header_changes_no_relying_party_and_no_origin(arrive: Arrive) -> None:
    key = Key()
    add_passkey(arrive(), key)
    client = arrive()
    elsewhere = {"headers": {"Host": "127.0.0.1"}}
    options = client.submit(f"{STEP}/passkey", **elsewhere)
    assert options.status_code == 302, "no cookie of that name"
    with client.session_transaction() as session:
        kept = dict(session)
    with client.session_transaction(base_url="http://127.0.0.1") as session:
        session.update(kept)
    options = client.post(f"{STEP}/passkey", data={"csrf_token": client.token()}, **elsewhere)
    assert options.get_json()["rpId"] == "localhost"
    lie = key.sign(options.get_json(), origin="http://127.0.0.1", party="127.0.0.1")
    form = {"passkey": lie, "csrf_token": client.token()}
    assert client.post(STEP, data=form, **elsewhere).status_code == 422


def test_a_passkey_of_another_account_proves_nothing(arrive: Arrive) -> None:
    key = Key()
    add_passkey(arrive(ADMINISTRATOR), key)
    add_app(arrive())
    client = arrive()
    assert client.submit(STEP, {"passkey": key.sign(ask(client))}).status_code == 422


def test_a_counter_that_went_back_is_a_hint_only(arrive: Arrive, caplog: pytest.LogCaptureFixture) -> None:
    key = Key()
    add_passkey(arrive(), key)
    key.uses = 0
    client = arrive()
    assert client.submit(STEP, {"passkey": key.sign(ask(client))}).status_code == 302
    assert "passkey counter went back" in caplog.text


def test_the_last_factor_is_not_removed(arrive: Arrive) -> None:
    client, key = arrive(), Key()
    add_app(client)
    with connection():
        (app,) = SecondFactor.select()
    refused = client.submit(f"{SET_UP}/{app.id}/weg")
    assert refused.status_code == 409
    assert "Voeg eerst een andere toe." in refused.text
    add_passkey(client, key)
    assert client.submit(f"{SET_UP}/{app.id}/weg").status_code == 302
    with connection():
        assert [factor.kind for factor in SecondFactor.select()] == ["passkey"]


def reset(client: CheckedClient, **answers: str) -> Any:
    """Reset the second factor of the coordinator, as another."""
    with connection():
        number = Account.get(Account.email == COORDINATOR).id
    return client.submit(f"/beheer/accounts/{number}/tweede-stap", answers)


def test_an_administrator_resets_what_is_lost_with_a_reason(arrive: Arrive) -> None:
    lost, administrator = arrive(), arrive(ADMINISTRATOR)
    add_app(lost)
    make_codes(lost)
    assert "Kies waarom." in reset(administrator).text
    assert reset(administrator, waarom="lost").status_code == 302
    with connection():
        assert not SecondFactor.select().exists()
        assert not RecoveryCode.select().exists()
        titles = [entry.title for entry in list_trail(Filters(), 3)]
        mails = [mail.body for mail in OutgoingMail.select() if mail.recipient == COORDINATOR]
    assert any(re.match(r"Tweede stap van account \d+: gewist, kwijt", title) for title in titles)
    assert "Alles is gewist. De telefoon, sleutel of codes zijn kwijt." in mails[-1]
    assert not is_in(lost)
    again = arrive()
    assert again.get("/beheer").headers["Location"] == STEP, "no seven days more"
    assert again.get(STEP).headers["Location"] == SET_UP


def test_a_request_that_a_reset_overtook_adds_and_proves_nothing(arrive: Arrive, portal: Flask) -> None:
    add_app(arrive())
    with connection(), portal.test_request_context():
        account, site = Account.get(Account.email == COORDINATOR), current_site()
        user = start_session(account, "")
        second_factors.reset(account, None, None, site)
        sealed = authenticator_app.make_sealed_secret(account.id, site)
        code = code_of(authenticator_app.open_secret(sealed, account.id, site))
        assert "uitgelogd" in second_factors.add_app(user, sealed, code, "", site)
        assert not second_factors.make_codes(account, site)
        assert record_proof(user) is None


def test_the_machine_resets_the_last_administrator(arrive: Arrive, portal: Flask) -> None:
    add_app(arrive(ADMINISTRATOR))
    runner = portal.test_cli_runner()
    done = runner.invoke(args=["reset-second-factor", ADMINISTRATOR])
    assert "is gewist" in done.output
    with connection():
        assert not SecondFactor.select().exists()
        assert "op de server" in list_trail(Filters(), 1)[0].title
    assert arrive(ADMINISTRATOR).get("/beheer").headers["Location"] == STEP
    assert "Er is geen account" in runner.invoke(args=["reset-second-factor", "x@y.example"]).output


def test_another_role_or_the_end_of_the_account_takes_the_factors_away(arrive: Arrive) -> None:
    add_app(arrive())
    administrator = arrive(ADMINISTRATOR)
    with connection():
        account = Account.get(Account.email == COORDINATOR)
    form = {"naam": account.name, "email": account.email, "rol": "reader"}
    assert administrator.submit(f"/beheer/accounts/{account.id}", form).status_code == 302
    with connection():
        assert not SecondFactor.select().exists()


def test_the_factors_of_an_account_that_ended_are_cleared(arrive: Arrive) -> None:
    add_app(arrive())
    with connection():
        ended = clock.today() - timedelta(days=3)
        person = Person.select().first()
        Account.update(active_until=ended, person=person).where(Account.email == COORDINATOR).execute()
        clear_ended(clock.now() - timedelta(days=9))
        assert SecondFactor.select().exists()
        clear_ended(clock.now())
        assert not SecondFactor.select().exists()
        assert Account.get_or_none(Account.email == COORDINATOR)


def test_who_is_forgotten_leaves_no_factor(arrive: Arrive, portal: Flask) -> None:
    client = arrive()
    add_app(client)
    make_codes(client)
    with connection(), portal.app_context():
        account = Account.get(Account.email == COORDINATOR)
        held = json.loads(write_json(account, account.created_at))["gegevens"]
        (own,) = [one for one in held if one["gegevens"] == "Tweede stap bij het inloggen"][:1]
        assert own["rijen"][0]["Soort"] == "app met codes"
        second_factors.clear(account)
        account.delete_instance()
        assert not SecondFactor.select().exists()
        assert not RecoveryCode.select().exists()


def test_the_demo_asks_none(portal_copy: Flask) -> None:
    with stopped_at(NOON) as time:
        client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")
        add_app(client)
        time.tick(timedelta(minutes=20))
        assert client.get("/beheer/spoor.csv").mimetype == "text/csv"
        assert is_in(client.sign_in("coordinator"))
