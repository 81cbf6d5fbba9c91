"""The summary of imports on the overview of Beheer."""

from portal.imports.decisions_and_clearing import count_open
from portal.web.admin_pages import Summary
from portal.web.formatting import count


def summarise() -> Summary:
    """The imports that somebody began and did not finish."""
    if waiting := count_open():
        return Summary(f"{count(waiting, 'bestand is', 'bestanden zijn')} nog niet toegepast.", waiting)
    return Summary("De verdeling uit een Excel- of CSV-bestand.")
