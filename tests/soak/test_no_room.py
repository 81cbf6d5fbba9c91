"""A real disk that is full, and one that becomes read-only while the portal serves."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.postbox import Postbox
from tests.processes import Portal, Start, needs_proc, starting
from tests.soak.conftest import is_whole
from tests.soak.visitor import Visitor, fields, until_answered

WISH = "Wij willen weten wat de meldcode van ons vraagt."


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)],
        check=False, capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("a disk of one's own needs root; test_out_of_reach does it without")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def database(database: Path, disk: Path) -> Path:
    """On that disk."""
    shutil.copytree(database.parent, disk / "inside")
    return disk / "inside" / database.name


@pytest.fixture
def start(database: Path, postbox: Postbox, tmp_path: Path) -> Iterator[Start]:
    """What it says goes to another disk, and may hold what went wrong."""
    said = tmp_path / "said.txt"
    with starting(database, said, SMTP_PORT=str(postbox.port)) as run:
        yield run
        said.write_text("")


def ask_for_a_session(visitor: Visitor, number: int) -> tuple[int, str]:
    form = visitor.fill(
        "/aanvragen/thema", onderwerp="meldcode", aantal="8", school="16LF00", toch="y",
        wens=WISH, naam="Saskia de Boer", email=f"saskia{number}@school.example",
    )  # fmt: skip
    answer = visitor.ask("/aanvragen/thema", form)
    return answer.status, answer.text


@needs_proc
@pytest.mark.parametrize("how", ["full", "read-only"])
def test_a_disk_that_takes_nothing_more_keeps_what_was_typed_and_the_finder(
    start: Start, database: Path, disk: Path, how: str
) -> None:
    portal = Portal(start)
    visitor = Visitor(portal.port)
    until_answered(visitor, "/")
    visitor.sign_in("coordinator")
    assert ask_for_a_session(visitor, 0)[0] == 302
    if how == "full":
        with pytest.raises(OSError, match="No space"):
            fill(disk / "ballast")
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=False)
    statuses = set()
    for number in range(1, 30):
        status, text = ask_for_a_session(visitor, number)
        statuses.add(status)
        if status == 503:
            assert WISH in text
            break
        assert visitor.ask("/?q=camelot").status == 200
    assert statuses <= {302, 503}
    assert 503 in statuses
    for _ in range(20):
        page = visitor.ask("/?q=camelot")
        assert page.status == 200
        assert "CJG-coach" in page.text
    assert visitor.ask("/readyz").status == 503
    if how == "full":
        (disk / "ballast").unlink()
    else:
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
    again = visitor.ask("/aanvragen/thema", fields(text))
    assert again.status == 302
    assert is_whole(database)


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as ballast:
        while True:
            ballast.write(b"x" * 1000)
