"""Settings: an invalid one stops the start and is named."""

import os
import re
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


def test_the_default_settings_serve_this_computer_only() -> None:
    config = Config.from_environment({})
    assert (config.host, config.port) == ("127.0.0.1", 5000)
    assert config.trusted_hosts == ("127.0.0.1", "localhost")
    assert config.database == ROOT / "instance" / "zuid-kennemerland.sqlite"


class Recorder(dict[str, str]):
    """An empty environment that records the names of the settings that are read from it."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
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
