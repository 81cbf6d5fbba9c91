"""A finding of the doctor: three short Dutch texts, which stand in findings.toml."""

import tomllib
from pathlib import Path
from typing import NamedTuple

TEXTS = tomllib.loads(Path(__file__).with_name("findings.toml").read_text("utf-8"))


class Finding(NamedTuple):
    """A fault: what is wrong, what it costs, and what to do."""

    wrong: str
    cost: str
    mend: str


def tell(key: str, **values: object) -> Finding:
    """The finding of this key, with the values that its texts ask for."""
    return Finding(**{part: text.format(**values) for part, text in TEXTS[key].items()})
