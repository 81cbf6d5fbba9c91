"""The forms of coverage: its filter."""

from portal.quality.coverage import Gap
from portal.web.forms import QueryForm, choice_field


class CoverageForm(QueryForm):
    """The filter of coverage. The view sets the other choices."""

    gap = choice_field(
        "Wat ontbreekt?", "wat", "Kies uit de lijst wat er ontbreekt.",
        choices={"": "alles"} | {gap.value: gap.label for gap in Gap},
    )  # fmt: skip
    role = choice_field("Functie", "functie", "Kies een functie uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")
    organisation = choice_field("Organisatie", "organisatie", "Kies een organisatie uit de lijst.")
