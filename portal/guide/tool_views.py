"""The pages that apply a rule and end in whom to call. Asked by GET, and nothing is stored."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, make_response, render_template, request

from portal import clock
from portal.accounts.access import requires_reader
from portal.directory import schools as directory
from portal.guide import (
    attendance_rules,
    forms,
    intelligence_test_rules,
    leave_rules,
    second_expert_rules,
)
from portal.guide.attendance_advice import ATTENDANCE, COACH, DOCTOR, Advice
from portal.guide.attendance_thresholds import limits_on, load_thresholds
from portal.guide.tool_contacts import CONSULTANT, ToolContext, read_tool_context
from portal.guide.views import blueprint


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
        lambda f: attendance_rules.late(int(f.keer.data), _limits()),
    ),
    "ziek": Kind(
        "Ziek", "De ouders melden de leerling ziek.", forms.SickForm,
        lambda f: attendance_rules.sick(),
    ),
    "weg": Kind(
        "Weg zonder toestemming", "Signaalverzuim: de leerling is er niet, en dat mag niet.",
        forms.AbsentForm,
        lambda f: attendance_rules.absent(
            f.uren.data, f.eerste.data, directory.get_calendar(), _limits()
        ),
    ),
    "in-of-uit": Kind(
        "Nieuw op school of van school af", "Inschrijving of uitschrijving.",
        forms.RegistrationForm,
        lambda f: attendance_rules.registration(f.op.data, directory.get_calendar(), _limits()),
    ),
    "vakantie": Kind(
        "Verlof voor vakantie", "De ouders willen weg in de schooltijd.", forms.HolidayForm,
        lambda f: leave_rules.holiday(
            f.eerste.data, f.laatste.data, for_work=f.werk.is_yes, earlier=f.eerder.is_yes,
            today=clock.today(), calendar=directory.get_calendar(), limits=_limits(),
        ),
    ),
    "reden": Kind(
        "Verlof om een zwaarwegende reden", "Andere gewichtige omstandigheden.",
        forms.CircumstancesForm,
        lambda f: leave_rules.circumstances(
            int(f.dagen.data), f.eerste.data, forced=f.buiten.is_yes,
            today=clock.today(), limits=_limits(),
        ),
    ),
}  # fmt: skip


@blueprint.get("/routeboek/verzuimkaart")
@requires_reader
def attendance_card() -> Response:
    """What to do about absence or leave, by whom and by when, and whom to call."""
    name = request.args.get("wat", "")
    kind = KINDS.get(name)
    # Before somebody chose what there is, nothing is asked that could be wrong.
    case = read_tool_context(kind.form()) if kind else ToolContext.unasked()
    advice = kind.apply(case.form) if kind and case.answered else None
    return _page(
        "guide/attendance_card.html",
        case,
        kinds=KINDS,
        name=name if kind else "",
        kind=kind,
        advice=advice,
        called=case.called(advice.calls) if advice else [],
    )


@blueprint.get("/routeboek/intelligentieonderzoek")
@requires_reader
def intelligence_test() -> Response:
    """Who pays for an intelligence test, and whom to call."""
    form = forms.PaymentForm()
    case = read_tool_context(form)
    answer = (
        intelligence_test_rules.who_pays(
            social=form.problemen.is_yes, school=form.nodig.is_yes, parents=form.ouders.is_yes
        )
        if case.answered
        else None
    )
    return _page(
        "guide/intelligence_test.html",
        case,
        answer=answer,
        called=case.called(answer.calls if answer else ()),
    )


@blueprint.get("/routeboek/tweede-deskundige")
@requires_reader
def second_expert() -> Response:
    """Who may be the second expert beside the first, at this school."""
    form = forms.ExpertForm()
    functions = second_expert_rules.load_experts()
    listed = [(expert.key, expert.label) for expert in functions.values()]
    form.eerste.choices = [("", "kies"), *listed]
    form.tweede.choices = [("", "dat weet ik nog niet"), *listed]
    form.betrokken.choices = [("", "dat weet ik nog niet"), ("ja", "ja"), ("nee", "nee")]
    case = read_tool_context(form)
    first = functions[form.eerste.data] if case.answered else None
    second = functions.get(form.tweede.data or "") if case.answered else None
    return _page(
        "guide/second_expert.html",
        case,
        first=first,
        judged=second_expert_rules.judge(first, second) if first and second else None,
        others=second_expert_rules.judge_all(first, functions.values()) if first else [],
        called=case.called(second_expert_rules.calls(first, functions.values())) if first else [],
    )


@blueprint.get("/routeboek/zorgen-over-veiligheid")
@requires_reader
def safety() -> Response:
    """Worries about safety: three answers, all on the page. Which one somebody opens never leaves
    the browser."""
    case = read_tool_context(forms.SchoolForm())
    kernteam = (COACH, DOCTOR, ATTENDANCE, CONSULTANT)
    return _page("guide/safety.html", case, called=case.called(kernteam))


def _page(template: str, case: ToolContext, **values: Any) -> Response:
    page = render_template(template, case=case, form=case.form, school=case.school, **values)
    return make_response(page, 422 if case.form.errors else 200)
