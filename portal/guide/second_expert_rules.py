"""Who may be the second expert when a pupil moves to special education. Pure, but for the list
of functions, which is data (`guide/experts.toml`).

Source: Routeboek januari 2024, “Een overstap naar het gespecialiseerd onderwijs” (domain row A34).
"""

import tomllib
from collections.abc import Iterable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from portal.guide.chapters import guide_folder


class Expert(NamedTuple):
    """A function that an expert can have."""

    key: str
    label: str
    kind: str  # the profession of the law; "": none
    named_by: str  # "wet", "afspraak", or "": neither names it
    call: str = ""  # role or service at the school


class Verdict(Enum):
    """Whether somebody may be the second expert."""

    ALLOWED = "mag"
    REFUSED = "mag niet"
    TO_CONFIRM = "te bevestigen"


class Judged(NamedTuple):
    """A function, whether it may be second, and why."""

    expert: Expert
    verdict: Verdict
    why: str


def load_experts(folder: Path | None = None) -> dict[str, Expert]:
    """Every function of the region (or in `folder`) by its key."""
    return _load_experts(folder or guide_folder())


@cache
def _load_experts(folder: Path) -> dict[str, Expert]:
    rows = tomllib.loads((folder / "experts.toml").read_text("utf-8"))["experts"]
    return {row["key"]: Expert(**row) for row in rows}


def judge(first: Expert, second: Expert) -> Judged:
    """Whether `second` may be the second expert beside `first`: a function that the law or the
    region's agreement names, and not the same one."""
    if not second.named_by:
        return Judged(second, Verdict.REFUSED, "De wet noemt dit beroep niet.")
    if second == first:
        return Judged(
            second, Verdict.REFUSED, "Dit is dezelfde functie als die van de eerste deskundige."
        )
    if second.kind and second.kind == first.kind:
        return Judged(
            second,
            Verdict.TO_CONFIRM,
            f"Beiden zijn {second.kind}. Of dat dezelfde functie is, zegt de bron niet.",
        )
    why = "Dit beroep staat in de wet."
    if second.named_by == "afspraak":
        why = "Deze functie staat in de afspraak van de regio."
    return Judged(second, Verdict.ALLOWED, why)


def judge_all(first: Expert, experts: Iterable[Expert]) -> list[Judged]:
    """Every function that is named somewhere, what may be in front."""
    order = list(Verdict)
    judged = [judge(first, second) for second in experts if second.named_by]
    return sorted(judged, key=lambda row: (order.index(row.verdict), not row.expert.call))


def calls(first: Expert, experts: Iterable[Expert]) -> tuple[str, ...]:
    """Whom (roles or services) a school can call to be the second."""
    return tuple(
        row.expert.call
        for row in judge_all(first, experts)
        if row.expert.call and row.verdict is not Verdict.REFUSED
    )
