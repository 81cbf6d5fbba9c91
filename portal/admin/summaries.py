"""The summaries of mail, accounts and settings, on the overview of Beheer."""

from portal.accounts.administration import count_without_person
from portal.admin.alarms_and_readiness import keep_mail_state
from portal.mail import outbox
from portal.web.admin_pages import Summary
from portal.web.formatting import count


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
