"""Summaries of the pages of Beheer: the work that waits there, in one sentence each."""

from portal.accounts.administration import count_without_person
from portal.admin.health import get_mail_state
from portal.directory.models import SettingKey
from portal.directory.settings import get_setting
from portal.web.admin_pages import Summary
from portal.web.formatting import count


def summarise_mail() -> Summary:
    """The mails that failed, or else those that wait for the worker."""
    mail = get_mail_state()
    if mail.failed:
        text = f"{count(mail.failed, 'mail is', 'mails zijn')} niet verstuurd."
        return Summary(text, mail.failed, is_urgent=True)
    if not mail.is_healthy:
        return Summary("De mail gaat niet op tijd weg.", max(mail.waiting, 1), is_urgent=True)
    if mail.waiting:
        return Summary(f"{count(mail.waiting, 'mail wacht', 'mails wachten')} nog.")
    return Summary("Er wacht geen mail.")


def summarise_accounts() -> Summary:
    """The members who cannot report anything yet."""
    waiting = count_without_person()
    if not waiting:
        return Summary("Wie mag inloggen, in welke rol en tot wanneer.")
    text = f"{count(waiting, 'kernteamlid hoort', 'kernteamleden horen')} nog niet bij iemand."
    return Summary(text, waiting)


def summarise_settings() -> Summary:
    """The facts that a coordinator has to type."""
    if get_setting(SettingKey.VEILIG_THUIS).value:
        return Summary("Het nummer van Veilig Thuis.")
    return Summary("Het nummer van Veilig Thuis ontbreekt.", 1)
