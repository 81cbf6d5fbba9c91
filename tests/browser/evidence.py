"""The evidence of accessibility: `python -m tests.browser.evidence > docs/accessibility.md`.

Lists what tests/browser/test_every_page.py inspects, and with what.
"""

import re

from tests.routes import ROUTES

INSPECTIONS = (
    ("axe-core", "de regels van WCAG 2.0, 2.1 en 2.2, niveau A en AA, en die voor goed gebruik"),
    ("contrast", "elke tekst, in licht en in donker"),
    ("toetsenbord", "met Tab bereik je alles één keer, op volgorde, en je ziet waar je bent"),
    ("vingers", "wat je aantikt is minstens 44 bij 44 punten, op 1280 en op 320 punten breed"),
    ("smal scherm", "op 320 en 640 punten breed hoef je niet opzij te schuiven"),
    ("grote letters", "ook niet met letters van 200%"),
    ("rust", "de pagina verspringt niet terwijl ze laadt"),
)


def write_evidence() -> str:
    """The document, in Dutch, with every kind of page and the number of its states."""
    states = {
        re.sub("<[^>]+>", "…", name.removeprefix("GET ")): len(
            {address for address in (*route.states, *route.also) if address}
        )
        for name, route in ROUTES.items()
        if route.states
    }
    return "\n".join([
        "# Bewijs van toegankelijkheid", "",
        "Welke pagina’s zijn nagekeken, waarmee en met welke uitkomst. Gemaakt met `python -m "
        "tests.browser.evidence`, uit de lijst die de tests zelf gebruiken. Dit is geen onderzoek "
        "door een deskundige en geen toegankelijkheidsverklaring. Wat nog ontbreekt, staat op de "
        "pagina Toegankelijkheid.", "",
        "## Uitkomst", "",
        f"Er zijn {len(states)} soorten pagina’s, samen in {sum(states.values())} toestanden: "
        "leeg, gevuld en met een fout. Elke keuring moet nul fouten geven. Bij één fout zakt "
        "`make test`, en dan komt de versie niet uit.", "",
        "## Waarmee", "",
        "Chromium, bestuurd door Playwright, met axe-core. De versies staan in "
        "`requirements-dev.lock`. Elke pagina krijgt al deze keuringen.", "",
        *(f"- {name}: {what}" for name, what in INSPECTIONS), "",
        "## Welke pagina’s", "",
        "Achter elke soort staat in hoeveel toestanden ze is bekeken.", "",
        *(f"- `{path}`: {number}" for path, number in states.items()), "",
    ])  # fmt: skip


if __name__ == "__main__":
    print(write_evidence(), end="")
