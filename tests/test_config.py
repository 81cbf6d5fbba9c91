"""Settings: an invalid one stops the start and is named."""

import multiprocessing
import os
import re
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import flask.cli
import pytest
from flask import Flask

from portal.app import create_app
from portal.config import ROOT, Config, SettingError
from portal.region import read_region

WRONG = [
    ("REGION", "nergens"),
    ("REGION", "../elders"),
    ("REGION", "demo"),
    ("PORT", "vijfduizend"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("PORT", "٥٠٠٠"),
    ("DATABASE_URL", "mysql://ergens/db"),
    ("DATABASE_URL", "postgresql://ergens"),
    ("DATABASE_URL", "postgresql://ergens:poort/db"),
    ("DATABASE_URL", "kernwijzer.sqlite"),
    ("DATABASE_URL", "sqlite:///"),
    ("BACKUP_COPY", "/mnt/tweede-schijf"),  # without BACKUP_KEY
    ("BACKUP_COPY", "tweede-schijf"),
    ("BACKUP_COPY", "| "),
    ("BACKUP_KEY", "age1x"),
    ("BACKUP_KEY", f"AGE-SECRET-KEY-1{'Q' * 58}"),
    ("PING_URL", "http://watcher.example/ping"),
    ("TRUSTED_HOSTS", "https://kernwijzer.example"),
    ("TRUSTED_HOSTS", "kernwijzer.example:443"),
    ("TRUSTED_HOSTS", "goed.example, niet goed"),
    ("CONTACT_EMAIL", "geen adres"),
    ("CONTACT_EMAIL", "a@b"),
    ("TRUSTED_NETWORKS", "thuis"),
    ("TRUSTED_NETWORKS", "192.0.2.1/24"),
    ("PROXIES", "-1"),
    ("BASE_URL", "kernwijzer.example"),
    ("BASE_URL", "https://kernwijzer.example/pad"),
    ("BASE_URL", "https://kernwijzer.example:poort"),
    ("BASE_URL", "https://[kernwijzer"),
    ("BASE_URL", "https://naam@kernwijzer.example"),
    ("BASE_URL", "https://kernwijzer.example?pad"),
    ("BASE_URL", "https://kernwijzer.example#pad"),
    ("HSTS_SUBDOMAINS", "ja"),
    ("SMTP_PORT", "smtp"),
    ("SMTP_SECURITY", "geen"),
    ("SMTP_SECURITY", "none"),
    ("SMTP_OAUTH_URL", "http://login.example/token"),
    ("SMTP_OAUTH_URL", "login.example"),
    ("SMTP_OAUTH_URL", "https://"),
    ("SMTP_OAUTH_URL", "https://login.example/token"),  # without client and secret
    ("MAIL_FROM", "Kernwijzer"),
    ("MAIL_BOUNCE", "x"),
    ("MAIL_LEASE", "0"),
    ("IMAP_HOST", "imap.example"),  # without a + in MAIL_BOUNCE
    ("IMAP_PORT", "0"),
    ("IMAP_SECURITY", "geen"),
    ("IMAP_SECURITY", "none"),
]

_read_region = cache(read_region)  # of a hundred settings that are read


@pytest.fixture(autouse=True)
def _region_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.config.read_region", _read_region)


OPENING = [
    (
        {"BASE_URL": "https://kernwijzer.example", "TRUSTED_HOSTS": "kernwijzer.example"},
        "PROXIES: BASE_URL begint met https, dus er staat een proxy voor de portal. Vul in "
        "hoeveel, meestal 1.",
    ),
    (
        {"BASE_URL": "HTTPS://kernwijzer.example", "TRUSTED_HOSTS": "kernwijzer.example"},
        "PROXIES: BASE_URL begint met https, dus er staat een proxy voor de portal. Vul in "
        "hoeveel, meestal 1.",
    ),
    (
        {"BASE_URL": "https://kernwijzer.example", "PROXIES": "1"},
        "TRUSTED_HOSTS: zet kernwijzer.example erbij, de naam in BASE_URL.",
    ),
    (
        {"BASE_URL": "http://kernwijzer.example:8080", "TRUSTED_HOSTS": "elders.example"},
        "TRUSTED_HOSTS: zet kernwijzer.example erbij, de naam in BASE_URL.",
    ),
    ({"TRUSTED_HOSTS": "."}, "TRUSTED_HOSTS: '.' is te ruim. Schrijf minstens .voorbeeld.nl."),
    ({"TRUSTED_HOSTS": ".nl"}, "TRUSTED_HOSTS: '.nl' is te ruim. Schrijf minstens .voorbeeld.nl."),
    *(
        (
            {"TRUSTED_NETWORKS": f"192.0.2.0/24, {network}"},
            f"TRUSTED_NETWORKS: {network} is te groot. Schrijf /8 of kleiner, bij IPv6 /32 of "
            "kleiner.",
        )
        for network in ("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/7", "::/0", "2000::/3",
                        "2001:db8::/31")
    ),
    *(
        (
            {"TRUSTED_NETWORKS": network},
            f"TRUSTED_NETWORKS: in {network} liggen adressen van IPv4. Schrijf die zoals "
            "192.0.2.0/24.",
        )
        for network in ("::/64", "::ffff:0:0/96", "::ffff:a00:0/104")
    ),
]  # fmt: skip


@pytest.mark.parametrize(("environment", "sentence"), OPENING)
def test_a_setting_that_would_open_everything_stops_the_start_with_its_name(
    environment: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as stopped:
        create_app()
    assert (stopped.value.code, capsys.readouterr().err) == (78, f"{sentence}\n")


@pytest.mark.parametrize(
    "environment",
    [
        {"BASE_URL": "https://kernwijzer.example", "PROXIES": "1",
         "TRUSTED_HOSTS": "kernwijzer.example,127.0.0.1"},
        {"BASE_URL": "https://Kernwijzer.example:8443", "PROXIES": "1",
         "TRUSTED_HOSTS": "Kernwijzer.Example"},
        {"BASE_URL": "https://schoöl.example", "PROXIES": "1",
         "TRUSTED_HOSTS": "xn--schol-mua.example"},
        {"BASE_URL": "https://a.kernwijzer.example", "PROXIES": "2",
         "TRUSTED_HOSTS": ".kernwijzer.example"},
        {"TRUSTED_NETWORKS": "10.0.0.0/8, 2001:db8::/32, 192.0.2.7, fd00:1::/64"},
    ],
)  # fmt: skip
def test_the_settings_of_a_real_installation_are_taken(environment: dict[str, str]) -> None:
    Config.from_environment(environment)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: .*\\.$"):
        Config.from_environment({name: value})


def test_with_postgresql_nothing_stands_beside_a_file() -> None:
    """Machines that share a database share no folder by themselves."""
    paths = {"KEYS_FILE": "/srv/keys.json", "BACKUP_DIR": "/srv/backups"}
    address = {"DATABASE_URL": "postgresql://kernwijzer@db.example/kernwijzer"}
    config = Config.from_environment(paths | address)
    assert (str(config.keys), str(config.backups)) == tuple(paths.values())
    assert config.logs is None
    for name, path in paths.items():
        with pytest.raises(SettingError, match=rf"^{name}: vul bij PostgreSQL een pad in\."):
            Config.from_environment(paths | address | {name: ""})
        Config.from_environment({name: path})


@pytest.mark.parametrize(
    "address",
    [
        "kernwijzer:geheim woord@db.example/kernwijzer",
        "kernwijzer:geheim%woord@db.example/kernwijzer",
        "kernwijzer:geheim%00@db.example/kernwijzer",
        "kernwijzer@db.example/kernwijzer?geheim=woord",
        "kernwijzer@db.example/kernwijzer?geheim",
    ],
)
def test_an_address_that_postgresql_cannot_read_is_not_shown(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{address}")
    monkeypatch.setenv("KEYS_FILE", str(tmp_path / "keys.json"))
    monkeypatch.setenv("BACKUP_DIR", str(tmp_path))
    with pytest.raises(SystemExit) as stopped:
        create_app()
    said = capsys.readouterr().err
    assert (stopped.value.code, said.startswith("DATABASE_URL: PostgreSQL kan")) == (78, True), said
    assert "geheim" not in said


def test_the_default_settings_serve_this_computer_only() -> None:
    config = Config.from_environment({})
    assert (config.host, config.port) == ("127.0.0.1", 5000)
    assert config.trusted_hosts == ("127.0.0.1", "localhost")
    assert config.database == ROOT / "instance" / "zuid-kennemerland.sqlite"


class Recorder(dict[str, str]):
    """An empty environment that records the names of the settings that are read from it."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]  # the one form used
        self.names.add(name)
        return default


def settings() -> set[str]:
    recorder = Recorder()
    Config.from_environment(recorder)
    return recorder.names


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "running.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|", text, re.MULTILINE)
    assert set(re.findall(r"[A-Z_]+", " ".join(rows))) == settings()


def test_the_example_holds_every_setting_with_its_default() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    example = dict(re.findall(r"^#([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert example.keys() == settings()
    assert Config.from_environment(example) == Config.from_environment({})


def test_an_empty_setting_means_its_default() -> None:
    assert Config.from_environment({"PORT": " "}).port == 5000


def test_a_wrong_setting_stops_the_start_with_its_name(tmp_path: Path) -> None:
    """In a fork, which need not load the program; tests/test_start.py starts a new one."""
    said = tmp_path / "said"

    def serve() -> None:
        os.environ["PORT"], sys.argv = "x", ["flask", "serve"]
        with said.open("w") as sys.stderr:
            flask.cli.main()

    process = multiprocessing.get_context("fork").Process(target=serve, daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode == 78
    assert said.read_text().startswith("PORT: 'x' past niet.")
    assert "Traceback" not in said.read_text()


def test_a_program_that_may_not_be_run_is_no_wrong_address(
    portal_copy: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python").touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    portal_copy.config["KERNWIJZER"] = replace(portal_copy.config["KERNWIJZER"], port=0)
    result = portal_copy.test_cli_runner().invoke(args=["serve"])
    assert isinstance(result.exception, PermissionError)
    assert "HOST: " not in result.output


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SMTP_OAUTH_CLIENT", "SMTP_OAUTH_CLIENT: vul ook SMTP_OAUTH_URL in, of laat SMTP_OAUTH_CLIENT weg."),
        ("IMAP_USER", "IMAP_USER: vul ook IMAP_HOST in, of laat IMAP_USER weg."),
        ("SMTP_PASS", "SMTP_PASS: deze instelling is er niet. Bedoel je SMTP_PASSWORD?"),
        ("SMTP_HOSTT", "SMTP_HOSTT: deze instelling is er niet. Bedoel je SMTP_HOST?"),
        ("IMAP_USERS", "IMAP_USERS: deze instelling is er niet. Bedoel je IMAP_USER?"),
    ],
)
def test_a_setting_of_mail_that_would_do_nothing_is_refused(name: str, sentence: str) -> None:
    with pytest.raises(SettingError) as refusal:
        Config.from_environment({name: "x"})
    assert str(refusal.value) == sentence
    Config.from_environment({name: ""})


def test_a_setting_of_mail_of_another_program_is_left_alone() -> None:
    others = (
        "SMTP_FROM",
        "SMTP_SERVER",
        "SMTP_SERVICE_HOST",
        "SMTP_PORT_25_TCP",
        "SMTP_PORT_25_TCP_ADDR",
        "IMAP_SERVER",
    )
    assert Config.from_environment(dict.fromkeys(others, "x")) == Config.from_environment({})


def test_the_mailbox_of_bounces_needs_a_plus_and_takes_the_user_of_smtp() -> None:
    usual = {"IMAP_HOST": "imap.school.example", "SMTP_USER": "post", "SMTP_PASSWORD": "geheim"}
    with pytest.raises(SettingError, match=r"IMAP_HOST: laat MAIL_BOUNCE dan op een \+ eindigen"):
        Config.from_environment(usual | {"MAIL_BOUNCE": "terug@school.example"})
    settings = Config.from_environment(usual | {"MAIL_BOUNCE": "terug+@school.example"})
    assert settings.mail_bounce == "terug+@school.example"
    assert (settings.imap_user, settings.imap_password) == ("post", "geheim")
    assert (settings.imap_port, settings.imap_security) == (993, "tls")
