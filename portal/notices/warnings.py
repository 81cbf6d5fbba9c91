"""The warnings before a notice is published: the contradictions that it would leave."""

from collections.abc import Iterable, Sequence
from datetime import date

from peewee import JOIN

from portal.database.validity import current_or_future, last_day
from portal.directory.change_sets import ChangeSet, list_created
from portal.directory.models import Absence, Assignment, Kern, Person, Role, School, Substitute
from portal.web.formatting import day


def list_warnings(on: date, posts: Sequence[Assignment], change_sets: Iterable[ChangeSet]) -> list[str]:
    """The contradictions, in Dutch, of a notice that holds from the day `on`: an absence of
    somebody who comes by its change sets, and a later holder of one of its posts."""
    sets = list(change_sets)
    made = list_created(sets, Assignment)
    standing = list_created(sets, Substitute)
    comes = Assignment.select(Assignment.person).where(Assignment.id.in_(made))
    stands_in = Substitute.select(Substitute.person).where(Substitute.id.in_(standing))
    absences = (
        Absence.select(Absence, Person)
        .join(Person)
        .where((Absence.person.in_(comes) | Absence.person.in_(stands_in)) & current_or_future(Absence, on))
    )
    sentences = []
    for absence in absences.order_by(Absence.valid_from):
        until = absence.valid_until
        ends = f" tot en met {day(last_day(until))}" if until else ""
        sentences.append(
            f"{absence.person.name} is zelf afwezig vanaf {day(absence.valid_from)}{ends}. "
            "Kies iemand anders, of meld ook wie dan vervangt."
        )
    return sentences + _list_later_holders(posts, made)


def _list_later_holders(posts: Sequence[Assignment], made: Sequence[int]) -> list[str]:
    ends = [(post.role_id, post.workplace_id, post.valid_until) for post in posts if post.valid_until]
    query = (
        Assignment.select(Assignment, Person, Role, School, Kern)
        .join(Person)
        .join_from(Assignment, Role)
        .join_from(Assignment, School, JOIN.LEFT_OUTER)
        .join_from(Assignment, Kern, JOIN.LEFT_OUTER)
        .where(
            Assignment.role.in_([role for role, _, _ in ends])
            & Assignment.at([school for _, school, _ in ends])
            & Assignment.id.not_in(list(made))
        )
        .order_by(Assignment.valid_from)
    )  # fmt: skip
    at: dict[tuple[int, str], list[Assignment]] = {}
    for row in query if ends else ():
        at.setdefault((row.role_id, row.workplace_id), []).append(row)
    later = [
        next((row for row in at.get((role, school), ()) if row.valid_from >= end), None) for role, school, end in ends
    ]
    schools: dict[tuple[str, date, str], list[str]] = {}
    for row in filter(None, later):
        key = (row.person.name, row.valid_from, row.role.label)
        schools.setdefault(key, []).append(row.workplace.name)
    return [
        f"Er staat al dat {name} vanaf {day(first)} begint als {role} bij {', '.join(where)}. Dat blijft zo."
        for (name, first, role), where in schools.items()
    ]
