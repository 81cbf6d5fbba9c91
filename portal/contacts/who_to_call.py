"""The people and contact points to call for a role at a school, in order: pure rules, and the facts of a day for them.

A rule is data: `case_by` of a role names one of the three rules below, and the seeds say which
contact point answers where. Domain rows A3 to A10, with the region's decisions on their gaps.

Days are Amsterdam dates. Without a residence, an answer is for a pupil who lives in the school's own municipality.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import NamedTuple

from portal.contacts.contradictions import describe_contradiction
from portal.directory.contact_details import Contact, ContactPointRow, Detail, list_contact_points
from portal.directory.models import CheckedBy, DetailKind
from portal.directory.places import MunicipalityRow
from portal.directory.schools_and_kernen import KERN, RoleRow, SchoolRow, list_roles, list_schools_by_code
from portal.directory.who_works_or_is_absent import (
    Post,
    PostHolder,
    VacancyRow,
    list_absent,
    list_holders,
    list_vacancies,
)
from portal.labelled_enum import LabelledEnum
from portal.region import Guide, current_region


class AnswerState(LabelledEnum):
    """The state of the post behind an answer."""

    KNOWN = "known", "bekend"
    REPLACED = "replaced", "vervangen"
    ABSENT = "absent", "afwezig"
    VACANT = "vacant", "vacature"
    UNKNOWN = "unknown", "onbekend"
    OTHER = "other", "ander"  # another contact than the school's own, because of the residence
    NOT_LISTED = "not listed", "niet in de gids"


class ContactFacts(NamedTuple):
    """The facts for the rules: one school, one day, one residence of a pupil."""

    school: SchoolRow
    residence: MunicipalityRow  # of the pupil; by default the municipality of the school
    roles: Sequence[RoleRow]
    holders: Sequence[PostHolder]  # at this school and its kern
    vacancies: Sequence[VacancyRow]  # at this school and its kern
    contact_points: Sequence[ContactPointRow]  # in the municipalities of school and residence
    guide: Guide  # the source of the region's rules
    fallback_role: str  # key; its contact point answers for a school without a number

    def contact_points_for(self, role: str, municipality: str) -> list[ContactPointRow]:
        """The contact points for a role (key) in a municipality (code), for the school's sector."""
        return [
            contact_point
            for contact_point in self.contact_points
            if (contact_point.role, contact_point.municipality) == (role, municipality)
            and contact_point.sector in ("", self.school.sector)
        ]

    def contacts_for(self, role: str, municipality: str) -> list[Contact]:
        return [point.contact for point in self.contact_points_for(role, municipality)]


class ContactAnswer(NamedTuple):
    """The answer for a role: its contacts and the reason."""

    role: RoleRow
    state: AnswerState
    holders: tuple[PostHolder, ...]  # answering by their post, including absent holders
    escalation: tuple[Contact, ...]  # contacts in the order of calling; never empty
    secondary: tuple[Contact, ...]  # in the escalation by rule, not as a fallback
    reason: str  # a Dutch sentence
    hint: str  # a Dutch sentence: whether another residence changes the answer
    contradiction: str  # a Dutch sentence where the sources contradict each other, or ""
    vacancy: VacancyRow | None
    expected: bool  # an empty post is a gap
    to_confirm: bool  # the sources leave the answer open
    chosen: ContactPointRow | None  # of those in the escalation, one that a person put there

    @property
    def is_shown(self) -> bool:
        """Whether a page shows the role: an optional role only with a holder or a vacancy."""
        return self.expected or bool(self.holders) or self.vacancy is not None

    @property
    def is_by_residence(self) -> bool:
        """Whether a pupil from the school's own municipality may have another answer."""
        return self.role.case_by != "school" or bool(self.secondary)

    @property
    def absent(self) -> list[PostHolder]:
        return [holder for holder in self.holders if holder.is_absent]

    @property
    def pending(self) -> list[PostHolder]:
        """The holders whose organisation has not confirmed them."""
        return [holder for holder in self.holders if holder.is_pending]

    @property
    def primary(self) -> tuple[Contact, ...]:
        """The contacts to call first: all people who answer, or else one contact point."""
        first = self.escalation[0]
        if not first.person_id:
            return (first,)
        return tuple(contact for contact in self.people if contact not in self.secondary)

    @property
    def people(self) -> tuple[Contact, ...]:
        """The people in the escalation."""
        return tuple(contact for contact in self.escalation if contact.person_id)

    @property
    def contact_points(self) -> tuple[Contact, ...]:
        """The contact points in the escalation."""
        return tuple(contact for contact in self.escalation if not contact.person_id)


class _Decision(NamedTuple):
    """The decision of a rule; see the fields of ContactAnswer."""

    state: AnswerState
    holders: Sequence[PostHolder]
    escalation: Sequence[Contact]
    secondary: Sequence[Contact]
    municipality: str  # code of the municipality that decided
    reason: str
    hint: str
    contradiction: str = ""


def answer(role: RoleRow, facts: ContactFacts) -> ContactAnswer:
    """The answer for `role` at the school of `facts`, for a pupil with its residence."""
    decision = RULES[role.case_by](role, facts)
    points = facts.contact_points_for(role.key, decision.municipality)
    by_kern = role.of_kern and bool(facts.school.kern)
    said = f" {facts.school.name} hoort bij {facts.school.kern_name}." if by_kern else ""
    has_no_holder = decision.state in (AnswerState.UNKNOWN, AnswerState.VACANT)
    return ContactAnswer(
        role=role,
        state=decision.state,
        holders=tuple(decision.holders),
        escalation=tuple(dict.fromkeys(decision.escalation or _school_itself(facts))),
        secondary=tuple(decision.secondary),
        reason=decision.reason + said,
        hint=decision.hint,
        contradiction=decision.contradiction,
        vacancy=_vacancy(role, facts) if decision.state is AnswerState.VACANT else None,
        expected=by_kern or facts.school.sector in role.expected_in,
        to_confirm=bool(
            facts.school.sector in role.to_confirm_in
            or decision.municipality in role.unconfirmed_in
            or decision.contradiction
            or decision.state is AnswerState.NOT_LISTED
            or (decision.state is AnswerState.OTHER and role.case_by == "residents")
            or (has_no_holder and points and points[0].to_confirm)
        ),
        chosen=next((p for p in points if p.checked_by is not CheckedBy.SOURCE), None),
    )


def first_role(school: SchoolRow, asked: Collection[str], roles: Sequence[RoleRow]) -> RoleRow | None:
    """The role whose contact stands beside a school in a list: the first of the `asked` roles (keys) that the school
    has, or one with the same service, or else the role that the region shows first."""
    applicable = [role for role in roles if role.is_around(school)]
    # A school for VO has no intern begeleider; its zorgcoördinator has the same service.
    services = {role.service for role in roles if role.key in asked and role.service}
    wanted = [role for role in applicable if role.key in asked or role.service in services]
    return next(iter(wanted or [role for role in applicable if role.shown_first]), None)


def first_reachable(contacts: Sequence[Contact]) -> tuple[Contact, Detail] | None:
    """The first contact with a number, or else with a mail address, and that detail."""
    reachable = [(contact, detail) for contact in contacts if (detail := contact.first())]
    with_number = [pair for pair in reachable if pair[1].kind == DetailKind.PHONE]
    return next(iter(with_number or reachable), None)


def fallbacks(answers: Sequence[ContactAnswer]) -> list[tuple[Contact, list[RoleRow]]]:
    """Each contact point of these answers once, with its roles, in the order of the page."""
    roles: dict[Contact, list[RoleRow]] = defaultdict(list)
    for answer in answers:
        for contact_point in answer.contact_points:
            roles[contact_point].append(answer.role)
    return list(roles.items())


def _by_school(role: RoleRow, facts: ContactFacts) -> _Decision:
    """The school's own holders answer for every pupil (the guide, "Verschillen per gemeente").

    A contact point for the same service at the pupil's residence is secondary, by a decision of
    the region (docs/decisions.md).
    """
    own = facts.school.municipality
    holders = _holders(role, facts)
    state, people = _at_school(role, facts, holders)
    fallbacks = facts.contacts_for(role.key, own) or _school_itself(facts)
    secondary = [] if own in role.unconfirmed_in else _same_service(role, facts)
    first = people or fallbacks[:1]
    escalation = [*first, *secondary, *fallbacks]
    is_kern = facts.school.sector == KERN
    hint = "" if is_kern else "Een andere woonplaats van de leerling verandert dit antwoord niet."
    if secondary:
        residence = facts.residence.name
        hint = f"Omdat de leerling in {residence} woont, staat {secondary[0].name} erbij."
    return _Decision(state, holders, escalation, secondary, own, role.why, hint)


def _by_residents(role: RoleRow, facts: ContactFacts) -> _Decision:
    """The school's own holders answer for residents of the role's municipalities.

    For other pupils the documents leave it open: the contact points of both municipalities, by a
    decision of the region.
    """
    if facts.residence.code in role.municipalities:
        return _by_school(role, facts)._replace(
            hint="Voor een leerling uit een andere gemeente is het antwoord anders."
        )
    own = facts.school.municipality
    secondary = _same_service(role, facts)
    return _Decision(
        AnswerState.OTHER,
        (),
        [*facts.contacts_for(role.key, own), *secondary],
        secondary,
        own,
        f"{role.why} Deze leerling woont in {facts.residence.name}. {facts.guide.at_start} "
        "zegt niet wie dan antwoordt.",
        f"Voor een leerling uit {facts.school.municipality_name} is het antwoord anders.",
    )


def _by_home(role: RoleRow, facts: ContactFacts) -> _Decision:
    """The body of the pupil's residence answers (the guide, "De leerplichtambtenaar"): the school's own officer where
    that body employs them, or else its contact point, with the school's officer as secondary contact."""
    municipality = facts.residence.code
    holders = _holders(role, facts)
    bodies = facts.contact_points_for(role.key, municipality)
    hint = "Woont de leerling in een andere gemeente? Dan kan het antwoord anders zijn."
    claims = [
        point.contact
        for point in facts.contact_points_for(role.key, facts.school.municipality)
        if point.also_by_school and municipality != facts.school.municipality
    ]
    contradiction = ""
    if claims:
        contradiction = describe_contradiction(facts.guide, claims[0].name, facts.school.municipality_name)
    if not bodies:
        _, officers = _at_school(role, facts, holders)
        return _Decision(
            AnswerState.NOT_LISTED,
            (),
            [_town_hall(facts), *officers, *claims],
            [*officers, *claims],
            municipality,
            f"{role.why} {facts.residence.name} staat niet in {facts.guide.with_article}. Bel de "
            "gemeente waar de leerling woont en vraag naar leerplicht.",
            hint,
            contradiction,
        )
    fallbacks = [point.contact for point in bodies]
    body = fallbacks[0].organisation.replace("Gemeente ", "gemeente ")
    reason = f"{role.why} Voor een leerling uit {facts.residence.name} is dat: {body}."
    own = [holder for holder in holders if holder.employer == bodies[0].employer]
    state, officers = _at_school(role, facts, own or holders)
    if own:
        return _Decision(state, own, [*officers, *fallbacks], (), municipality, reason, hint)
    return _Decision(
        AnswerState.OTHER if holders else state,
        (),
        [*fallbacks, *officers, *claims],
        [*officers, *claims],
        municipality,
        f"{reason} {_OTHER_EMPLOYER}" if holders else reason,
        hint,
        contradiction,
    )


_OTHER_EMPLOYER = "Wie op de school dit werk doet, hoort bij een andere organisatie en kan je op weg helpen."

RULES: dict[str, Callable[[RoleRow, ContactFacts], _Decision]] = {
    "school": _by_school,
    "residents": _by_residents,
    "home": _by_home,
}


def _holders(role: RoleRow, facts: ContactFacts) -> list[PostHolder]:
    return [holder for holder in facts.holders if holder.role == role.key]


def _vacancy(role: RoleRow, facts: ContactFacts) -> VacancyRow | None:
    return next((vacancy for vacancy in facts.vacancies if vacancy.role == role.key), None)


def _at_school(role: RoleRow, facts: ContactFacts, holders: Sequence[PostHolder]) -> tuple[AnswerState, list[Contact]]:
    """The state of a post and the people to call: present holders before substitutes."""
    present = [holder.contact for holder in holders if not holder.is_absent]
    substitutes = [h.substitute for h in holders if h.is_absent and h.substitute]
    if present:
        return AnswerState.KNOWN, present + substitutes
    if substitutes:
        return AnswerState.REPLACED, substitutes
    if holders:
        return AnswerState.ABSENT, []
    return (AnswerState.VACANT if _vacancy(role, facts) else AnswerState.UNKNOWN), []


def _same_service(role: RoleRow, facts: ContactFacts) -> list[Contact]:
    """The contact points at the pupil's residence of other roles with the same service."""
    if not role.service or facts.residence.code == facts.school.municipality:
        return []
    return [
        contact
        for other in facts.roles
        if other.service == role.service and other.key != role.key
        for contact in facts.contacts_for(other.key, facts.residence.code)
    ]


def _town_hall(facts: ContactFacts) -> Contact:
    """The municipality itself, where the guide lists no contact point."""
    residence = facts.residence
    name = f"Gemeente {residence.name}" if residence.slug else "De gemeente van de leerling"
    note = f"Het nummer staat niet in {facts.guide.with_article}. "
    return Contact(name, name, note=f"{note}Zoek het op de website van de gemeente.")


def _school_itself(facts: ContactFacts) -> list[Contact]:
    """The school's own number. A school without one falls back on the board's website and the
    mailbox of the kernteam project (decision on schools without a number)."""
    school = facts.school
    mailboxes = [] if school.phone else facts.contacts_for(facts.fallback_role, school.municipality)
    if school.sector == KERN and mailboxes:
        return mailboxes
    return [school.as_contact(), *mailboxes]


# ---- The facts of a day


class MunicipalContactPoint(NamedTuple):
    """A contact point for a role in a municipality."""

    contact: Contact
    sectors: tuple[str, ...]  # keys; empty: for schools of every sector


def kernteam(school: SchoolRow, on: date, residence: MunicipalityRow | None = None) -> list[ContactAnswer]:
    """The answer for each role around a school on the day `on`, in the order of the page."""
    facts = load_facts([school], on, [residence] if residence else [])[school.code]
    return [answer(role, facts) for role in facts.roles if role.is_around(school)]


def kernteams(schools: Sequence[SchoolRow], on: date) -> list[tuple[SchoolRow, list[ContactAnswer]]]:
    """The shown members of the kernteam of each school on the day `on`, with as many statements
    for many schools as for one."""
    facts, teams = load_facts(schools, on), []
    for school in schools:
        answers = (answer(role, facts[school.code]) for role in list_roles() if role.member and role.is_around(school))
        teams.append((school, [one for one in answers if one.is_shown]))
    return teams


def load_facts(
    schools: Collection[SchoolRow],
    on: date,
    residences: Sequence[MunicipalityRow] = (),
    roles: Collection[str] | None = None,
) -> dict[str, ContactFacts]:
    """The facts per school (code) on this day, for a pupil with the residence that
    `find_other_residence` chooses; with the holders of all `roles` (keys) or of these."""
    if not schools:
        return {}
    codes = list(dict.fromkeys(code for school in schools for code in school.around))
    holders: dict[str, list[PostHolder]] = defaultdict(list)
    for holder in list_holders(on, codes, roles):
        holders[holder.school].append(holder)
    vacancies: dict[str, list[VacancyRow]] = defaultdict(list)
    for vacancy in list_vacancies(on, codes):
        vacancies[vacancy.school].append(vacancy)
    all_roles, region = list_roles(), current_region()
    points: dict[str, list[ContactPointRow]] = defaultdict(list)
    for point in list_contact_points(on):
        points[point.municipality].append(point)
    facts = {}
    for school in schools:
        own = MunicipalityRow(school.municipality, school.municipality_name, school.municipality_slug, True)
        residence = find_other_residence(school, residences)
        facts[school.code] = ContactFacts(
            school=school,
            residence=residence or own,
            roles=all_roles,
            holders=[holder for code in school.around for holder in holders[code]],
            vacancies=[vacancy for code in school.around for vacancy in vacancies[code]],
            contact_points=points[own.code] + (points[residence.code] if residence else []),
            guide=region.guide,
            fallback_role=region.fallback_role,
        )
    return facts


def first_answers(
    schools: Sequence[SchoolRow], asked: Collection[str], on: date, residences: Sequence[MunicipalityRow] = ()
) -> dict[str, ContactAnswer]:
    """Per school (code) the answer to show beside its name: for the first of the `asked` roles
    (keys) that the school has, or else for the role that the region shows first; for a pupil with
    the residence that `find_other_residence` chooses."""
    roles = list_roles()
    chosen = {school: role for school in schools if (role := first_role(school, asked, roles))}
    facts = load_facts(chosen, on, residences, {role.key for role in chosen.values()})
    return {school.code: answer(role, facts[school.code]) for school, role in chosen.items()}


def stand_ins(posts: Sequence[Post], on: date) -> dict[int, Counter[Contact]]:
    """Per absent person (id) with these posts the contacts who answer in their place on the day
    `on`, each with the number of schools."""
    absent = list_absent(on)
    posts = [post for post in posts if post.person_id in absent]
    facts = load_facts(list_schools_by_code({post.school for post in posts}, on), on)
    roles = {role.key: role for role in list_roles()}
    found: dict[int, Counter[Contact]] = defaultdict(Counter)
    for post in posts:
        first = answer(roles[post.role], facts[post.school]).escalation[0]
        # The same contact at every school: source and check may be of one post.
        found[post.person_id][first._replace(source="", checked_on=None, checked_by=CheckedBy.SOURCE)] += 1
    return found


def find_other_residence(school: SchoolRow, residences: Sequence[MunicipalityRow]) -> MunicipalityRow | None:
    """The first of the `residences` that is not the municipality of the school."""
    return next((row for row in residences if row.code != school.municipality), None)


def in_municipality(
    code: str, roles: Sequence[RoleRow], contact_points: Sequence[ContactPointRow]
) -> list[tuple[RoleRow, list[MunicipalContactPoint]]]:
    """The roles with a contact point in a municipality (code), each with its contact points in the
    order of calling. A contact point for several sectors is listed once."""
    local = [point for point in contact_points if point.municipality == code]
    contacts = []
    for role in roles:
        sectors: dict[Contact, list[str]] = defaultdict(list)
        for point in local:
            if point.role == role.key:
                sectors[point.contact].extend(filter(None, [point.sector]))
        if sectors:
            points = [MunicipalContactPoint(c, tuple(keys)) for c, keys in sectors.items()]
            contacts.append((role, points))
    return contacts
