"""The audience of a notice: whom it concerns, and which of them get mail about it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from portal import clock
from portal.accounts.sign_in_addresses import list_emails
from portal.database import add_unless_present, db, fetch_tuples, lock
from portal.database.many_rows import insert_each
from portal.directory.models import Organisation, Person, Role, at_workplace
from portal.directory.schools_and_kernen import list_members as list_members_of_kernen
from portal.directory.who_works_or_is_absent import PostHolder, list_holders, list_moved
from portal.notices.kinds import NoticeKind
from portal.notices.models import MutedKind, Notice, Recipient, RecipientSchool

Audience = dict[int, frozenset[str]]  # person: codes of the schools that concern them


class AudienceMember(NamedTuple):
    """A person whom a notice would reach."""

    name: str
    organisation: str
    schools: int
    has_email: bool


def find_audience(holders: Iterable[PostHolder], author: int | None) -> Audience:
    """The people whom a notice concerns: those of the `holders` at its schools who are members of
    the kernteam, and their substitutes, without the author (a person).

    Handreiking juni 2020: "dan houden we de partners van de kernteams op de hoogte".
    """
    schools: dict[int, set[str]] = defaultdict(set)
    members = {key for (key,) in fetch_tuples(Role.select(Role.key).where(Role.member))}
    for holder in (holder for holder in holders if holder.role in members):
        for contact in (holder.contact, holder.substitute):
            if contact and contact.person_id and contact.person_id != author:
                schools[contact.person_id].add(holder.school)
    return {person: frozenset(codes) for person, codes in schools.items()}


def list_around(schools: Collection[str], on: date) -> list[PostHolder]:
    """The holders on the day `on` at the schools of each kern among these `schools` (codes), given
    as holders of that kern: a notice about a kern concerns its schools."""
    members = list_members_of_kernen(on)
    kernen = {school: kern.code for school, kern in members.items() if kern.code in schools}
    found = list_holders(on, kernen) if kernen else []
    return [holder._replace(school=kernen[holder.school]) for holder in found]


def list_members(audience: Audience) -> list[AudienceMember]:
    """The people of an audience, by organisation and name."""
    emails = list_emails(audience)
    query = Person.select(Person, Organisation).join(Organisation)
    rows, moved = query.where(Person.id.in_(list(audience))), list_moved(clock.today())
    return [
        AudienceMember(row.name, moved.get(row.id, row.organisation).name, len(audience[row.id]), row.id in emails)
        for row in rows.order_by(Organisation.sort_key, Person.sort_key, Person.id)
    ]


def add_recipients(notice: Notice, audience: Audience) -> None:
    """Fix the audience of a notice, with the address of each person today."""
    if not audience:
        return
    emails, of_kind = list_emails(audience), MutedKind.kind == notice.kind
    muting = MutedKind.select(MutedKind.person).where(of_kind & MutedKind.person.in_(list(audience)))
    muted = {person for (person,) in fetch_tuples(muting)}
    recipients = [(notice, p, emails.get(p, ""), bool(emails.get(p)) and p not in muted) for p in sorted(audience)]
    fields = [Recipient.notice, Recipient.person, Recipient.email, Recipient.mailed]
    Recipient.insert_many(recipients, fields).execute()
    query = Recipient.select(Recipient.person, Recipient.id).where(Recipient.notice == notice)
    ids = dict(fetch_tuples(query))
    schools = [
        {"recipient": ids[person], **at_workplace(school)}
        for person in sorted(audience)
        for school in sorted(audience[person])
    ]
    RecipientSchool.insert_many(schools).execute()


def list_mailed(notice: Notice) -> list[Recipient]:
    """The recipients who get mail about a notice."""
    return list(Recipient.select().where((Recipient.notice == notice) & Recipient.mailed))


def list_concerned_schools(recipient: Recipient) -> set[str]:
    """The schools and kernen (codes) through which a notice concerns a recipient."""
    query = RecipientSchool.select(RecipientSchool.code())
    return {code for (code,) in fetch_tuples(query.where(RecipientSchool.recipient == recipient))}


def list_muted_kinds(person: int) -> set[NoticeKind]:
    """The kinds about which a person wants no mail."""
    query = MutedKind.select(MutedKind.kind).where(MutedKind.person == person)
    return {kind for (kind,) in fetch_tuples(query)}


def set_muted_kinds(person: int, kinds: Collection[NoticeKind]) -> None:
    """Let a person get no mail about these kinds, and mail about all others."""
    with db.atomic():
        lock(f"muted kinds of {person}")
        MutedKind.delete().where(MutedKind.person == person).execute()
        # By one statement: nine of them cost half of the request.
        insert_each(MutedKind, [{"person": person, "kind": kind} for kind in kinds])


def mute_kind(person: int, kind: NoticeKind) -> None:
    """Let a person get no mail about one more kind."""
    add_unless_present(MutedKind, person=person, kind=kind)
