"""PostgreSQL as a server that goes away, comes back, or is not the one that was meant."""

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.config import SettingError
from portal.database import connection, current_engine, db, open_database
from portal.directory.models import Sector
from portal.jobs.worker import tick
from tests.conftest import CheckedClient, make_app
from tests.postgres import Server, find_server
from tests.requests.conftest import CAMELOT, LEAST, WHO, filled

pytestmark = pytest.mark.postgres("about its server")


@pytest.fixture
def server() -> Iterator[Server]:
    """The server, which a test may stop."""
    server = find_server()
    assert server
    yield server
    if not server.is_running:
        server.start()


@pytest.fixture
def client(portal_copy: Flask) -> CheckedClient:
    """A browser, in a portal that turns errors into pages as in production."""
    portal_copy.testing = False
    return CheckedClient(portal_copy, portal_copy.response_class).sign_in("coordinator")


def test_a_server_that_stops_gives_503_and_comes_back_by_itself(
    client: CheckedClient, portal_copy: Flask, server: Server
) -> None:
    jobs = portal_copy.extensions["jobs"]
    fields = filled(client.get("/aanvragen/thema").text) | LEAST["thema"] | WHO
    fields |= {"school": CAMELOT, "wens": "Onze vraag", "toch": "y"}
    assert tick(jobs)
    server.stop()
    for path in ("/scholen", "/", "/?q=camelot"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Kernwijzer is even niet bereikbaar" in answer.text
    answer = client.post("/aanvragen/thema", data=fields)
    assert answer.status_code == 503
    assert "Onze vraag" in answer.text
    stranger = CheckedClient(portal_copy, portal_copy.response_class)
    assert stranger.get("/healthz").status_code == 200
    assert stranger.get("/readyz").status_code == 503
    assert not tick(jobs)
    server.start()
    assert client.get("/scholen").status_code == 200
    assert client.post("/aanvragen/thema", data=fields).status_code == 302
    assert tick(jobs)


def end_other_connections(server: Server) -> None:
    server.execute(
        "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "  # waits until it ended
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )


def test_a_restart_between_two_requests_is_not_noticed(client: CheckedClient, server: Server) -> None:
    assert client.get("/scholen").status_code == 200
    end_other_connections(server)
    assert client.get("/scholen").status_code == 200
    server.stop()
    server.start()
    assert client.get("/scholen").status_code == 200


def test_a_transaction_whose_connection_is_lost_fails_whole(portal_copy: Flask, server: Server) -> None:
    """Its later statements do not run on a new connection, and the next transaction does."""

    with connection():
        for then in (lambda: Sector.update(label="b").execute(), lambda: None):
            with pytest.raises(Exception, match=r"terminat|closed|not open") as raised, db.atomic():
                Sector.update(label="a").execute()
                end_other_connections(server)
                then()
            assert current_engine().is_unavailable(raised.value)
            assert not Sector.select().where(Sector.label.in_(["a", "b"])).exists()
        with db.atomic():
            Sector.update(label="c").execute()
        assert Sector.select().where(Sector.label == "c").exists()


STARTS = {
    "postgresql://iemand:geheim@nergens.invalid/portal": (1, "nergens.invalid"),
    "postgresql://iemand:geheim@127.0.0.1:1/portal": (1, "127.0.0.1"),
    "postgresql://kernwijzer:geheim@/bestaat_niet?host={folder}": (1, "bestaat_niet"),
    "postgresql://vreemde:geheim@/postgres?host={folder}": (1, "password"),
    "postgresql://kernwijzer:geheim@/latin?host={folder}": (78, "tekenset LATIN1"),
}


@pytest.mark.parametrize("address", STARTS)
def test_a_database_that_cannot_be_used_ends_the_start(own_portal: Flask, server: Server, address: str) -> None:
    if "vreemde" in address:
        server.ask_password("vreemde")
    if "latin" in address:
        server.execute("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'")
    status, named = STARTS[address]
    settings = own_portal.config["KERNWIJZER"]
    url = address.format(folder=server.folder)
    result = make_app(replace(settings, database_url=url)).test_cli_runner().invoke(args=["seed"])
    open_database(settings.database_url)
    assert result.exit_code == status
    assert "DATABASE_URL" in result.output
    assert named in result.output
    assert result.output.count("\n") == 1
    assert "geheim" not in result.output
    assert "schijf" not in result.output


def test_what_every_request_reads_is_small_after_a_seed(empty_portal: Flask) -> None:
    """Each written row replaces the version of the directory."""
    assert empty_portal.test_cli_runner().invoke(args=["seed"]).exit_code == 0
    with connection():
        (size,) = db.execute_sql("SELECT pg_relation_size('directory_version')").fetchone()
    assert size == 8192  # bytes: one page


def test_without_its_driver_the_start_names_what_to_install(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "portal.database.postgres")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingError, match=r"^DATABASE_URL: .*requirements-postgres\.lock"):
        open_database("postgresql://iemand:geheim@nergens.invalid/portal")
