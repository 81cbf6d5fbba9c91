"""The writes of the forms about a person."""

from collections.abc import Iterable
from datetime import date
from typing import Any, cast

from portal import clock
from portal.accounts.models import Account
from portal.accounts.permissions import may_move_accounts
from portal.accounts.sign_in_addresses import tell_of_change
from portal.database.validity import current_or_future, day_after, valid_on
from portal.directory import assignments, who_works_or_is_absent
from portal.directory.change_sets import ChangeSet
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Employment,
    Person,
    Role,
    Substitute,
    Vacancy,
    Workplace,
)
from portal.directory.person_and_detail_changes import NewPerson, add_new_person
from portal.directory.schools_and_kernen import find_workplaces
from portal.editing.detail_forms import read_value, write_detail
from portal.editing.edit_page import change_row
from portal.editing.person_forms import (
    AbsenceForm,
    BeginForm,
    EndForm,
    FillForm,
    NewPersonForm,
    PersonDetailForm,
    PersonForm,
    VacancyForm,
    WorkingTimeForm,
)
from portal.notices.permissions_and_confirmation import get_author, may_post_about
from portal.site import Site

VACANT = "vacature"


def change_person(change_set: ChangeSet, form: PersonForm) -> None:
    """Change the name and working time of a person, and the organisation from its day on."""
    person = form.rows[0]
    change_row(change_set, person, form.columns(Person))
    if "organisation" in form:
        _change_employer(change_set, person, int(form.organisation.data), form.since.data)


def change_time(change_set: ChangeSet, form: WorkingTimeForm) -> None:
    """Change when a person works and how they are reached best."""
    change_row(change_set, form.rows[0], form.columns(Person))


def _change_employer(change_set: ChangeSet, person: Person, organisation: int, since: date | None) -> None:
    today = clock.today()
    if organisation == who_works_or_is_absent.find_employer(person, since or today):
        return
    if since:
        who_works_or_is_absent.move(change_set, person, organisation, since)
        return
    row = list_employed(person.id)[-1]
    change_row(change_set, row, {"organisation": organisation})


def add_person(change_set: ChangeSet, form: NewPersonForm) -> None:
    """Add a person with a number and an address."""
    names = (form.given_name.data, form.infix.data, form.family_name.data)
    new = NewPerson(*names, int(form.organisation.data), form.phone.number, form.email.data or "")
    change_row(change_set, add_new_person(change_set, new), form.columns(Person))


def save_detail(change_set: ChangeSet, form: PersonDetailForm, editor: Account, site: Site) -> None:
    """Add or change a number or address. The owner of an account is told of another address, at
    both, and of the end of one. Raises RuleViolation."""
    detail, since = form.rows[0] if form.rows else None, form.since.data
    old, old_until = (detail.value, detail.valid_until) if detail else ("", None)
    kinds = (form.kind.data, detail.kind if detail else "")
    if DetailKind.EMAIL in kinds and not may_move_accounts(editor, form.person):
        raise form.refuse(form.value, "Met dit adres logt een beheerder in. Laat die het doen.")
    write_detail(change_set, form, person=form.person)
    new = read_value(form.kind.data, form.value.data or "")
    until = day_after(form.last_day.data) if form.last_day.data else None
    if detail is not None and kinds[1] == DetailKind.EMAIL:
        is_ended = new == old and until != old_until and until is not None
        if new != old or is_ended:
            tell_of_change(form.person, old, "" if is_ended else new, until if is_ended else since, site)


def begin_posts(change_set: ChangeSet, form: BeginForm, person: Person, editor: Account) -> None:
    """Let a person begin in a role at schools, in the place of the chosen holders, for whom the
    editor must speak. Raises RuleViolation."""
    author = get_author(editor)
    role, first = Role.get_by_id(int(form.role.data)), cast(date, form.since.data)
    for number in form.leaving.data:
        if number == form.NOBODY:
            continue
        post = Assignment.get_by_id(int(number))
        if not may_post_about(author, post.person_id, who_works_or_is_absent.find_employer(post.person, first)):
            raise form.refuse(form.leaving, f"{post.person.name} werkt elders. Meld een wijziging.")
        change_set.end(post, first)
    for school in find_workplaces(form.schools.data):
        assignments.assign(change_set, person, role, school, first)


def fill_post(change_set: ChangeSet, form: FillForm, role: Role, school: Workplace) -> None:
    """Let somebody begin at a post; its vacancy ends. Raises RuleViolation."""
    person = Person.get_by_id(int(form.person.data))
    assignments.assign(change_set, person, role, school, cast(date, form.since.data))


def end_post(change_set: ChangeSet, form: EndForm) -> None:
    """End a post; somebody follows, it is vacant, or nothing is known. Raises RuleViolation."""
    post, until = form.rows[0], day_after(cast(date, form.last_day.data))
    answer, rest = form.successor.data, post.valid_until
    named = Person.get_by_id(int(answer)) if answer and answer != VACANT else None
    assignments.hand_over(change_set, post, named, until)
    if answer == VACANT:
        assignments.open_vacancy(change_set, post.role, post.workplace, until, rest)


def save_vacancy(change_set: ChangeSet, form: VacancyForm) -> None:
    """Open vacancies at the chosen schools, or change one. Raises RuleViolation."""
    first = cast(date, form.since.data)
    until = day_after(form.last_day.data) if form.last_day.data else None
    known_on = form.known_on.data if form.known_on else None
    if not form.rows:
        role = Role.get_by_id(int(form.role.data))
        for school in find_workplaces(form.schools.data):
            assignments.open_vacancy(change_set, role, school, first, until, known_on)
        return
    [row] = form.rows
    if form.is_void.data:
        change_set.remove(row)
        return
    assignments.check_vacancy(row.role, row.workplace, first, until, but=row.id)
    known = {"known_on": known_on} if form.known_on else {}
    change_row(change_set, row, {"valid_from": first, "valid_until": until} | known)


def save_absence(change_set: ChangeSet, form: AbsenceForm, person: Person) -> None:
    """Report or change an absence, with one substitute for all posts. Raises RuleViolation."""
    first = cast(date, form.since.data)
    until = day_after(form.last_day.data) if form.last_day.data else None
    answer = form.substitute.data
    substitute = Person.get_by_id(int(answer)) if answer else None
    assignments.check_period(first, until)
    posts = assignments.list_assignments(person.id, first)
    if substitute and not posts:
        raise form.refuse(form.substitute, who_works_or_is_absent.NOBODY_TO_REPLACE)
    if not form.rows:
        instead = {post: substitute for post in posts if substitute}
        who_works_or_is_absent.report_absence(change_set, person, first, until, instead)
        return
    absence = form.rows[0]
    who_works_or_is_absent.check_absence(person, first, until, but=absence.id)
    change_row(change_set, absence, {"valid_from": first, "valid_until": until})
    if substitute != find_substitute(absence):
        instead_from = max(clock.today(), first)
        chosen = dict.fromkeys(posts, substitute)
        who_works_or_is_absent.change_substitutes(change_set, person.id, chosen, instead_from)


def list_employed(person: int) -> list[Any]:
    """A person (id), and their employment that counts today if there is one: the last of these rows
    has their organisation."""
    found: list[Any] = [Person.get_by_id(person)]
    if person in who_works_or_is_absent.list_moved(clock.today()):
        present = valid_on(Employment, clock.today()) & ~Employment.is_pending
        found += Employment.select().where((Employment.person == person) & present)
    return found


def list_facts(person: int) -> dict[str, list[Any]]:
    """The numbers and addresses, posts and absences of a person (id), today and later."""
    today = clock.today()

    def ahead(model: Any, *order: Any) -> list[Any]:
        own = (model.person == person) & current_or_future(model, today)
        return list(model.select().where(own).order_by(*order, model.id))

    return {
        "details": ahead(ContactDetail, ContactDetail.kind.desc(), ContactDetail.position),
        "posts": assignments.list_assignments(person, today),
        "absences": ahead(Absence, Absence.valid_from),
    }


def list_vacancies(posts: Iterable[Assignment], roles: Iterable[str]) -> list[Vacancy]:
    """The vacancies today or later in these roles (ids), at the schools of these posts."""
    vacant = Vacancy.at({post.workplace_id for post in posts}) & Vacancy.role.in_([*roles])
    return list(Vacancy.select().where(vacant & current_or_future(Vacancy, clock.today())))


def find_substitute(absence: Absence) -> Person | None:
    """The person who stands in for the first post of an absence."""
    row = Substitute.get_or_none(Substitute.absence == absence)
    return row.person if row else None
