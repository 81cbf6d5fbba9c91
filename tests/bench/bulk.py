"""Bulk work that people wait for: a file of DUO, and the mail of a large notice.

    python -m tests.bench.bulk [--postgres] [SCHOOLS]

Prints seconds by the clock and of CPU, this process only: 6,000 rows of DUO, first as those of the
whole country with a small region in it, then all of one region; and 1,000 mails to a real server.
"""

import argparse
import csv
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from portal import clock
from portal.app import create_app
from portal.config import SEEDS, Config
from portal.database import connection, db
from portal.directory.models import Place, School
from portal.mail.jobs import server
from portal.mail.outbox import Mail, enqueue
from portal.mail.sending_and_retries import deliver_due
from portal.readers.duo import read_duo
from portal.region import current_region
from portal.seeding import schools_from_duo
from tests.bench.fill import copied, freeze_clock
from tests.mail.postbox import serving

ROWS, MAILS = 6_000, 1_000
SECONDS_OF_ROWS, SECONDS_OF_MAILS = 2, 10  # at most
SMALL = 150  # schools
SEED = SEEDS / "zuid-kennemerland" / "schools" / "duo-po-2026-04.csv"
BODY = "Beste collega,\n\n" + "Noor van der Laan is vanaf maandag de CJG-coach.\n" * 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("schools", nargs="?", type=int, default=10_000)
    arguments = parser.parse_args()
    freeze_clock()
    print(f"\nin bulk on {'PostgreSQL' if arguments.postgres else 'SQLite'}")
    for schools in dict.fromkeys((SMALL, arguments.schools)):
        with copied(schools, on_postgres=arguments.postgres) as (config, _):
            create_app(config)
            with connection():
                _read_duo(schools)
                if schools == arguments.schools:
                    _send_mails(config)


def _read_duo(schools: int) -> None:
    """A file of today, by which every school of primary education is looked at and dated anew."""
    region, file = current_region(), _make_file()
    with _timed(f"DUO's file read, {schools:,} schools", SECONDS_OF_ROWS):
        duo = read_duo("duo.csv", file)
        schools_from_duo.store_upload(region, "duo.csv", duo, clock.today())
    upload = schools_from_duo.find_upload()
    assert upload
    assert len(duo.schools) >= ROWS
    with _timed("  compared, nothing written", SECONDS_OF_ROWS):
        proposal = schools_from_duo.propose_upload(region, upload)
    with _timed("  applied", SECONDS_OF_ROWS):
        schools_from_duo.apply_upload(region, upload, None, (), proposal.version)


def _make_file() -> bytes:
    """A file as DUO publishes it, of all schools for primary education in the database, every tenth
    with another telephone number, and of others far away; in all at least ROWS."""
    with SEED.open(encoding="cp1252", newline="") as lines:
        model = next(csv.DictReader(lines, delimiter=";"))
    file = io.StringIO()
    writer = csv.DictWriter(file, model, delimiter=";")
    writer.writeheader()
    schools = School.select(School, Place).join(Place).where(School.sector == "po")
    for number, school in enumerate(schools):
        street, _, house_number = school.street.rpartition(" ")
        writer.writerow({
            **model, "VESTIGINGSCODE": school.code, "VESTIGINGSNAAM": school.duo_name,
            "STRAATNAAM": street, "HUISNUMMER-TOEVOEGING": house_number,
            "POSTCODE": school.postcode, "PLAATSNAAM": school.place.name.upper(),
            "GEMEENTENUMMER": school.place.municipality_id, "INTERNETADRES": school.website,
            "TELEFOONNUMMER": school.phone.replace("+31", "0") if number % 10 else "0235110200",
        })  # fmt: skip
    for number in range(ROWS - len(schools)):
        code = f"{number % 100:02}ZZ{number // 100:02}"
        writer.writerow({
            **model, "VESTIGINGSCODE": code, "VESTIGINGSNAAM": f"De Verte {number}",
            "POSTCODE": "9712 AA", "PLAATSNAAM": "GRONINGEN", "GEMEENTENUMMER": "0014",
        })  # fmt: skip
    return file.getvalue().encode("cp1252")


def _send_mails(config: Config) -> None:
    """Mails of two paragraphs, delivered as the worker does; the server is a thread of this process
    and its time counts."""
    with db.atomic():
        for number in range(MAILS):
            to = f"collega{number}@kernwijzer.example"
            enqueue(Mail(f"bench:{number}", to, "Noor neemt het over", BODY), "kernwijzer.example")
    with serving() as postbox, _timed(f"{MAILS:,} mails sent", SECONDS_OF_MAILS):
        told = server(config)._replace(
            host="127.0.0.1", port=postbox.port, security="none", capture_only=False,
            lease=timedelta(minutes=5),
        )  # fmt: skip
        while deliver_due(told):
            pass
    # The bench's notices have mails of their own in the outbox.
    assert len(postbox.letters) >= MAILS, len(postbox.letters)


@contextmanager
def _timed(name: str, most: float) -> Iterator[None]:
    begun, cpu = time.perf_counter(), time.process_time()
    yield
    waited, worked = time.perf_counter() - begun, time.process_time() - cpu
    print(f"{'!' if waited > most else ' '} {name:38}{waited:8.2f} s, {worked:6.2f} s of CPU")


if __name__ == "__main__":
    main()
