"""What there is to ask for and where requests go, from `seeds/catalogue.toml`. Only what is not
there yet is added: the rest belongs to the coordinator."""

import tomllib
from collections.abc import Iterator
from typing import Any

from portal import clock
from portal.database import db
from portal.region import Region
from portal.requests.models import Mailbox, Subject
from portal.seeding.table_sync import Difference, SeedError


def load_catalogue(region: Region) -> list[Difference]:
    """Add the subjects and mailboxes that are not there; gives how many.

    Raises SeedError where the file is not right.
    """
    try:
        seeds = tomllib.loads((region.folder / "catalogue.toml").read_text("utf-8"))
        with db.atomic():
            differences = [*_add(seeds, region)]
    except KeyError as error:
        raise SeedError(f"catalogue.toml: {error} ontbreekt, of is verkeerd gespeld.") from error
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"catalogue.toml is niet goed ({error}).") from error
    return [difference for difference in differences if any(difference[1:])]


def _add(seeds: dict[str, Any], region: Region) -> Iterator[Difference]:
    known = {row.key for row in Subject.select()}
    missing = [
        {**{name: row[name] for name in ("kind", "key", "name", "explanation", "source")},
         "position": position}
        for position, row in enumerate(seeds["subjects"])
        if row["key"] not in known
    ]  # fmt: skip
    for row in missing:
        Subject.create(**row)
    yield Difference("thema's en organisaties", len(missing), 0, 0)
    known = {row.key for row in Mailbox.select()}
    boxes = [box for box in region.mailboxes if box.key not in known]
    for box in boxes:
        Mailbox.create(key=box.key, address=box.address, set_at=clock.now())
    yield Difference("postvakken voor aanvragen", len(boxes), 0, 0)
