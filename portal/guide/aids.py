"""The pages that apply a rule and end in whom to call. Asked by GET, and nothing is stored."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import Response, make_response, render_template, request

from portal import clock
from portal.accounts.access import readers, user
from portal.directory import answers, people
from portal.directory import queries as directory
from portal.directory.asking import offer_homes, read_home
from portal.directory.routing import Answer
from portal.directory.rows import MunicipalityRow, PlaceRow, SchoolRow
from portal.guide import absence, experts, forms, payment
from portal.guide.absence import Advice
from portal.guide.thresholds import limits_on, load_thresholds
from portal.guide.views import blueprint

_CONSULTANT = "onderwijsconsulent"


class Case(NamedTuple):
    """What was asked: for which school and home, and whether there is an answer to give."""

    form: forms.SchoolForm
    school: SchoolRow | None
    home: MunicipalityRow | None
    choices: tuple[PlaceRow, ...]
    answered: bool

    @property
    def town(self) -> str:
        """The municipality that the answer is for."""
        if self.home:
            return self.home.name
        return self.school.municipality_name if self.school else ""

    def called(self, calls: Sequence[str]) -> list[Answer]:
        """Who answers at this school and for this home, for each of these roles or services; for
        one that the school does not have, its onderwijsconsulent."""
        if self.school is None:
            return []
        around = answers.kernteam(self.school, clock.today(), self.home)
        found: dict[str, Answer] = {}
        for call in calls:
            fitting = [a for a in around if call in (a.role.key, a.role.service)]
            for answer in fitting or [a for a in around if a.role.key == _CONSULTANT]:
                found.setdefault(answer.role.key, answer)
        return list(found.values())


class Kind(NamedTuple):
    """One line of the Verzuimkaart: what it is called, what it asks, and the rule."""

    label: str
    about: str
    form: type[forms.SchoolForm]
    apply: Callable[[Any], Advice]


def _limits() -> Any:
    return limits_on(load_thresholds(), clock.today())


KINDS = {
    "te-laat": Kind(
        "Te laat", "De leerling komt te laat op school.", forms.LateForm,
        lambda f: absence.late(int(f.keer.data), _limits()),
    ),
    "ziek": Kind(
        "Ziek", "De ouders melden de leerling ziek.", forms.SickForm,
        lambda f: absence.sick(),
    ),
    "weg": Kind(
        "Weg zonder toestemming", "Signaalverzuim: de leerling is er niet, en dat mag niet.",
        forms.AbsentForm,
        lambda f: absence.absent(
            f.uren.data, f.eerste.data, directory.get_calendar(), _limits()
        ),
    ),
    "in-of-uit": Kind(
        "Nieuw op school of van school af", "Inschrijving of uitschrijving.",
        forms.RegistrationForm,
        lambda f: absence.registration(f.op.data, directory.get_calendar(), _limits()),
    ),
    "vakantie": Kind(
        "Verlof voor vakantie", "De ouders willen weg in de schooltijd.", forms.HolidayForm,
        lambda f: absence.holiday(
            f.eerste.data, f.laatste.data, for_work=f.werk.is_yes, earlier=f.eerder.is_yes,
            today=clock.today(), calendar=directory.get_calendar(), limits=_limits(),
        ),
    ),
    "reden": Kind(
        "Verlof om een zwaarwegende reden", "Andere gewichtige omstandigheden.",
        forms.CircumstancesForm,
        lambda f: absence.circumstances(
            int(f.dagen.data), f.eerste.data, forced=f.buiten.is_yes,
            today=clock.today(), limits=_limits(),
        ),
    ),
}  # fmt: skip


@blueprint.get("/routeboek/verzuimkaart")
@readers
def absence_card() -> Response:
    """What to do about absence or leave, by whom and by when, and whom to call."""
    name = request.args.get("wat", "")
    kind = KINDS.get(name)
    case = _case((kind.form if kind else forms.SchoolForm)())
    answered = bool(kind) and case.answered
    advice = kind.apply(case.form) if kind and answered else None
    return _page(
        "guide/absence.html",
        case,
        kinds=KINDS,
        name=name if kind else "",
        kind=kind,
        advice=advice,
        called=case.called(advice.calls) if advice else [],
    )


@blueprint.get("/routeboek/intelligentieonderzoek")
@readers
def intelligence_test() -> Response:
    """Who pays for an intelligence test, and whom to call."""
    form = forms.PaymentForm()
    case = _case(form)
    answer = (
        payment.who_pays(
            social=form.problemen.is_yes, school=form.nodig.is_yes, parents=form.ouders.is_yes
        )
        if case.answered
        else None
    )
    return _page(
        "guide/payment.html",
        case,
        answer=answer,
        called=case.called(answer.calls if answer else ()),
    )


@blueprint.get("/routeboek/tweede-deskundige")
@readers
def second_expert() -> Response:
    """Who may be the second expert beside the first, at this school."""
    form = forms.ExpertForm()
    functions = experts.load_experts()
    listed = [(expert.key, expert.label) for expert in functions.values()]
    form.eerste.choices = [("", "kies"), *listed]
    form.tweede.choices = [("", "dat weet ik nog niet"), *listed]
    form.betrokken.choices = [("", "dat weet ik nog niet"), ("ja", "ja"), ("nee", "nee")]
    case = _case(form)
    first = functions[form.eerste.data] if case.answered else None
    second = functions.get(form.tweede.data or "") if case.answered else None
    return _page(
        "guide/expert.html",
        case,
        first=first,
        judged=experts.judge(first, second) if first and second else None,
        others=experts.judge_all(first) if first else [],
        called=case.called(experts.calls(first)) if first else [],
    )


@blueprint.get("/routeboek/zorgen-over-veiligheid")
@readers
def safety() -> Response:
    """Worries about safety: three answers, all on the page. Which one somebody opens never leaves
    the browser."""
    case = _case(forms.SchoolForm())
    kernteam = (absence.COACH, "jeugdarts", absence.ATTENDANCE, _CONSULTANT)
    return _page("guide/safety.html", case, called=case.called(kernteam))


def _case(form: forms.SchoolForm) -> Case:
    """Reads what was asked. An answer is given once the questions of the aid were sent along, or
    where it has none."""
    schools = directory.list_schools()
    mine = _own_schools()
    if len(mine) == 1 and "school" not in request.args:
        form.school.data = next(iter(mine))
    form.offer(schools, mine)
    school = next((row for row in schools if row.slug == form.school.data), None)
    sent = not form.own or any(field.name in request.args for field in form.own)
    if not sent:
        offer_homes(form, school)
        return Case(form, school, None, (), answered=False)
    home, choices = read_home(form, school)
    return Case(form, school, home, choices, answered=not form.errors)


def _own_schools() -> set[str]:
    """The schools (slugs) where whoever is signed in works today."""
    someone = user()
    if someone is None or not someone.account.person_id:
        return set()
    posts = people.list_posts(clock.today(), [someone.account.person_id])
    return {post.school_slug for post in posts}


def _page(template: str, case: Case, **values: Any) -> Response:
    page = render_template(template, case=case, form=case.form, school=case.school, **values)
    return make_response(page, 422 if case.form.errors else 200)
