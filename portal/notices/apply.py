"""Writes in the directory what a notice says, through its change_set."""

from collections.abc import Callable

from portal.directory import assignments
from portal.directory.assignments import RuleViolation
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Assignment, ContactDetail, DetailKind, Person, Role, School
from portal.notices import kinds
from portal.notices.drafts import NEW, STAYS, UNKNOWN, VACANT, Draft

MustBeConfirmed = Callable[[int, bool], bool]  # organisation of a successor; whether they are new


def apply_draft(draft: Draft, change_set: ChangeSet, must_be_confirmed: MustBeConfirmed) -> None:
    """Change the directory as the draft says, in the caller's transaction.

    Raises RuleViolation where it contradicts what is known.
    """
    _EFFECTS[draft.kind](draft, change_set, _People(draft, change_set, must_be_confirmed))


class _People:
    """The people whom a draft names; who is new is made once."""

    def __init__(
        self, draft: Draft, change_set: ChangeSet, must_be_confirmed: MustBeConfirmed
    ) -> None:
        self._draft = draft
        self._ledger = change_set
        self._must_be_confirmed = must_be_confirmed
        self._new: Person | None = None

    def find(self, choice: str) -> Person:
        """The person that a choice stands for."""
        if choice != NEW:
            person = Person.get_or_none(Person.id == int(choice))
            if person is None:
                raise RuleViolation("Deze persoon is er niet meer. Kies iemand anders.")
            return person
        if self._new is None:
            if self._draft.new_person is None:
                raise RuleViolation("Vul de naam van je nieuwe collega in.")
            self._new = assignments.register(self._ledger, self._draft.new_person)
        return self._new

    def is_pending(self, choice: str) -> bool:
        """Whether the organisation of who is chosen must still confirm."""
        return self._must_be_confirmed(self.find(choice).organisation_id, choice == NEW)


def _hand_over(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    """A takeover and a departure: every post goes to a successor, becomes vacant, or ends."""
    chosen = [
        (post, draft.posts.get(post.id) or draft.successor or UNKNOWN) for post in _posts(draft)
    ]
    leaving = [(post, choice) for post, choice in chosen if choice != STAYS]
    if not leaving:
        raise RuleViolation("Vanaf deze dag is er geen plek over te dragen. Kies een eerdere dag.")
    for post, choice in leaving:
        someone = None if choice in (VACANT, UNKNOWN) else cast.find(choice)
        if someone == post.person:
            raise RuleViolation(
                f"{post.person.name} kan niet zichzelf opvolgen. Kies iemand anders."
            )
        begin, until = max(post.valid_from, draft.valid_from), post.valid_until
        assignments.hand_over(
            change_set, post, someone, draft.valid_from,
            is_pending=someone is not None and cast.is_pending(choice),
        )  # fmt: skip
        if choice == VACANT:
            assignments.open_vacancy(change_set, post.role, post.school, begin, until)


def _arrive(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    if draft.successor == UNKNOWN:
        return  # their organisation did not agree
    someone, role = cast.find(draft.successor), Role.get_by_id(draft.role)
    for school in _schools(draft):
        assignments.assign(
            change_set, someone, role, school, draft.valid_from,
            is_pending=cast.is_pending(draft.successor),
        )  # fmt: skip


def _be_absent(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    substitutes = {}
    for post in _posts(draft):
        choice = draft.posts.get(post.id) or draft.successor
        if choice and choice != UNKNOWN:
            substitutes[post] = cast.find(choice)
    assignments.report_absence(
        change_set, Person.get_by_id(draft.person), draft.valid_from, draft.valid_until, substitutes
    )


def _change_details(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    person = Person.get_by_id(draft.person)
    for detail in ContactDetail.select().where(ContactDetail.person == person):
        value = draft.details.get(detail.id)
        if value and value != detail.value:
            assignments.replace_detail(change_set, detail, value, draft.valid_from)
    if draft.more_phone:
        assignments.add_detail(
            change_set, person, DetailKind.PHONE, draft.more_phone, draft.valid_from
        )


def _open_vacancies(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    role = Role.get_by_id(draft.role)
    for school in _schools(draft):
        assignments.open_vacancy(change_set, role, school, draft.valid_from, draft.valid_until)


def _only_tell(draft: Draft, change_set: ChangeSet, cast: _People) -> None:
    """What changes stands in the text."""


def _posts(draft: Draft) -> list[Assignment]:
    return assignments.list_assignments(draft.person or 0, draft.valid_from)


def _schools(draft: Draft) -> list[School]:
    return list(School.select().where(School.code.in_(draft.schools)).order_by(School.name))


_EFFECTS: dict[str, Callable[[Draft, ChangeSet, _People], None]] = {
    kinds.TAKEOVER: _hand_over,
    kinds.DEPARTURE: _hand_over,
    kinds.ARRIVAL: _arrive,
    kinds.ABSENCE: _be_absent,
    kinds.DETAILS: _change_details,
    kinds.VACANCY: _open_vacancies,
    kinds.ORGANISATION: _only_tell,
    kinds.NEWS: _only_tell,
}
