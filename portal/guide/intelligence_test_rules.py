"""Who pays for an intelligence test. Pure.

Source: Routeboek januari 2024, “Afspraken bekostiging Intelligentie onderzoek” (domain row A35).
"""

from typing import NamedTuple

COACH, CONSULTANT = "jeugdhulp", "onderwijsconsulent"


class Payment(NamedTuple):
    """The answer: who pays, what goes with it, and whom to call (roles or services)."""

    headline: str
    lines: tuple[str, ...]
    calls: tuple[str, ...]


def who_pays(*, social: bool, school: bool, parents: bool) -> Payment:
    """`social`: there are social or emotional problems beside those with learning; `school`: the
    school needs the test to know what the pupil needs; `parents`: the parents want it."""
    lines: list[str] = []
    calls: list[str] = []
    if school:
        lines.append(
            "De school betaalt het uit het ondersteuningsbudget voor passend onderwijs. De school "
            "kiest zelf of zij het budget hiervoor gebruikt."
        )
        calls.append(CONSULTANT)
    if social:
        lines.append(
            "Het CJG kan helpen om zorg te vinden die past. Soms is een IQ-onderzoek deel van een "
            "breed onderzoek."
        )
    if parents and not school:
        lines.append(
            "De school heeft geen vraag. Ouders kunnen er dan voor kiezen om het zelf te betalen."
        )
    lines.append(
        "Is alleen een IQ-onderzoek nodig? Dat wordt niet betaald uit de Jeugdwet. Het CJG kan wel "
        "breed meekijken."
    )
    # The coach first where the problem is theirs.
    calls = [COACH, *calls] if social else [*calls, COACH]
    return Payment(_headline(social, school, parents), tuple(lines), tuple(calls))


def _headline(social: bool, school: bool, parents: bool) -> str:
    if school:
        return "De school betaalt, als zij daarvoor kiest."
    if social:
        return "Bel de coach: een IQ-onderzoek kan deel zijn van de zorg."
    if parents:
        return "De ouders kunnen het zelf betalen."
    return "Nu betaalt niemand: er is nog geen vraag."
