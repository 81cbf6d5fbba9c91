"""Fills a database of any size: the real region with invented schools and people.

Databases are kept outside the repository and made anew when the tables or the seeds change.
"""

import hashlib
import os
import random
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, product
from pathlib import Path
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.app import create_app
from portal.config import ROOT, SEEDS, Config
from portal.database import BaseModel, connection, current_engine, db, migrate
from portal.database.database_flags import DatabaseFlag
from portal.database.directory_version import lock_directory
from portal.directory.models import (
    Assignment,
    ContactDetail,
    DetailKind,
    Organisation,
    Person,
    Role,
    School,
    Visibility,
)
from portal.moving_database import move
from portal.notices.drafts import UNKNOWN, Draft
from portal.notices.kinds import NoticeKind
from portal.notices.models import Notice
from portal.notices.permissions_and_confirmation import get_author
from portal.notices.publishing import preview, publish
from portal.region import read_region
from portal.search.index import reindex
from portal.seeding.region_directory import load_directory
from portal.seeding.subjects_and_mailboxes import load_catalogue
from portal.text import slug
from tests.factories import find_of_notice
from tests.postgres import Server

MOMENT = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday; the same databases on every day
FOLDER = Path(os.environ.get("BENCH_FOLDER", Path(tempfile.gettempdir()) / "kernwijzer-bench"))
RECIPE = b"2"  # raise it to make the databases anew
NOTICES = 60  # the board shows fifty
MEMBER_SCHOOLS = 9
NAMES: dict[str, list[str]] = tomllib.loads((SEEDS / "demo" / "names.toml").read_text("utf-8"))

KINDS = ["", "", "", "Basisschool ", "Basisschool ", "Daltonschool ", "Montessorischool ", "Kindcentrum ", "OBS "]
CORES = [
    "De Bakelaar", "De Bark", "Het Baken", "De Balans", "De Bazuin", "Het Bastion", "De Beukhof",
    "De Wilgenhoek", "De Waterlelie", "De Zonnebloem", "De Zandloper", "De Dolfijn", "Het Duinpad",
    "De Kring", "De Kompas", "De Linde", "De Molenwiek", "De Parel", "De Regenboog",
    "Het Schelpenpad", "De Spaarneboog", "De Tulp", "Het Veldhuis", "De Vlinder",
    "Van de Bergschool",
    "Van den Brinkschool", "Van der Veldeschool", "Prinses Marianneschool", "Jan Pietersschool",
]  # fmt: skip
TAILS = ["", " Noord", " Zuid", " Oost", " West", " Centrum", " Duinzicht", " Meerwijk", " Spaarndam"]

# Role, employer, and how many schools one person serves; each school gets seven assignments.
SERVED_BY = [
    ("cjg-coach", "cjg-kennemerland", 6), ("leerplichtambtenaar", "leerplein", 11),
    ("onderwijsconsulent", "swv-po-zk", MEMBER_SCHOOLS), ("jeugdarts", "ggd-kennemerland", 12),
    ("jeugdverpleegkundige", "ggd-kennemerland", 7),
]  # fmt: skip


def bench_config(database: Path) -> Config:
    """The default settings with this database."""
    return replace(Config.from_environment({}), database_url=f"sqlite:///{database}")


def freeze_clock() -> None:
    """Let the portal's only clock stand still at MOMENT, so that no session expires meanwhile."""
    clock.now = lambda: MOMENT


def filled(schools: int) -> Path:
    """The path of the database with this number of schools, which is made where it is missing."""
    path = FOLDER / f"{schools}-{_fingerprint()}.sqlite"
    if not path.exists():
        print(f"making a database of {schools:,} schools …", flush=True)
        FOLDER.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        for old in FOLDER.glob(f"{schools}-*"):
            old.unlink()
        unfinished.unlink(missing_ok=True)
        freeze_clock()
        app = create_app(bench_config(unfinished))  # features register their search pages
        migrate()
        with app.app_context(), connection():
            with db.atomic():
                _fill(schools)
            current_engine().scrub()
        unfinished.rename(path)
    return path


def write_directory() -> None:
    """Change a telephone number as a notice would."""
    with db.atomic():
        lock_directory()
        detail = ContactDetail.get((ContactDetail.person == 1)
                                   & (ContactDetail.kind == DetailKind.PHONE))  # fmt: skip
        number = f"+3161234{5000 + (int(detail.value[-4:]) + 1) % 1000}"
        find_of_notice(Notice.get().id).change(detail, value=number)


@contextmanager
def copied(schools: int, *, on_postgres: bool) -> Iterator[tuple[Config, int]]:
    """The settings for a copy of the database with this number of schools, and the process of its
    server, or 0."""
    with tempfile.TemporaryDirectory() as folder:
        config = bench_config(Path(shutil.copy(filled(schools), folder)))
        if not on_postgres:
            yield config, 0
            return
        server = Server(is_durable=True)
        try:
            url = server.create()
            with create_app(config).app_context():
                move(config, config.database_url, url)
            yield replace(config, database_url=url), server.pid
        finally:
            db.close()
            server.remove()


def _fingerprint() -> str:
    """A hash of the files that decide what is in a database."""
    patterns = ("portal/database/migrations/*.py", "portal/search/*.py", "portal/text.py", "seeds/**/*.*")
    files = sorted(file for pattern in patterns for file in ROOT.glob(pattern) if file.is_file())
    contents = b"".join(file.read_bytes() for file in files)
    return hashlib.sha256(RECIPE + contents).hexdigest()[:12]


def _fill(schools: int) -> None:
    region = read_region(SEEDS / "zuid-kennemerland")
    load_directory(region)
    load_catalogue(region)
    # In a demo this computer is a trusted network, and its accounts can be signed in to.
    DatabaseFlag.create(name=DatabaseFlag.DEMO, set_on=clock.today())
    models = [school.__data__ for school in School.select().where(School.closed_on.is_null()).order_by(School.code)]
    School.delete().execute()
    Organisation.delete().where(Organisation.kind == Organisation.SCHOOL).execute()
    first = 1 + (Organisation.select(Organisation.id).order_by(Organisation.id.desc()).scalar() or 0)
    made = list(_schools(schools, models, first))
    _insert(
        Organisation,
        (
            {
                "id": school["organisation"],
                "key": f"school-{school['code']}",
                "name": school["name"],
                "kind": Organisation.SCHOOL,
            }
            for school in made
        ),
    )
    _insert(School, made)
    people, posts = _staff(made)
    _insert(Person, people)
    _insert(ContactDetail, (row for person in people for row in _details(person)))
    _insert(Assignment, posts)
    reindex()
    _create_accounts()
    _post_notices()


def _insert(model: type[BaseModel], rows: Any) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == 500:
            model.insert_many(batch).execute()
            batch = []
    if batch:
        model.insert_many(batch).execute()


def _schools(number: int, models: list[dict[str, Any]], first: int) -> Iterator[dict[str, Any]]:
    """Schools at the addresses of real ones, under invented names."""
    chance = random.Random(2704)
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    for at in range(number):
        model = models[at % len(models)]
        name = chance.choice(KINDS) + chance.choice(CORES) + chance.choice(TAILS)
        pair = letters[at // 100 % 24] + letters[at // 2400 % 24]
        code = f"{at % 100:02}{pair}{at // 57600:02}"
        yield {
            **model, "code": code, "organisation": first + at, "name": name, "duo_name": name,
            "aliases": "", "slug": f"{code.lower()}-{slug(name)}",
        }  # fmt: skip


def _staff(schools: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The people of these schools and of the partner organisations, and their assignments."""
    roles = {role.key: role.id for role in Role.select()}
    employers = {o.key: o.id for o in Organisation.select().where(Organisation.kind == "partner")}
    names = [(given, *family.split("|")) for given, family in product(NAMES["given"], NAMES["family"])]
    random.Random(2704).shuffle(names)
    numbers = count(1)
    people: list[dict[str, Any]] = []
    posts: list[dict[str, Any]] = []
    day = clock.today()

    def hire(organisation: int) -> int:
        number = next(numbers)
        given, infix, family = names[number % len(names)]
        people.append(
            {"id": number, "organisation": organisation, "given_name": given, "infix": infix,
             "family_name": family, "working_days": "124"}
        )  # fmt: skip
        return number

    def post(person: int, role: str, school: dict[str, Any]) -> None:
        posts.append(
            {"person": person, "role": roles[role], "school": school["code"],
             "valid_from": day - timedelta(days=400), "source": "Verzonnen",
             "checked_on": day - timedelta(days=60)}
        )  # fmt: skip

    for school in schools:
        care = "zorgcoordinator" if school["sector"] == "vo" else "intern-begeleider"
        for role in ("directeur", care):
            post(hire(school["organisation"]), role, school)
    for role, employer, each in SERVED_BY:
        for at in range(0, len(schools), each):
            person = hire(employers[employer])
            for school in schools[at : at + each]:
                post(person, role, school)
    return people, posts


def _details(person: dict[str, Any]) -> Iterator[dict[str, Any]]:
    number = person["id"]
    shared = {"person": number, "visibility": Visibility.OPEN, "source": "Verzonnen",
              "checked_on": clock.today()}  # fmt: skip
    yield {**shared, "kind": DetailKind.EMAIL, "value": f"collega{number}@kernwijzer.example"}
    yield {**shared, "kind": DetailKind.PHONE, "value": f"+3161234{5000 + number % 1000}"}


def _create_accounts() -> None:
    """A member who works at nine schools, and a coordinator who works at none."""
    role = Role.get(Role.key == "onderwijsconsulent")
    member = Assignment.get(Assignment.role == role).person
    schools = Assignment.select().where((Assignment.person == member) & (Assignment.role == role))
    assert schools.count() == MEMBER_SCHOOLS
    for account_role, person in ((AccountRole.MEMBER, member), (AccountRole.COORDINATOR, None)):
        Account.create(
            email=f"{account_role}@demo.example", name="Noor", role=account_role, person=person,
            created_at=clock.now(),
        )  # fmt: skip


def _post_notices() -> None:
    """Fill the board."""
    author = get_author(Account.get(Account.role == AccountRole.COORDINATOR))
    for person in range(1, NOTICES + 1):
        day = clock.today() + timedelta(days=person % 30)
        draft = Draft(
            NoticeKind.ABSENCE, "Met verlof. De collega’s weten ervan.", day,
            day + timedelta(days=60), person=person, successor=UNKNOWN,
        )  # fmt: skip
        publish(author, draft, f"bench {person}", preview(author, draft).row_versions, site=None)
    assert Notice.select().count() == NOTICES
