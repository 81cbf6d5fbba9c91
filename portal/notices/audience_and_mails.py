"""The audience of a notice: whom it concerns, and which of them get mail about it; and these mails, one function each,
with their signed links. The subject of a mail names nobody.

A link knows its recipient, so that the button behind it works without an account.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from portal import clock
from portal.accounts.sign_in_addresses import list_emails
from portal.database import add_unless_present, db, fetch_tuples, lock
from portal.database.many_rows import insert_each
from portal.directory.contact_details import viewing_as
from portal.directory.models import Organisation, Person, Role, Visibility, at_workplace
from portal.directory.schools_and_kernen import list_members as list_members_of_kernen
from portal.directory.who_works_or_is_absent import PostHolder, list_holders, list_moved
from portal.mail.outbox import Mail, render_mail
from portal.notices import queries
from portal.notices.days_and_phases import first_day_over
from portal.notices.kinds import NoticeKind
from portal.notices.models import MutedKind, Notice, Recipient, RecipientSchool
from portal.notices.titles_differences_and_warnings import SchoolLines, group_lines
from portal.site import Site

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


def is_over(valid_until: date | None) -> bool:
    """Whether a notice ended before today: its recipients get no mail."""
    return valid_until is not None and valid_until <= clock.today()


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


# ---- The mails


def published(
    notice: Notice, schools: Sequence[SchoolLines], to: Recipient, site: Site, *, again: bool = False
) -> Mail:
    """The announcement of a notice to a recipient; `again` to one who has not seen it."""
    if notice.kind is NoticeKind.DIVISION:  # of a whole organisation
        own = list_concerned_schools(to)
        schools = [school for school in schools if school.code in own]
    with viewing_as(Visibility.OPEN):  # a mail can be forwarded
        details = queries.list_new_details(notice)
    template, key = ("notice_reminder", "reminder:") if again else ("notice", "")
    key = f"notice:{notice.id}:{key}{to.id}"
    return _mail(template, key, notice, to, site, groups=group_lines(schools), details=details)


def changed(notice: Notice, explanation: str, to: Recipient, site: Site) -> Mail:
    """Another period or successor; the Dutch `explanation` says from which to which."""
    key = f"notice:{notice.id}:changed:{notice.row_version}:{to.id}"
    return _mail("notice_changed", key, notice, to, site, explanation=explanation)


def withdrawn(notice: Notice, explanation: str, to: Recipient, site: Site) -> Mail:
    """The withdrawal of a notice; the Dutch `explanation` says from which day."""
    key = f"notice:{notice.id}:withdrawn:{to.id}"
    return _mail("notice_withdrawn", key, notice, to, site, explanation=explanation)


def confirmation_request(notice: Notice, email: str, site: Site) -> Mail:
    """The request to confirm a pending successor, to somebody who may."""
    key = f"notice:{notice.id}:confirm:{notice.row_version}:{email}"
    mail = render_mail("notice_confirm", key, email, notice=notice, page=_page(site, notice))
    return mail._replace(reply_to=notice.reply_to)


def decided(notice: Notice, explanation: str, site: Site) -> Mail:
    """The decision about a pending successor, to the author."""
    key = f"notice:{notice.id}:decided:{notice.row_version}"
    values = {"notice": notice, "explanation": explanation, "page": _page(site, notice)}
    return render_mail("notice_decided", key, notice.reply_to, **values)


def _mail(template: str, key: str, notice: Notice, to: Recipient, site: Site, **more: object) -> Mail:
    seen, mute = signed_link(site, SEEN, to.id), signed_link(site, MUTE, to.id)
    values = {"notice": notice, "page": _page(site, notice), "seen": seen, "mute": mute, **more}
    return render_mail(template, key, to.email, **values)._replace(reply_to=notice.reply_to, unsubscribe=mute)


def _page(site: Site, notice: Notice) -> str:
    return f"{site.base_url}/wijzigingen/{notice.id}"


# ---- Their signed links

SEEN, MUTE = "gezien", "afmelden"  # the purposes of a signed link, as they stand in addresses
LINK_KEPT_FOR = timedelta(days=30)


def signed_link(site: Site, purpose: str, recipient: int) -> str:
    """The address of the button for one recipient and one purpose."""
    return f"{site.base_url}/wijzigingen/{purpose}/{site.sign(f'notices.{purpose}', recipient)}"


def read_signed_link(site: Site, purpose: str, token: str) -> int | None:
    """The recipient of a signed link; None where the site did not sign it for this purpose."""
    recipient: int | None = site.read_signed(f"notices.{purpose}", token)
    return recipient


def is_link_open(
    kind: NoticeKind, valid_from: date, valid_until: date | None, withdrawn_on: date | None, today: date
) -> bool:
    """Whether the link in a mail still shows the notice, without signing in: until LINK_KEPT_FOR
    after its end or its withdrawal."""
    over = min(first_day_over(kind, valid_from, valid_until), withdrawn_on or date.max)
    return today - LINK_KEPT_FOR < over
