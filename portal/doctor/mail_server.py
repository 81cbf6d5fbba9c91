"""The mail: what waits, and whether the mail server lets us in."""

from collections.abc import Iterator

from portal.admin.alarms_and_readiness import get_mail_state
from portal.config import Config
from portal.doctor.finding import Finding, tell
from portal.mail.jobs import server
from portal.mail.smtp import SmtpSession


def find_waiting(config: Config) -> Iterator[Finding]:
    """Mail that should have gone, and mail that was given up."""
    state = get_mail_state()
    if state.is_overdue:
        yield tell("mail-waits", advice=state.advice)
    if state.failed:
        yield tell("mail-failed", number=state.failed)


def find_faults(config: Config) -> Iterator[Finding]:
    """A server that is not there or refuses us; no mail is sent to find out."""
    if not config.smtp_host:
        yield tell("no-mail-server")
        return
    session = SmtpSession(server(config))
    try:
        if fault := session.open():
            advice = fault.advice or "Wacht een kwartier. Duurt het langer? Vraag wie hem beheert."
            yield tell("mail-refused", answer=fault.text, advice=advice)
    finally:
        session.close()
