"""The forms about posts, vacancies and absences of people, and what they write."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, cast

from wtforms import BooleanField, SelectMultipleField, ValidationError
from wtforms.validators import StopValidation

from portal import clock
from portal.accounts.models import Account
from portal.database.validity import current_or_future, day_after, last_day
from portal.directory import assignments, who_works_or_is_absent
from portal.directory.change_sets import ChangeSet
from portal.directory.models import Absence, Assignment, Person, Role, Substitute, Vacancy, Workplace
from portal.directory.schools_and_kernen import find_workplaces
from portal.editing.edit_page import EditForm, change_row
from portal.notices.choices import Choices
from portal.notices.forms import asks_when_known
from portal.notices.permissions_and_confirmation import get_author, may_post_about
from portal.web.forms import DayField, Filled, choice_field, read_number
from portal.web.long_lists import read_find_box

_DAY = "Vul een dag in, zoals 1-2-2027."
VACANT = "vacature"


class PostsForm(EditForm):
    """Posts in a role at schools; the view sets both."""

    role = choice_field("Welke functie?", "functie", "Kies een functie uit de lijst.")
    schools = choice_field(
        "Op welke scholen?", "scholen", "Kies scholen uit de lijst.", "Kies ten minste een school.",
        kind=SelectMultipleField,
    )  # fmt: skip
    since = DayField("Vanaf wanneer?", name="vanaf", validators=[Filled(_DAY)])
    offered: Choices

    def offer(self, choices: Choices) -> None:
        """Offer the roles and schools about which the author may post."""
        self.offered = choices
        self.role.choices = choices.roles
        text, is_new = read_find_box(self.schools) if choices.has_many_schools else ("", False)
        chosen, at = self.schools.data or (), self.role.data
        self.schools.choices = choices.list_schools(text, chosen, at)

        def look(form: object, field: SelectMultipleField) -> None:
            if text and is_new:
                raise StopValidation("Kies hieronder uit wat we vinden.")

        self.schools.validators = [look, *self.schools.validators]

    def validate_schools(self, field: SelectMultipleField) -> None:
        """Refuse a school where the role cannot be."""
        self.offered.refuse_elsewhere(self.role.data, field.data or ())


class VacancyForm(PostsForm):
    """Vacancies that open, or the days of one."""

    last_day = DayField("Laatste dag (optioneel)", name="laatste_dag")
    known_on = DayField("Rond welke dag is bekend wie er komt? (optioneel)", name="bekend")
    is_void = BooleanField("Deze vacature is er toch niet.", name="vervalt")

    def __init__(self, rows: Sequence[Vacancy], *args: Any, **kwargs: Any) -> None:
        super().__init__(rows, *args, **kwargs)
        if not asks_when_known():
            del self.known_on
        if rows:
            del self.role, self.schools
        else:
            del self.is_void

    @staticmethod
    def present(row: Vacancy) -> dict[str, Any]:
        return AbsenceForm.present(row) | {"known_on": row.known_on}


class FillForm(EditForm):
    """The person who begins at a post; the view sets who may."""

    person = choice_field("Wie werkt hier?", "wie", "Kies iemand uit de lijst.", "Kies wie hier werkt.")
    since = DayField("Vanaf wanneer?", name="vanaf", validators=[Filled(_DAY)])


class BeginForm(PostsForm):
    leaving = choice_field(
        "Wie gaat daar weg?", "overnemen", "Kies iemand uit de lijst.", kind=SelectMultipleField, choices=[]
    )
    person: int  # id

    NOBODY = "niemand"

    def validate(self, extra_validators: Any = None) -> bool:
        """Also asks which of the holders on the first day leave."""
        chosen = (read_number(self.role.data), self.schools.data or (), self.since.data)
        there = _list_holders_of(*chosen, but=self.person)
        self.leaving.choices = [(str(post.id), f"nu: {post.person.name}, {post.workplace.name}") for post in there]
        if there and not there[0].role.one_holder:
            self.leaving.choices.append((self.NOBODY, "niemand, ze doen het samen"))
        return super().validate(extra_validators)

    def validate_leaving(self, field: SelectMultipleField) -> None:
        """Refuse a form that does not say whose post ends, or that nobody's does."""
        if field.choices and not field.data:
            raise ValidationError("Hier staat al iemand. Kies wie er weggaat.")
        if self.NOBODY in (field.data or ()) and len(field.data) > 1:
            raise ValidationError("Kies wie er weggaat, of niemand.")


class EndForm(EditForm):
    """The end of a post; the view sets who may follow."""

    last_day = DayField("Laatste dag", name="laatste_dag", validators=[Filled(_DAY)])
    successor = choice_field("Wie komt er daarna?", "opvolger", "Kies iemand uit de lijst.")


class AbsenceForm(EditForm):
    """An absence; the view sets who may stand in. Why somebody is absent is asked nowhere."""

    reason = None

    since = DayField("Eerste dag", name="vanaf", validators=[Filled(_DAY)])
    last_day = DayField("Laatste dag (optioneel)", name="laatste_dag")
    substitute = choice_field("Wie vervangt?", "vervanger", "Kies iemand uit de lijst.")

    @staticmethod
    def present(row: Absence | Vacancy) -> dict[str, Any]:
        return {"since": row.valid_from, "last_day": last_day(row.valid_until) if row.valid_until else None}


def _list_holders_of(role: int | None, schools: Collection[str], on: date | None, *, but: int) -> list[Assignment]:
    """The assignments in a role (id) at schools (codes) on a day or later, without those of one person (id)."""
    there = (Assignment.role == (role or 0)) & Assignment.at(schools)
    there &= current_or_future(Assignment, on or clock.today()) & (Assignment.person != but)
    return list(Assignment.select().where(there).order_by(Assignment.id))


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


def find_substitute(absence: Absence) -> Person | None:
    """The person who stands in for the first post of an absence."""
    row = Substitute.get_or_none(Substitute.absence == absence)
    return row.person if row else None
