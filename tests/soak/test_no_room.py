"""A real disk that is full, and one that can only be read, under a portal that serves."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from portal.config import Config
from portal.database import connection, db, fetch_tuples, open_database
from portal.directory.models import School
from portal.region import choose_region
from tests.imports.files import lines, make_file_import
from tests.processes import Portal, Start, needs_proc, runs, starting
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
def start(database: Path, tmp_path: Path) -> Iterator[Start]:
    """Its output goes to another disk, and may hold the error."""
    said = tmp_path / "said.txt"
    with starting(database, said, SMTP_HOST="", SMTP_SECURITY="starttls") as run:
        yield run
        said.write_text("")


def ask_for_a_session(visitor: Visitor, number: int) -> tuple[int, str]:
    form = visitor.fill(
        "/aanvragen/thema", onderwerp="meldcode", aantal="8", school="16LF00", toch="y",
        wens=WISH, naam="Saskia de Boer", email=f"saskia{number}@school.example",
    )  # fmt: skip
    answer = visitor.ask("/aanvragen/thema", form)
    return answer.status, answer.text


@contextmanager
def full(portal: Portal, folder: Path) -> Iterator[None]:
    """Not a byte is left."""
    ballast = folder.parent / "ballast"
    with pytest.raises(OSError, match="No space"), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 1000)
    yield
    ballast.unlink()


@contextmanager
def read_only(portal: Portal, folder: Path) -> Iterator[None]:
    """Open files stay as they were, so the portal is renewed."""
    subprocess.run(["mount", "-o", "bind,ro", str(folder), str(folder)], check=True)
    portal.renew()
    yield
    subprocess.run(["umount", "-l", str(folder)], check=True)
    portal.renew()


@needs_proc
@pytest.mark.parametrize("taken", [full, read_only])
def test_a_full_disk_keeps_the_typed_text_and_the_finder(
    start: Start, database: Path, taken: Callable[[Portal, Path], AbstractContextManager[None]]
) -> None:
    portal = Portal(start)
    visitor = Visitor(portal.port)
    until_answered(visitor, "/")
    visitor.sign_in("coordinator")
    assert ask_for_a_session(visitor, 0)[0] == 302
    with taken(portal, database.parent):
        for number in range(1, 30):  # the last page of a table may have room for a row
            status, text = ask_for_a_session(visitor, number)
            if status != 302:
                break
        assert status == 503
        assert "Dit is nog niet bewaard" in text
        assert WISH in text
        for _ in range(20):
            page = visitor.ask("/?q=camelot")
            assert page.status == 200
            assert "CJG-coach" in page.text
        assert visitor.ask("/readyz").status == 503
        time.sleep(2)  # for the worker to meet it as well
        assert runs(portal.worker)
    assert visitor.ask("/aanvragen/thema", fields(text)).status == 302
    assert is_whole(database)


@needs_proc
def test_a_disk_that_is_full_while_an_import_is_applied_leaves_nothing_of_it(start: Start, database: Path) -> None:
    choose_region(Config.from_environment({}).region)
    open_database(f"sqlite:///{database}")
    with connection():
        codes = [code for (code,) in fetch_tuples(School.select(School.code).limit(60))]
    posts = [f"{code};CJG-coach;Nina Nieuw;CJG Kennemerland;;;;;" for code in codes]
    row = make_file_import(lines(*posts).replace("school;", "vestigingscode;"))
    db.close()
    portal = Portal(start)
    visitor = Visitor(portal.port)
    until_answered(visitor, "/")
    visitor.sign_in("coordinator")
    path = f"/beheer/import/{row.id}/verschil"
    asked = visitor.ask(path)
    assert asked.status == 200, asked.location
    form = fields(asked.text)
    with full(portal, database.parent):
        assert visitor.ask(path, form).status == 503
        assert "nog niet toegepast" in visitor.ask("/beheer/import").text
        assert "Nina Nieuw" not in visitor.ask("/beheer/spoor").text
    assert visitor.ask(path, form).status == 302
    assert "Nina Nieuw" in visitor.ask("/beheer/spoor").text
    assert is_whole(database)
