"""Loads the catalogue of subjects for requests, and their mailboxes.

Present rows stay as they are: they belong to the coordinator.
"""

from collections.abc import Iterator

from portal import clock
from portal.database import db
from portal.region import Region
from portal.requests.models import Mailbox, Subject
from portal.seeding.seed_files import SeedRow, read_toml
from portal.seeding.table_sync import Difference


def load_catalogue(region: Region) -> list[Difference]:
    """Add the missing subjects (`catalogue.toml`) and mailboxes (`region.toml`); returns how many.

    Raises SeedError for a fault in the file.
    """
    if "requests" not in region.modules:
        return []
    seeds = read_toml(region.folder / "catalogue.toml")
    with db.atomic():
        differences = [*_add(seeds, region)]
    return [difference for difference in differences if any(difference[1:])]


def _add(seeds: SeedRow, region: Region) -> Iterator[Difference]:
    known = {row.key for row in Subject.select()}
    missing = [
        {**row.pick("kind", "key", "name", "explanation", "source"), "position": position}
        for position, row in enumerate(seeds["subjects"])
        if row["key"] not in known
    ]
    for row in missing:
        Subject.create(**row)
    yield Difference("thema’s en organisaties", len(missing), 0, 0)
    known = {row.key for row in Mailbox.select()}
    boxes = [box for box in region.mailboxes if box.key not in known]
    for box in boxes:
        Mailbox.create(key=box.key, address=box.address, set_at=clock.now())
    yield Difference("mailboxen voor aanvragen", len(boxes), 0, 0)
