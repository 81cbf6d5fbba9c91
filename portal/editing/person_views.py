"""The pages of people, for a coordinator at Beheer and for an editor at their organisation."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from portal import clock
from portal.accounts import forgetting
from portal.accounts.access import (
    current_person_id,
    is_coordinator,
    require_room,
    require_user,
    requires_coordinator,
    requires_editor,
    requires_member,
)
from portal.directory.change_sets import RuleViolation
from portal.directory.clearing import is_forgotten
from portal.directory.merged_people import find_kept
from portal.directory.models import (
    Absence,
    Assignment,
    ContactDetail,
    DetailKind,
    Kern,
    Organisation,
    Person,
    Role,
    School,
    Vacancy,
    Visibility,
    is_kern,
)
from portal.editing import (
    gaps_in_data_of_people,
    merged_accounts_and_notices,
    permissions,
    person_forms,
    post_and_absence_forms,
)
from portal.editing.edit_page import Answer, EditForm, Write, edit, find
from portal.editing.person_forms import (
    ForgettingForm,
    MergeForm,
    NewPersonForm,
    PeopleForm,
    PersonDetailForm,
    PersonForm,
    WorkingTimeForm,
)
from portal.editing.post_and_absence_forms import AbsenceForm, BeginForm, EndForm, FillForm, VacancyForm
from portal.idempotency import once
from portal.notices.announcing_afterwards import list_organisations as list_told
from portal.notices.choices import Choices, Options, find_person
from portal.notices.permissions_and_confirmation import get_author
from portal.privacy import traces_in_texts
from portal.retention_periods import BACKUPS, name_period
from portal.search.choices import list_organisations, offer_organisations, offer_people
from portal.site import current_site
from portal.web.forms import read_number
from portal.web.fragments import respond
from portal.web.long_lists import PER_PAGE, Sheet, offer

blueprint = Blueprint("people", __name__)

AnyForm = TypeVar("AnyForm", bound=EditForm)
# The same pages at two addresses: for coordinators, who look after everybody, and for editors.
_PEOPLE = "/<any(beheer,organisatie):room>/mensen"
_PERSON = f"{_PEOPLE}/<int:person>"
_VACANCIES = "/<any(beheer,organisatie):room>/vacatures"


@blueprint.get("/beheer/mensen")
@requires_coordinator
def everybody() -> Response:
    """Everybody in the directory, with what their data lack."""
    return _list("beheer", None)


@blueprint.get("/organisatie")
@requires_editor
def organisation() -> Response:
    """The people of one's own organisation and their schools; a coordinator chooses one."""
    return _list("organisatie", permissions.find_own_organisation(require_user().account))


def _list(room: str, own: int | None) -> Response:
    form = PeopleForm()
    offer_organisations(form.organisation, [("", "alle organisaties")])
    if not is_coordinator():
        del form.organisation
    is_valid = form.validate()
    chosen = read_number(form.organisation.data) if form.organisation else own
    is_asked = is_valid and (chosen is not None or room == "beheer")
    found = gaps_in_data_of_people.choose_people(chosen, form.text.data or "", (is_valid and form.lack.data) or "")
    sheet = Sheet.asked(PER_PAGE, gaps_in_data_of_people.count_people(found) if is_asked else 0)
    return respond(
        "editing/people.html",
        form=form,
        room=room,
        people=gaps_in_data_of_people.list_people(found, sheet.skipped, PER_PAGE) if is_asked else [],
        sheet=sheet,
        has_organisation=chosen is not None,
        schools=gaps_in_data_of_people.list_schools_of(found) if is_asked and room == "organisatie" else [],
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
    )


@blueprint.route(f"{_PEOPLE}/nieuw", methods=["GET", "POST"])
@requires_editor
@once("people.new")
def new(room: str) -> Answer:
    """Adds a person to the directory."""
    require_room(room)

    def read(**how: Any) -> NewPersonForm:
        own = permissions.find_own_organisation(require_user().account)
        form = NewPersonForm(data={"organisation": str(own or "")}, **how)
        if is_coordinator():
            offer_organisations(form.organisation, [("", "kies")])
        else:
            form.organisation.choices = list_organisations(Organisation.id == own)
        return _ask_reason(form)

    then = url_for(".everybody" if room == "beheer" else ".organisation")
    return edit("editing/new_person.html", read, person_forms.add_person, then, room=room)


@blueprint.route(_PERSON, methods=["GET", "POST"])
@requires_editor
@once("people.person")
def person(room: str, person: int) -> Answer:
    """Changes the name, organisation and working time of a person; leads to all else about them."""
    found = _require_person(room, person)

    def read(**how: Any) -> PersonForm:
        rows = person_forms.list_employed(person)
        form = PersonForm(rows, {"organisation": rows[-1].organisation_id}, **how)
        offer_organisations(form.organisation, [])
        if not is_coordinator():  # another organisation would have to confirm it
            del form.organisation, form.since
        return _ask_reason(form)

    facts = person_forms.list_facts(person)
    roles = dict(Choices(get_author(require_user().account), None).roles)
    facts["vacancies"] = person_forms.list_vacancies(facts["posts"], roles)
    return edit(
        "editing/person.html", read, person_forms.change_person, room=room, person=found,
        facts=facts, untold=_find_untold(),
    )  # fmt: skip


@blueprint.route(f"{_PERSON}/gegevens/nieuw", methods=["GET", "POST"], defaults={"detail": 0})
@blueprint.route(f"{_PERSON}/gegevens/<int:detail>", methods=["GET", "POST"])
@requires_editor
@once("people.person")
def detail(room: str, person: int, detail: int) -> Answer:
    """Adds a number or mail address, or changes one from a day on."""
    found = _require_person(room, person)
    if detail and not _list_own(ContactDetail, detail, person):
        abort(404)

    def read(**how: Any) -> PersonDetailForm:
        rows = _list_own(ContactDetail, detail, person)
        # The number of somebody else is not shown to everybody unasked.
        shown = {"kind": DetailKind.PHONE, "visibility": Visibility.MEMBERS}
        form = PersonDetailForm(rows, PersonDetailForm.present(rows[0]) if rows else shown, **how)
        form.person = person
        form.kind.choices = [(kind, kind.label) for kind in (DetailKind.PHONE, DetailKind.EMAIL)]
        return _ask_reason(form)

    write = partial(person_forms.save_detail, editor=require_user().account, site=current_site())
    return _edit_part(room, found, f"Nummer of adres van {found.name}", read, write)


@blueprint.route(f"{_PERSON}/plekken/nieuw", methods=["GET", "POST"])
@requires_editor
@once("people.person")
def begin(room: str, person: int) -> Answer:
    """Lets a person begin in a role at schools."""
    found, account = _require_person(room, person), require_user().account

    def read(**how: Any) -> BeginForm:
        form = BeginForm(data={"since": clock.today()}, **how)
        form.offer(Choices(get_author(account), None))
        form.person = person
        return _ask_reason(form)

    write = partial(post_and_absence_forms.begin_posts, person=found, editor=account)
    return _edit_part(room, found, f"Nieuwe plekken van {found.name}", read, write)


@blueprint.route("/beheer/plekken/<school>/<role>", methods=["GET", "POST"])
@requires_coordinator
@once("people.everybody")
def fill(school: str, role: str) -> Answer:
    """Lets somebody begin in a role (key) at a school or kern (code) where nobody is."""
    place, post = find(Kern if is_kern(school) else School, school), find(Role, role)

    def read(**how: Any) -> FillForm:
        form = FillForm(data={"since": clock.today()}, **how)
        offer_people(form.person, [("", "kies")])
        return form

    write, then = (
        partial(post_and_absence_forms.fill_post, role=post, school=place),
        url_for("coverage.overview", functie=role),
    )
    return edit("editing/fill.html", read, write, then, school=place, role=post)


@blueprint.route(f"{_PERSON}/plekken/<int:post>", methods=["GET", "POST"])
@requires_editor
@once("people.person")
def end(room: str, person: int, post: int) -> Answer:
    """Ends a post of a person."""
    found = _require_person(room, person)
    [row] = _list_own(Assignment, post, person) or abort(404)

    def read(**how: Any) -> EndForm:
        form = EndForm(_list_own(Assignment, post, person), **how)
        nobody = [("", "nog niet bekend"), (post_and_absence_forms.VACANT, "niemand: vacature")]
        _offer_others(form.successor, person, nobody)
        return _ask_reason(form)

    heading = f"{found.name} stopt als {row.role.label} van {row.workplace.name}"
    return _edit_part(room, found, heading, read, post_and_absence_forms.end_post)


@blueprint.route(f"{_VACANCIES}/nieuw", methods=["GET", "POST"], defaults={"number": 0})
@blueprint.route(f"{_VACANCIES}/<int:number>", methods=["GET", "POST"])
@requires_editor
@once("people.vacancy")
def vacancy(room: str, number: int) -> Answer:
    """Opens vacancies, or changes one; leads to its school or the people."""
    require_room(room)
    account = require_user().account
    row = find(Vacancy, number) if number else None
    if row and not permissions.may_fill(account, row.role_id, row.workplace_id):
        abort(404)
    choices = Choices(get_author(account), None)
    asked = request.form.getlist("scholen") or request.args.getlist("school")
    codes = [row.workplace_id] if row else asked

    def read(**how: Any) -> VacancyForm:
        rows = list(Vacancy.select().where(Vacancy.id == number))
        shown: dict[str, Any] = {"since": clock.today(), "schools": codes}
        form = VacancyForm(rows, VacancyForm.present(rows[0]) if rows else shown, **how)
        if not rows:
            form.offer(choices)
        return _ask_reason(form)

    back = url_for(".everybody" if room == "beheer" else ".organisation")
    if room == "beheer" and len(codes) == 1 and not is_kern(codes[0]):
        back = url_for("editing.school", key=codes[0])
    return edit("editing/vacancy.html", read, post_and_absence_forms.save_vacancy, back, row=row, back=back)


@blueprint.route(f"{_PERSON}/afwezigheid/nieuw", methods=["GET", "POST"], defaults={"absence": 0})
@blueprint.route(f"{_PERSON}/afwezigheid/<int:absence>", methods=["GET", "POST"])
@requires_editor
@once("people.person")
def absence(room: str, person: int, absence: int) -> Answer:
    """Reports an absence of a person, or changes one."""
    found = _require_person(room, person)
    if absence and not _list_own(Absence, absence, person):
        abort(404)

    def read(**how: Any) -> AbsenceForm:
        rows = _list_own(Absence, absence, person)
        shown: dict[str, Any] = {"since": clock.today()}
        if rows:
            substitute = post_and_absence_forms.find_substitute(rows[0])
            shown = AbsenceForm.present(rows[0])
            shown["substitute"] = substitute.id if substitute else ""
        form = AbsenceForm(rows, shown, **how)
        _offer_others(form.substitute, person, [("", "niemand")])
        return form

    write = partial(post_and_absence_forms.save_absence, person=found)
    return _edit_part(room, found, f"Afwezigheid van {found.name}", read, write)


@blueprint.route(f"{_PERSON}/samenvoegen", methods=["GET", "POST"])
@requires_editor
@once("people.person")
def merge(room: str, person: int) -> Answer:
    """Asks who is the same person, shows what merging would change, and merges."""
    found = _require_person(room, person)
    account = require_user().account
    others = permissions.find_mergeable(account, found)

    def read(**how: Any) -> MergeForm:
        asked = MergeForm()
        offer(asked.other, others, [("", "kies")])
        other = permissions.find_editable(account, read_number(asked.other.data) or 0)
        form = MergeForm([found, other] if other else [found], **how)
        offer(form.other, others, [("", "kies")])
        return _ask_reason(form)

    form = read()
    ids = [row.id for row in form.rows]
    if form.is_submitted() and not permissions.may_merge(account, *ids):
        form.validate()
        form.other.errors = ["Er hoort een account bij. Vraag een coördinator of beheerder."]
        page = render_template("editing/merge.html", form=form, room=room, person=found)
        return page, 422
    if form.is_submitted() and request.form.get("stap") != "samenvoegen" and form.validate():
        form.show_version_of(form)  # of both people
        effects = merged_accounts_and_notices.list_effects(*form.rows)
        return render_template("editing/merge_preview.html", form=form, room=room, person=found, effects=effects)
    return edit(
        "editing/merge.html", read,
        lambda change_set, form: merged_accounts_and_notices.merge(change_set, *form.rows),
        url_for(".person", room=room, person=person), room=room, person=found,
    )  # fmt: skip


def _edit_part(room: str, person: Person, heading: str, read: Callable[..., EditForm], write: Write) -> Answer:
    """`edit` for something of a person; leads back to their page."""
    then = url_for(".person", room=room, person=person.id)
    return edit("editing/person_part.html", read, write, then, room=room, person=person, heading=heading)


def _list_own(model: Any, number: int, person: int) -> list[Any]:
    """The row of a model with this id of a person (id); none for a new one (0), or where it is gone."""
    return list(model.select().where((model.id == number) & (model.person == person)))


def _find_untold() -> int | None:
    """The edit (id of a change set) that was just saved, where a coordinator may tell the kernteams of it."""
    number = read_number(request.args.get("bewaard"))
    return number if number and is_coordinator() and list_told(number) else None


@blueprint.route("/beheer/mensen/<int:person>/vergeten", methods=["GET", "POST"])
@requires_coordinator
@once("people.everybody")
def forget(person: int) -> Answer:
    """Shows what forgetting a person clears, and forgets them where their name is typed."""
    found = _require_person("beheer", person)
    account = require_user().account
    form, refusal, effects = ForgettingForm(found), forgetting.refuse_forgetting(account, person), None
    try:
        if form.is_submitted() and not refusal and form.validate():
            forgetting.forget(person, account.id, form.reason.data or "")
            return redirect(url_for(".everybody", vergeten=1))
        effects = forgetting.foresee(person)
    except RuleViolation as error:
        refusal = str(error)
    status = 409 if form.is_submitted() and refusal else 422 if form.errors else 200
    return render_template(
        "editing/forget.html", form=form, person=found, refusal=refusal, effects=effects,
        facts=person_forms.list_facts(person), backups_kept=name_period(BACKUPS.period),
        shown=traces_in_texts.SHOWN,
    ), status  # fmt: skip


@blueprint.route("/mijn-werktijd", methods=["GET", "POST"])
@requires_member
@once("people.own")
def own() -> Answer:
    """Changes one's own working days, hours and preferred way."""
    person = current_person_id() or abort(404)

    def read(**how: Any) -> WorkingTimeForm:
        form = WorkingTimeForm(person_forms.list_employed(person)[:1], **how)
        form.reached_by.label.text = "Hoe bereiken anderen je het liefst?"
        return _ask_reason(form)

    return edit("editing/own_time.html", read, person_forms.change_time, person=person)


def _require_person(room: str, person: int) -> Person:
    """The person with this id; leads to the one into whom they were merged, and answers 404 where
    the user may not change them."""
    require_room(room)
    account = require_user().account
    found = permissions.find_editable(account, person)
    if not found and (kept := find_kept(person)) and permissions.find_editable(account, kept):
        # 307: an open form goes along, and its version makes that both versions are shown.
        same: dict[str, Any] = (request.view_args or {}) | {"person": kept}
        abort(redirect(url_for(str(request.endpoint), **same), 307))
    return found or abort(410 if is_forgotten(person) else 404)


def _ask_reason(form: AnyForm) -> AnyForm:
    if not permissions.must_give_reason():
        form.reason.missing = ""
        form.reason.label.text = "Waarom verander je dit? (optioneel)"
    return form


def _offer_others(field: Any, person: int, first: Options) -> None:
    """Let a field offer the `first` options and who may come in the place of a person, or stand in
    for a while: without those whom another organisation would have to confirm."""
    choices = Choices(get_author(require_user().account), find_person(person))
    offer(field, choices.substitutes, first)
