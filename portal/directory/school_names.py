"""A school in a list: how many there are, and what tells one apart."""

from collections import Counter
from collections.abc import Collection

from portal.directory.models import is_kern
from portal.directory.read_models import SchoolRow
from portal.web.formatting import count


def count_workplaces(codes: Collection[str]) -> str:
    """The number of these schools and kernen: "1 school", "2 kernen", "3 plekken" of both."""
    return count(len(codes), *nouns_of(codes))


def nouns_of(codes: Collection[str]) -> tuple[str, str]:
    """The noun for one, and for several of these schools and kernen (codes)."""
    kernen = sum(map(is_kern, codes))
    if not kernen:
        return "school", "scholen"
    return ("kern", "kernen") if kernen == len(codes) else ("plek", "plekken")


def label_schools(schools: Collection[SchoolRow]) -> dict[str, str]:
    """Per school (code) its name and place, in the given order; where two of them have the same,
    with the street, and where that is the same too, with DUO's code."""
    labels = {school.code: school.title for school in schools}
    streets = {school.code: school.street for school in schools}
    for more in (streets, {code: code for code in streets}):
        counts = Counter(labels.values())
        labels = {
            code: f"{label}, {more[code]}" if counts[label] > 1 else label
            for code, label in labels.items()
        }
    return labels
