"""The words that belong to one region: its names, places, organisations, boards and mailboxes."""

import re
from collections.abc import Iterator
from functools import cache

from portal.region import Region
from portal.seeding.seed_files import read_csv, read_toml


def list_words(region: Region) -> set[str]:
    """The region's own words, in lower case, as its files give them."""
    return {word.strip().lower() for word in _find_words(region) if len(word.strip()) > 2}


def find_words(words: set[str], text: str) -> set[str]:
    """The `words` (in lower case) that `text` holds as whole words, in capitals or not."""
    text = text.lower()
    runs = set(re.findall(r"\w+", text))
    # Most are ruled out by their first run of letters; one regular expression of all words takes fifty times as long.
    held = {word for word in words if _first_run(word) in runs and word in text}
    return {word for word in held if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}


@cache
def _first_run(word: str) -> str:
    return str(re.findall(r"\w+", word)[0])


def _find_words(region: Region) -> Iterator[str]:
    yield from (region.name, region.key, *re.split(r"[- ]", region.name)[-1:])
    yield from (region.project.partition(" ")[2], region.contact_email)
    if "guide" in region.modules:
        yield region.guide.name
    yield f"{region.reference_prefix}-"
    yield from (word.replace("*", "") for word in region.not_names)
    for mailbox in region.mailboxes:
        yield from _parts_of_address(mailbox.address)
    yield from (kind.note_email for kind in region.request_kinds)
    for row in read_csv(region.folder / "municipalities.csv"):
        yield row["name"]
    for row in read_csv(region.folder / "places.csv"):
        yield from (re.sub(r" \(.*\)", "", row["name"]), *row["aliases"].split(";"))
    for row in read_csv(region.folder / "boards.csv"):
        yield from _parts_of_address(row["website"])
    for organisation in read_toml(region.folder / "contacts.toml")["organisations"]:
        yield organisation["name"]
        yield organisation["key"]
        for point in organisation.get("contact_points", []):
            yield point["name"]
            for detail in point["details"]:
                yield from _parts_of_address(detail["value"])


def _parts_of_address(value: str) -> tuple[str, ...]:
    """A mail address or website as a whole, and the name before its last dot."""
    domain = re.sub(r"^www\.", "", value.rpartition("@")[2]).partition("/")[0]
    return (value, domain, domain.rpartition(".")[0])
