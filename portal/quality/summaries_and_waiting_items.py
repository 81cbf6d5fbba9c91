"""The summaries of reports, calls, rounds, coverage and suspicious details, on the overview of Beheer; and the items
that wait for an editor, on the first page."""

from flask import url_for

from portal.accounts.access import current_user_or_none
from portal.accounts.roles import AccountRole
from portal.notices.permissions_and_confirmation import get_author
from portal.quality import coverage, monthly_calls, reports, rounds, suspicious_details
from portal.quality.models import ReportState
from portal.web.admin_pages import Summary
from portal.web.formatting import count
from portal.web.waiting_items import WaitingItem


def summarise_reports() -> Summary:
    """The reports that wait for a coordinator."""
    faults = reports.list_open()
    waiting = sum(fault.state is ReportState.COORDINATOR for fault in faults)
    if not faults:
        return Summary("Wat lezers melden dat niet klopt.")
    others = len(faults) - waiting
    text = f"{count(waiting, 'fout wacht', 'fouten wachten')} op jou"
    if others:
        text += f", {count(others, 'ligt', 'liggen')} bij organisaties"
    return Summary(f"{text}.", waiting, is_asked=bool(waiting))


def summarise_calls() -> Summary:
    """The one figure that says how true the directory is, and who is still to be called."""
    share, waiting = monthly_calls.say_share(), monthly_calls.count_open()
    todo = f"{count(waiting, 'rij', 'rijen')} nog te bellen." if waiting else ""
    text = " ".join(filter(None, (share and f"{share}.", todo)))
    return Summary(text or "Elke maand tien rijen om te bellen.", waiting)


def summarise_rounds() -> Summary:
    """The people whom the coordinator asks, or how many answered in the present round."""
    if waiting := len(rounds.list_silent()):
        return Summary(f"{count(waiting, 'persoon gaf', 'mensen gaven')} geen antwoord. Bel.", waiting)
    asked, confirmed = rounds.count_answers()
    if not asked:
        return Summary("In maart en september vragen we iedereen of de gegevens kloppen.")
    return Summary(f"{confirmed} van de {asked} mensen bevestigden hun gegevens.")


def summarise_coverage() -> Summary:
    """How many posts are filled, as it was stored last."""
    for week in coverage.list_weeks(1):
        return Summary(f"Op {week.filled} van de {week.posts} plekken is iemand te bereiken.")
    return Summary("Waar iemand werkt, waar niet, en hoe vers dat is.")


def summarise_suspicions() -> Summary:
    """How many details are suspicious."""
    waiting = len(suspicious_details.list_suspicions()[0])
    if not waiting:
        return Summary("Adressen en nummers die niet lijken te kloppen.")
    text = f"{count(waiting, 'adres of nummer lijkt', 'adressen of nummers lijken')} verkeerd."
    return Summary(text, waiting)


def list_waiting() -> list[WaitingItem]:
    """For an editor: the reports that they did not answer, and the people whom they ask."""
    user = current_user_or_none()
    author = get_author(user.account) if user and user.role is AccountRole.EDITOR else None
    if author is None or author.organisation is None:
        return []
    items = [
        WaitingItem(
            fault.about, url_for("quality.answer", room="organisatie", number=fault.id), f"gemeld dat {fault.said}"
        )
        for fault in reports.list_open(author.organisation)
    ]
    # An editor who moved reads the reports of the new organisation, and asks nobody.
    if silent := len(rounds.list_silent(author.organisation)) if author.role == AccountRole.EDITOR else 0:
        title = f"{count(silent, 'collega bevestigde', 'collega’s bevestigden')} de gegevens niet"
        items.append(WaitingItem(title, url_for("rounds.silent", room="organisatie"), "Bel ze even"))
    return items
