"""The summary of the doctor, on the overview of Beheer."""

from portal.config import current_config
from portal.doctor.examination import read_stored
from portal.web.admin_pages import Summary
from portal.web.formatting import count


def summarise() -> Summary:
    """The number of findings of the last examination."""
    results = read_stored(current_config())
    number = sum(len(result.findings) for result in results)
    if number:
        return Summary(f"{count(number, 'ding is', 'dingen zijn')} niet in orde.", number)
    return Summary("Alles is in orde." if results else "Back-ups, mail, schijf en meer.")
