"""Search texts as people type them: beginnings of names, letter by letter, and the worst cases."""

import random

from tests.bench.fill import CORES, NAMES

TYPO = "wilgenhoke"
WORST = ["ba", "de", "van de b"]
OTHERS = [
    "leerplicht", "leerplicht haarlem", "jeugdarts wil", "cjg", "2011", "2033 ce", "bennebroek",
    "heemst", "haarlem", "zandvoort noord", "basisschool de wil", "verzuim", "meldcode",
    TYPO,
]  # fmt: skip


def mix() -> list[str]:
    """A hundred texts, the same in every run."""
    chance = random.Random(2704)
    names = [*CORES, *CORES, *NAMES["given"], *(name.split("|")[1] for name in NAMES["family"])]
    begun = [name[: chance.randint(2, 8)].strip() for name in chance.sample(names, 100)]
    return [*WORST, *OTHERS, *begun][:100]
