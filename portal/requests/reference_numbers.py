"""Reference numbers of requests, such as KT-2026-7K4X. Pure."""

import secrets
from datetime import date

# No look-alikes (0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V, Q), so that a reference can be read out over the
# telephone, and no vowels, so that it never spells a word.
ALPHABET = "34679CDFGHJKMNPRTWXY"


def make_reference(prefix: str, today: date) -> str:
    """A random reference of the year of `today`; the caller checks that it is not taken."""
    return f"{prefix}-{today.year}-" + "".join(secrets.choice(ALPHABET) for _ in range(4))
