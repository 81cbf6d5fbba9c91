"""The mail to the coordinators about a second place of the backups that takes no copy."""

from datetime import datetime

from flask import Flask

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import COORDINATOR_ROLES
from portal.backups.second_place import read_state
from portal.config import Config
from portal.database import db
from portal.mail import outbox
from portal.mail.outbox import render_mail
from portal.site import current_site


def tell_failed_copy(app: Flask, config: Config, reason: str) -> None:
    """Mail each coordinator why no copy is made, once until one succeeds: the key of the mail holds
    since when they fail."""
    since = read_state(config).failing_since
    with app.app_context():
        site = current_site()
    # The mail templates use the context of a request; a job has none.
    with app.test_request_context(base_url=site.base_url), db.atomic():
        values = {"reason": reason, "since": datetime.fromisoformat(since), "site": site}
        for account in Account.select().where(Account.role.in_(COORDINATOR_ROLES)):
            if account.is_active(clock.today()):
                key, to = f"backup copy:{since}:{account.id}", account.address
                outbox.enqueue(render_mail("backup_copy", key, to, **values), site.mail_host)
