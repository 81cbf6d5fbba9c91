"""Desks: the contact points of which somebody of the organisation, or a coordinator, is asked
whether their facts are right. Days are Amsterdam dates."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from portal import clock
from portal.accounts.models import Account
from portal.database import Outdated, db
from portal.database.directory_version import lock_directory
from portal.database.validity import valid_on
from portal.directory.checked_rows import record_check
from portal.directory.models import CheckedBy, ContactDetail, ContactPoint, Organisation, is_open
from portal.mail.outbox import enqueue
from portal.quality import mails
from portal.quality.own_facts import describe_detail
from portal.quality.permissions import list_coordinators, list_editors
from portal.quality.round_schedule import is_due
from portal.quality.rounds import find_round_to_ask
from portal.region import current_region
from portal.search.choices import label_contact_points
from portal.site import Site
from portal.text import fold


class Desk(NamedTuple):
    """A contact point with its numbers and addresses of today."""

    point: ContactPoint
    name: str  # tells it apart from others
    details: list[ContactDetail]

    @property
    def rows(self) -> list[ContactPoint | ContactDetail]:
        """The rows that are confirmed together."""
        return [self.point, *self.details]

    @property
    def version(self) -> str:
        """The rows with their versions, for the form that shows them."""
        return " ".join(f"{row.id}:{row.row_version}" for row in self.rows)

    @property
    def lines(self) -> list[str]:
        """The facts in Dutch lines."""
        details = (describe_detail(row.kind, row.value, row.label, row.visibility) for row in self.details)
        return [self.point.organisation.name, *filter(None, (self.point.hours, *details))]


def list_due(organisations: frozenset[int] | None = None) -> list[Desk]:
    """The desks of these organisations (ids), or of all, that are to be confirmed, by name."""
    today, details = clock.today(), defaultdict(list)
    owned = ContactDetail.contact_point.is_null(False) & valid_on(ContactDetail, today)
    for row in ContactDetail.select().where(owned).order_by(ContactDetail.position):
        details[row.contact_point_id].append(row)
    query = ContactPoint.select(ContactPoint, Organisation).join(Organisation)
    points = list(query.where(is_open(today, ContactPoint)))
    labels = label_contact_points(points)
    desks = [Desk(point, labels[point.id], details[point.id]) for point in points]
    return sorted(
        (
            desk for desk in desks
            if organisations is None or desk.point.organisation_id in organisations
            if any(_is_due(row, today) for row in desk.rows)
        ),
        key=lambda desk: fold(desk.name),
    )  # fmt: skip


def _is_due(row: ContactPoint | ContactDetail, today: date) -> bool:
    checked_on = None if row.checked_by is CheckedBy.SOURCE else row.checked_on
    return is_due(checked_on, current_region().desk_check_months, today)


def confirm(desk: Desk, shown: str, by: CheckedBy, account: int) -> None:
    """Record that the facts of a desk are right, for an account (id). Raises Outdated where they
    are not as they were `shown` (`Desk.version`)."""
    with db.atomic():
        lock_directory()
        present = [row for row in list_due() if row.point.id == desk.point.id]
        if present and present[0].version != shown:
            raise Outdated
        record_check(desk.rows, by, account)


def ask(site: Site) -> int:
    """Mail the editors of the desks that are due, or the coordinators where there are none, once in
    a round; gives how many mails. In the context of a request, for the templates."""
    present = find_round_to_ask()
    if present is None:
        return 0
    asked = defaultdict(list)
    accounts: dict[int, Account] = {}
    for desk in list_due():
        for account in list_editors(desk.point.organisation_id) or list_coordinators():
            accounts[account.id] = account
            asked[account.id].append(desk)
    asking = (mails.desks(accounts[key], desks, present, site) for key, desks in asked.items())
    with db.atomic():
        return sum(enqueue(mail, site.mail_host) for mail in asking)
