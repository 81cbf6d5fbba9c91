"""The work that waits on the pages of Beheer, in one sentence each; and the facts that nobody typed yet."""

from flask import url_for

from portal import clock
from portal.accounts.administration import count_without_person
from portal.admin.alarms_and_readiness import keep_mail_state
from portal.directory.contact_details import list_contact_points
from portal.directory.models import DetailKind, SettingKey
from portal.directory.settings import get_setting
from portal.mail import outbox
from portal.web.admin_pages import Summary
from portal.web.formatting import capital, count

# The settings that nobody can find in a document.
_ASKED = (SettingKey.VEILIG_THUIS, SettingKey.ANSWER_DAYS, SettingKey.ACCESSIBILITY_DAYS)


def summarise_mail() -> Summary:
    """The mails that failed, or else those that wait for the worker."""
    mail = keep_mail_state()
    if mail.failed:
        text = f"{count(mail.failed, 'mail is', 'mails zijn')} niet verstuurd."
        return Summary(text, mail.failed, is_urgent=True)
    if not mail.is_healthy:
        return Summary("De mail gaat niet op tijd weg.", max(mail.waiting, 1), is_urgent=True)
    if mail.waiting:
        return Summary(f"{count(mail.waiting, 'mail wacht', 'mails wachten')} nog.")
    if bounced := outbox.count_bounced():
        return Summary(f"{count(bounced, 'mail kwam', 'mails kwamen')} terug.")
    return Summary("Er wacht geen mail.")


def summarise_accounts() -> Summary:
    """The members who cannot report anything yet."""
    waiting = count_without_person()
    if not waiting:
        return Summary("Wie mag inloggen, in welke rol en tot wanneer.")
    text = f"{count(waiting, 'kernteamlid hoort', 'kernteamleden horen')} nog niet bij iemand."
    return Summary(text, waiting)


def summarise_settings() -> Summary:
    """The facts that a coordinator types; `list_missing_facts` says which are not there."""
    return Summary("Het nummer van Veilig Thuis, en hoe snel je antwoordt.")


def _is_answered(key: SettingKey) -> bool:
    """Whether somebody typed a setting; to promise nothing is an answer, to know no number is none."""
    value, version = get_setting(key)
    return bool(value) or (version > 0 and key is not SettingKey.VEILIG_THUIS)


def list_missing_facts() -> list[tuple[str, str]]:
    """The facts that only the owner of the portal knows and nobody typed yet: each in Dutch, with
    the address of its field."""
    missing = [
        (f"{capital(key.label)}: nog niet ingevuld", url_for("editing.settings", _anchor=key))
        for key in _ASKED
        if not _is_answered(key)
    ]
    points = {row.key: row.contact for row in list_contact_points(clock.today())}
    for key, contact in points.items():
        if not contact.of_kind(DetailKind.PHONE):
            url = url_for("editing.contact_point", key=key, _anchor="nummers")
            missing.append((f"{contact.name}: geen nummer bekend", url))
    if without_hours := sum(not contact.hours for contact in points.values()):
        desks = count(without_hours, "contactpunt", "contactpunten")
        missing.append((f"{desks}: nog geen uren ingevuld", url_for("editing.contact_points")))
    return missing
