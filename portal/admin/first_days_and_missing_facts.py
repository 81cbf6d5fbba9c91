"""The first days of a portal: the steps after the first account, until each is done. A step is done where the data says
so, not where somebody clicked. And the facts that only the owner of the portal knows, and nobody typed yet."""

from collections.abc import Callable
from typing import NamedTuple

from flask import current_app, url_for

from portal import clock
from portal.accounts.administration import list_coordinators
from portal.accounts.models import Account, ListedDomain, SecondFactor
from portal.accounts.roles import AccountRole
from portal.admin.alarms_and_readiness import get_backup_state
from portal.database import db
from portal.database.database_flags import is_demo
from portal.database.directory_version import lock_directory
from portal.directory.change_sets import ChangeSet, ChangeSetKind
from portal.directory.contact_details import list_contact_points
from portal.directory.models import Assignment, DetailKind, Responsibility, SettingKey
from portal.directory.settings import change_settings, get_setting
from portal.mail.models import DeliveryState, OutgoingMail
from portal.web.formatting import capital, count

# The settings that nobody can find in a document.
_ASKED = (SettingKey.VEILIG_THUIS, SettingKey.ANSWER_DAYS, SettingKey.ACCESSIBILITY_DAYS)


class Step(NamedTuple):
    """A step: in Dutch what to do and why, the address of its page, and whether it is done."""

    title: str
    why: str
    url: str
    is_done: bool


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


_STEPS: tuple[tuple[str, str, str, Callable[[], bool]], ...] = (
    (
        "Stuur jezelf een testmail", "Dan weet je dat uitnodigingen aankomen.", "admin.mail",
        lambda: OutgoingMail.select().where(OutgoingMail.state == DeliveryState.SENT).exists(),
    ),
    (
        "Stel je tweede stap in", "Dan komt niemand met alleen jouw mail bij Beheer.",
        "second_factor.overview", SecondFactor.select().exists,
    ),
    (
        "Vul in wat alleen jullie weten", "Zoals het nummer van Veilig Thuis.",
        "admin.overview#ontbreekt", lambda: not list_missing_facts(),
    ),
    (
        "Noem de maildomeinen van de organisaties",
        "Wie daar een e-mailadres heeft, kan zonder uitnodiging lezen.", "admin.accounts",
        ListedDomain.select().exists,
    ),
    (
        "Vul de mensen in", "Haal ze uit je eigen bestand. Niemand krijgt daar mail van.",
        "imports.imports", Assignment.select().exists,
    ),
    (
        "Kijk na wie waar antwoordt", "Bij een paar functies is dat nog niet zeker.",
        "editing.contact_points",
        lambda: not Responsibility.select().where(Responsibility.to_confirm).exists(),
    ),
    (
        "Nodig nog een coördinator uit", "Dan kan er altijd iemand bij.", "admin.new_account",
        lambda: len(list_coordinators()) > 1,
    ),
    (
        "Nodig de mensen van de kernteams uit", "Ieder krijgt één mail, met uitleg.",
        "admin.invitations",
        Account.select().where(Account.role == AccountRole.MEMBER).exists,
    ),
    (
        "Kijk of er een back-up is", "Laat hem ook op een andere machine bewaren.",
        "doctor.technique", lambda: get_backup_state().is_healthy,
    ),
)  # fmt: skip


def list_steps() -> list[Step]:
    """The steps of which the portal has the page; none in a demo, nor once all are done or somebody put them away."""
    if is_demo() or get_setting(SettingKey.FIRST_DAYS).value:
        return []
    steps = [
        Step(title, why, url_for(endpoint, _anchor=anchor or None), is_done())
        for title, why, place, is_done in _STEPS
        for endpoint, _, anchor in [place.partition("#")]
        if endpoint in current_app.view_functions
    ]
    return steps if not all(step.is_done for step in steps) else []


def put_away(author: int) -> None:
    """Show the steps no more, for an account (id); the trail brings them back."""
    with db.atomic():
        lock_directory()
        if not get_setting(SettingKey.FIRST_DAYS).value:
            change_set = ChangeSet.begin(ChangeSetKind.EDIT, author)
            change_settings(change_set, {SettingKey.FIRST_DAYS: "klaar"})
