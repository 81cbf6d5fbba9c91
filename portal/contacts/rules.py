"""Who answers, and why: the rules, as pure functions of facts that somebody else has loaded.

A rule is data: `case_by` of a role says which of the three below decides, and the seeds say which
contact point answers for which role in which municipality. Domain rows A3-A10, with the decisions
of the region where its documents leave a gap.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

from portal.directory.read_models import (
    Contact,
    ContactPointRow,
    MunicipalityRow,
    PostHolder,
    RoleRow,
    SchoolRow,
    VacancyRow,
)
from portal.region import Guide


class State(Enum):
    """What is known about who holds a role at a school."""

    KNOWN = "bekend"
    REPLACED = "vervangen"
    ABSENT = "afwezig"
    VACANT = "vacature"
    UNKNOWN = "onbekend"
    OTHER = "ander"  # somebody else than the school's own, because of where the pupil lives
    NOT_LISTED = "niet in de gids"


class Facts(NamedTuple):
    """Everything that the rules may look at, for one school on one day."""

    school: SchoolRow
    home: MunicipalityRow  # where the pupil lives; the school's own when nobody said otherwise
    roles: Sequence[RoleRow]
    holders: Sequence[PostHolder]  # at this school
    vacancies: Sequence[VacancyRow]  # at this school
    contact_points: Sequence[ContactPointRow]  # in the municipalities of school and home
    guide: Guide  # the source of the region's rules
    fallback_role: str  # its contact point answers where a school has no number

    def contact_points_for(self, role: str, municipality: str) -> list[ContactPointRow]:
        """The contact points for a role in a municipality, for schools of this sector."""
        return [
            contact_point
            for contact_point in self.contact_points
            if (contact_point.role, contact_point.municipality) == (role, municipality)
            and contact_point.sector in ("", self.school.sector)
        ]


class ContactAnswer(NamedTuple):
    """Who answers for a role, in the order in which one calls; and why."""

    role: RoleRow
    state: State
    holders: tuple[PostHolder, ...]  # who hold the role and answer, also when they are absent
    escalation: tuple[Contact, ...]  # whom to call, one after the other; never empty
    secondary: tuple[Contact, ...]  # who in the escalation stands second by rule, not as a fallback
    reason: str
    hint: str
    contradiction: str  # "": the sources agree
    vacancy: VacancyRow | None
    expected: bool
    to_confirm: bool

    @property
    def is_shown(self) -> bool:
        """Whether a page shows this role: a role that may be missing only where there is news."""
        return self.expected or bool(self.holders) or self.vacancy is not None

    @property
    def primary(self) -> tuple[Contact, ...]:
        """Whom one calls first: everybody who holds the role, or else one contact point."""
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
    state: State
    holders: Sequence[PostHolder]
    escalation: Sequence[Contact]
    secondary: Sequence[Contact]
    place: str  # the municipality (code) whose rule decided
    reason: str
    hint: str
    contradiction: str = ""


def answer(role: RoleRow, facts: Facts) -> ContactAnswer:
    """Who answers for `role` at the school of `facts`, for a pupil who lives in its `home`."""
    decided = RULES[role.case_by](role, facts)
    first_point = next(iter(facts.contact_points_for(role.key, decided.place)), None)
    return ContactAnswer(
        role=role,
        state=decided.state,
        holders=tuple(decided.holders),
        escalation=tuple(dict.fromkeys(decided.escalation or _school_itself(facts))),
        secondary=tuple(decided.secondary),
        reason=decided.reason,
        hint=decided.hint,
        contradiction=decided.contradiction,
        vacancy=_vacancy(role, facts) if decided.state is State.VACANT else None,
        expected=facts.school.sector in role.expected_in,
        to_confirm=bool(
            facts.school.sector in role.to_confirm_in
            or decided.place in role.unconfirmed_in
            or decided.contradiction
            or decided.state is State.NOT_LISTED
            or (decided.state is State.OTHER and role.case_by == "residents")
            or (
                decided.state in (State.UNKNOWN, State.VACANT)
                and first_point
                and first_point.to_confirm
            )
        ),
    )


def _by_school(role: RoleRow, facts: Facts) -> _Decision:
    """The school's own people answer, wherever the pupil lives (the guide, “Verschillen per
    gemeente”). Where the pupil's home knows the same service under another name, that contact
    point stands second: a decision of the region, docs/decisions.md."""
    own = facts.school.municipality
    state, people = _at_school(role, facts, _held(role, facts))
    contact_points = [
        contact_point.contact for contact_point in facts.contact_points_for(role.key, own)
    ] or _school_itself(facts)
    second = [] if own in role.unconfirmed_in else _same_service(role, facts)
    escalation = (
        [*people, *second, *contact_points]
        if people
        else [*contact_points[:1], *second, *contact_points[1:]]
    )
    return _Decision(
        state,
        _held(role, facts),
        escalation,
        second,
        own,
        role.why,
        "Een andere woonplaats van de leerling verandert dit antwoord niet."
        if not second
        else f"Omdat de leerling in {facts.home.name} woont, staat {second[0].name} erbij.",
    )


def _by_residents(role: RoleRow, facts: Facts) -> _Decision:
    """The school's own people answer for pupils who live in the role's municipalities; for others
    the documents leave it open: both contact points (a decision of the region)."""
    own = facts.school.municipality
    if facts.home.code in role.municipalities:
        return _by_school(role, facts)._replace(
            hint="Voor een leerling uit een andere gemeente is het antwoord anders."
        )
    contact_points = [
        contact_point.contact for contact_point in facts.contact_points_for(role.key, own)
    ]
    at_home = _same_service(role, facts)
    return _Decision(
        State.OTHER,
        (),
        [*contact_points, *at_home],
        at_home,
        own,
        f"{role.why} Deze leerling woont in {facts.home.name}. {facts.guide.at_start} zegt niet "
        "wie dan antwoordt.",
        f"Voor een leerling uit {facts.school.municipality_name} is het antwoord anders.",
    )


def _by_home(role: RoleRow, facts: Facts) -> _Decision:
    """Where the pupil lives picks the body (the guide, “De leerplichtambtenaar”). If that body
    employs the school's own officer, the officer answers; otherwise the body's contact point does,
    with the school's officer second."""
    held = _held(role, facts)
    bodies = facts.contact_points_for(role.key, facts.home.code)
    changes = "Woont de leerling in een andere gemeente? Dan kan het antwoord anders zijn."
    claims = [
        contact_point.contact
        for contact_point in facts.contact_points_for(role.key, facts.school.municipality)
        if contact_point.also_by_school and facts.home.code != facts.school.municipality
    ]
    if not bodies:
        _, officers = _at_school(role, facts, held)
        return _Decision(
            State.NOT_LISTED,
            (),
            [_town_hall(facts), *officers, *claims],
            [*officers, *claims],
            facts.home.code,
            f"{role.why} {facts.home.name} staat niet in {facts.guide.with_article}. Bel de "
            "gemeente waar de leerling woont en vraag naar leerplicht.",
            changes,
            _contradiction(facts, claims),
        )
    contact_points = [contact_point.contact for contact_point in bodies]
    body = _lower(contact_points[0].organisation)
    reason = f"{role.why} Een leerling uit {facts.home.name} hoort bij {body}."
    own = [holder for holder in held if holder.employer == bodies[0].employer]
    state, officers = _at_school(role, facts, own or held)
    if own:
        return _Decision(
            state, own, [*officers, *contact_points], (), facts.home.code, reason, changes
        )
    return _Decision(
        State.OTHER if held else state,
        (),
        [*contact_points, *officers, *claims],
        [*officers, *claims],
        facts.home.code,
        f"{reason} {_HELPS}" if held else reason,
        changes,
        _contradiction(facts, claims),
    )


RULES: dict[str, Callable[[RoleRow, Facts], _Decision]] = {
    "school": _by_school,
    "residents": _by_residents,
    "home": _by_home,
}


def _held(role: RoleRow, facts: Facts) -> list[PostHolder]:
    return [holder for holder in facts.holders if holder.role == role.key]


_HELPS = "Wie op de school dit werk doet, hoort bij een andere organisatie en kan je op weg helpen."


def _vacancy(role: RoleRow, facts: Facts) -> VacancyRow | None:
    return next((vacancy for vacancy in facts.vacancies if vacancy.role == role.key), None)


def _at_school(
    role: RoleRow, facts: Facts, holders: Sequence[PostHolder]
) -> tuple[State, list[Contact]]:
    """What is known of a role at the school, and which people one can call: who is there, then
    who stands in for who is not."""
    present = [holder.contact for holder in holders if not holder.is_absent]
    substitutes = [h.substitute for h in holders if h.is_absent and h.substitute]
    if present:
        return State.KNOWN, present + substitutes
    if substitutes:
        return State.REPLACED, substitutes
    if holders:
        return State.ABSENT, []
    return (State.VACANT if _vacancy(role, facts) else State.UNKNOWN), []


def _same_service(role: RoleRow, facts: Facts) -> list[Contact]:
    """The contact points at the pupil's home of other roles that do the same work."""
    if not role.service or facts.home.code == facts.school.municipality:
        return []
    return [
        contact_point.contact
        for other in facts.roles
        if other.service == role.service and other.key != role.key
        for contact_point in facts.contact_points_for(other.key, facts.home.code)
    ]


def _contradiction(facts: Facts, claims: Sequence[Contact]) -> str:
    if not claims:
        return ""
    return (
        f"{facts.guide.at_start} spreekt zichzelf tegen. {facts.guide.pronoun} zegt dat de "
        f"woonplaats van de leerling telt, en ook dat {claims[0].name} het doet voor scholen in "
        f"{facts.school.municipality_name}. We volgen de woonplaats."
    )


def _lower(name: str) -> str:
    """The name of an organisation within a sentence: "gemeente Velsen", "het" left out."""
    return name.replace("Gemeente ", "gemeente ")


def _town_hall(facts: Facts) -> Contact:
    """The municipality itself, for a role of which the guide names nobody there."""
    name = f"Gemeente {facts.home.name}" if facts.home.slug else "De gemeente van de leerling"
    return Contact(
        name=name,
        organisation=name,
        person_id=None,
        days="",
        note=f"Het nummer staat niet in {facts.guide.with_article}. Zoek het op de website van de "
        "gemeente.",
        details=(),
        source="",
        checked_on=None,
    )


def _school_itself(facts: Facts) -> list[Contact]:
    """The school's own number, for the roles of its own staff. Where it has none: the board's
    website and the mailbox of the kernteam project (decision on schools without a number)."""
    school = facts.school
    mailboxes = [
        contact_point.contact for role in facts.roles if role.key == facts.fallback_role
        for contact_point in facts.contact_points_for(role.key, school.municipality)
    ]  # fmt: skip
    return [school.as_contact(), *([] if school.phone else mailboxes)]
