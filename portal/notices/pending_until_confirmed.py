"""The confirmation of a successor by an organisation: who waits for it, and who gives it."""

from collections.abc import Collection, Iterable
from typing import Any

from portal import clock
from portal.accounts.models import Account
from portal.accounts.roles import AccountRole
from portal.database.cache import fetch_kept
from portal.directory.change_sets import ChangeSet, of_notice, select_created
from portal.directory.models import Assignment, Employment, Person, Role, School
from portal.directory.who_works_or_is_absent import find_employer, list_moved
from portal.mail.outbox import enqueue
from portal.notices import audience_and_mails as mails
from portal.notices.apply import list_made
from portal.notices.models import Notice
from portal.notices.permissions import Author, get_author, speaks_for_own_school
from portal.person_names import full_name
from portal.site import Site


def needs_confirmation(author: Author, organisation: int, *, is_new: bool) -> bool:
    """Whether a successor of this organisation is pending until it confirms: one from another
    organisation, and a new person (`is_new`) whom a member adds."""
    if author.is_coordinator or organisation in author.speaks_for:
        return False
    return is_new or organisation != author.organisation


def list_trusted(author: Author) -> set[int] | None:
    """The organisations whose people, if they are known, need no confirmation; None for all."""
    if author.is_coordinator:
        return None
    return set(author.speaks_for) | ({author.organisation} if author.organisation else set())


def may_confirm(author: Author, organisation: int) -> bool:
    """Whether the author may confirm or refuse a successor of this organisation."""
    return author.is_coordinator or organisation in author.speaks_for


def list_confirmers(organisations: Collection[int]) -> list[str]:
    """The mail addresses of the accounts that may confirm for these organisations: their editors
    and the people who speak for a school; for an organisation without them the coordinators."""
    active = Account.active_until.is_null() | (Account.active_until > clock.today())
    leads = (
        Assignment.select(Assignment.person)
        .join(School)
        .join_from(Assignment, Role)
        .where(School.organisation.in_(organisations) & speaks_for_own_school())
    )
    speakers = (Account.role == AccountRole.EDITOR) | Account.person.in_(leads)
    accounts = Account.select().where(speakers & active).order_by(Account.id)
    confirmers = [author for author in map(get_author, accounts) if not author.speaks_for.isdisjoint(organisations)]
    emails = [author.email for author in confirmers]
    if set(organisations).difference(*(author.speaks_for for author in confirmers)):
        is_coordinator = Account.role == AccountRole.COORDINATOR
        emails += [account.address for account in Account.select().where(is_coordinator & active)]
    return list(dict.fromkeys(emails))


def list_pending(change_sets: Iterable[ChangeSet], author: Author | None = None) -> list[Assignment | Employment]:
    """The assignments and employments of these change sets that an organisation must still confirm;
    with an author those that they may confirm."""
    sets = list(change_sets)
    made = select_created([one.id for one in sets], Employment)
    moves = Employment.select(Employment, Person).join(Person).where(Employment.id.in_(made))
    return [
        row
        for row in (*moves, *list_made(sets))
        if row.is_pending and (author is None or may_confirm(author, get_confirmer(row)))
    ]


def get_confirmer(row: Assignment | Employment) -> int:
    """The organisation (id) that confirms an assignment or employment: the person's own then."""
    if isinstance(row, Employment):
        return int(row.organisation_id)
    return find_employer(row.person, row.valid_from)


def list_confirming(change_sets: Iterable[ChangeSet]) -> frozenset[int]:
    """The organisations (ids) that must confirm something of these change sets."""
    return frozenset(map(get_confirmer, list_pending(change_sets)))


def ask_to_confirm(notice: Notice, organisations: Iterable[int], site: Site) -> None:
    """Mail everybody who may confirm who comes from, or to, these organisations."""
    for email in list_confirmers(frozenset(organisations)):
        enqueue(mails.confirmation_request(notice, email, site), site.mail_host)


def list_pending_people(notice: int) -> list[tuple[str, int]]:
    """The people (names) who come by a notice (id) and whom an organisation must still confirm,
    each with that organisation (id)."""
    sets, pending = ChangeSet.select(ChangeSet.id).where(of_notice(notice)), []
    names = (Person.given_name, Person.infix, Person.family_name)
    employers: dict[Any, Any] = {Employment: Employment.organisation, Assignment: Person.organisation}
    for model, organisation in employers.items():
        query = model.select(Person.id, organisation, model.valid_from, *names).join(Person)
        made = model.is_pending & model.id.in_(select_created(sets, model))
        # Change sets have no version, but change in the transaction of their rows, which have one.
        for person, employer, day, *name in fetch_kept(query.where(made).order_by(model.id)):
            moved = list_moved(day).get(person) if model is Assignment else None
            pending.append((full_name(*name), moved.id if moved else employer))
    return pending
