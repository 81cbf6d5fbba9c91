"""The rule for who may be the second expert when a pupil moves to special education. Pure: the functions are an
argument. Source: the guide, “Een overstap naar het gespecialiseerd onderwijs” (domain row A34)."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Expert(NamedTuple):
    """A function that an expert can have."""

    key: str
    label: str
    kind: str  # the profession of the law; "": none
    named_by: str  # "wet", "afspraak", or "": neither names it
    call: str = ""  # role or service at the school


class SecondExpertTexts(NamedTuple):
    """The functions and texts of the tool."""

    experts: Mapping[str, Expert]  # by their key
    unsure: str  # the advice where the source does not decide
    choice: str  # how the second expert is chosen


class Verdict(StrEnum):
    """Whether an expert may be the second, as the page says it."""

    ALLOWED = "mag"
    IF_INVOLVED = "mag, als die echt betrokken is"
    REFUSED = "mag niet"
    TO_CONFIRM = "te bevestigen"


class Judged(NamedTuple):
    """A function, whether it may be second, and why."""

    expert: Expert
    verdict: Verdict
    why: str


def read_second_expert_texts(values: Mapping[str, Any]) -> SecondExpertTexts:
    """The functions and texts out of the tables of the file. Raises KeyError or TypeError for one
    that is missing or invalid."""
    experts = {row["key"]: Expert(**row) for row in values["experts"]}
    return SecondExpertTexts(experts, values["unsure"], values["choice"])


def judge(first: Expert, second: Expert, *, is_involved: bool | None = None) -> Judged:
    """Whether `second` may be the second expert beside `first`: a function that the law or the
    region's agreement names, not the same one, and involved with the pupil (None: not known)."""
    if is_involved is False:
        return Judged(second, Verdict.REFUSED, "Tekenen mag alleen wie echt betrokken is bij de leerling.")
    if not second.named_by:
        return Judged(
            second,
            Verdict.TO_CONFIRM,
            "De wet noemt dit beroep niet. De afspraak laat wel een andere deskundige toe die betrokken is.",
        )
    if second == first:
        return Judged(second, Verdict.REFUSED, "Dit is dezelfde functie als die van de eerste deskundige.")
    if second.kind and second.kind == first.kind:
        return Judged(
            second, Verdict.TO_CONFIRM, f"Beiden zijn {second.kind}. Of dat dezelfde functie is, zegt de bron niet."
        )
    why = "Dit beroep staat in de wet."
    if second.named_by == "afspraak":
        why = "Deze functie staat in de afspraak van de regio."
    return Judged(second, Verdict.ALLOWED if is_involved else Verdict.IF_INVOLVED, why)


def judge_all(first: Expert, experts: Iterable[Expert]) -> list[Judged]:
    """Every function: allowed ones first, and among them those that a school can call."""
    order = list(Verdict)
    judged = [judge(first, second) for second in experts]
    return sorted(judged, key=lambda row: (order.index(row.verdict), not row.expert.call))


def calls(first: Expert, experts: Iterable[Expert]) -> tuple[str, ...]:
    """The roles or services that a school can call to be the second expert."""
    return tuple(
        row.expert.call for row in judge_all(first, experts) if row.expert.call and row.verdict is not Verdict.REFUSED
    )
