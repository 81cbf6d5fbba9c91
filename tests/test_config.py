"""Settings: a wrong one stops the start, and says which."""

import os
import subprocess
import sys

import pytest

from portal.config import ROOT, Config, SettingError

WRONG = [
    ("REGION", "nergens"),
    ("REGION", "../elders"),
    ("REGION", "demo"),
    ("PORT", "vijfduizend"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("PORT", "٥٠٠٠"),
    ("DATABASE_URL", "postgresql://ergens/db"),
    ("DATABASE_URL", "kernwijzer.sqlite"),
    ("DATABASE_URL", "sqlite:///"),
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
    ("SMTP_PORT", "smtp"),
    ("SMTP_SECURITY", "geen"),
    ("SMTP_SECURITY", "none"),
    ("MAIL_FROM", "Kernwijzer"),
    ("MAIL_BOUNCE", "x"),
    ("MAIL_LEASE", "0"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: .*\\.$"):
        Config.from_environment({name: value})


def test_without_settings_the_portal_is_for_this_computer_only() -> None:
    config = Config.from_environment({})
    assert (config.host, config.port) == ("127.0.0.1", 5000)
    assert config.trusted_hosts == ("127.0.0.1", "localhost")
    assert config.database == ROOT / "instance" / "zuid-kennemerland.sqlite"


def test_an_empty_setting_is_no_setting() -> None:
    assert Config.from_environment({"PORT": " "}).port == 5000


def test_a_wrong_setting_stops_the_start_with_its_name() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "flask", "serve"],
        cwd=ROOT,
        env={**os.environ, "PORT": "x"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 78
    assert result.stderr.startswith("PORT: 'x' past niet.")
    assert "Traceback" not in result.stderr
