"""The pages of the tools: they apply a rule and end in the contacts to call.

They are asked by GET, and nothing is stored.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Response, abort, make_response, render_template, request

from portal import clock
from portal.accounts.access import requires_reader
from portal.directory import schools_and_kernen as directory
from portal.guide import attendance_rules, forms, leave_rules, second_expert_rules, tools
from portal.guide.attendance_advice import Limits, Outcome, limits_on
from portal.guide.content import current_content
from portal.guide.intelligence_test_rules import who_pays
from portal.guide.tool_contacts import ToolQuestion, read_question
from portal.guide.tools import Tool
from portal.guide.views import blueprint, render_page


class AttendanceQuestion(NamedTuple):
    """A question of the attendance card: its form, and the rule that answers it."""

    form: type[forms.SchoolForm]
    decide: Callable[[Any, Limits], Outcome]


# By the name that they have in an address, and in the region's texts.
ATTENDANCE_QUESTIONS = {
    "te-laat": AttendanceQuestion(
        forms.LateForm, lambda form, limits: attendance_rules.late(int(form.times.data), limits)
    ),
    "ziek": AttendanceQuestion(forms.IllForm, lambda form, limits: attendance_rules.ill()),
    "weg": AttendanceQuestion(
        forms.AbsentForm,
        lambda form, limits: attendance_rules.absent(
            form.hours.data, form.first_day.data, directory.get_calendar(), limits
        ),
    ),
    "in-of-uit": AttendanceQuestion(
        forms.RegistrationForm,
        lambda form, limits: attendance_rules.registration(
            form.on.data, clock.today(), directory.get_calendar(), limits
        ),
    ),
    "vakantie": AttendanceQuestion(
        forms.HolidayForm,
        lambda form, limits: leave_rules.holiday(
            form.first_day.data,
            form.last_day.data,
            for_work=form.for_work.is_yes,
            earlier=form.earlier.is_yes,
            today=clock.today(),
            calendar=directory.get_calendar(),
            limits=limits,
        ),
    ),
    "reden": AttendanceQuestion(
        forms.CircumstancesForm,
        lambda form, limits: leave_rules.circumstances(
            int(form.days.data), form.first_day.data, forced=form.forced.is_yes, today=clock.today(), limits=limits
        ),
    ),
}


@blueprint.get("/routeboek/verzuimkaart")
@requires_reader
def attendance_card() -> Response:
    """The attendance card: steps about absence or leave, and the contacts to call."""
    tool = _tool(tools.ATTENDANCE)
    name = request.args.get("wat", "")
    chosen = ATTENDANCE_QUESTIONS.get(name)
    # Before a question is chosen, nothing was asked that could be wrong.
    question = read_question(chosen.form()) if chosen else ToolQuestion.empty()
    advice = None
    if chosen and question.is_answered:
        limits = limits_on(tool.texts.thresholds, clock.today())
        advice = tool.texts.advise(chosen.decide(question.form, limits))
    return _page(
        "guide/attendance_card.html",
        tool,
        question,
        name=name if chosen else "",
        advice=advice,
        contacts=question.find_contacts(advice.calls) if advice else [],
    )


@blueprint.get("/routeboek/intelligentieonderzoek")
@requires_reader
def intelligence_test() -> Response:
    """The payer of an intelligence test, and the contacts to call."""
    tool = _tool(tools.INTELLIGENCE_TEST)
    form = forms.IntelligenceTestForm()
    question = read_question(form)
    payment = None
    if question.is_answered:
        payment = who_pays(
            tool.texts,
            social=form.has_problems.is_yes,
            school=form.school_needs.is_yes,
            parents=form.parents_want.is_yes,
        )
    return _page(
        "guide/intelligence_test.html",
        tool,
        question,
        payment=payment,
        contacts=question.find_contacts(payment.calls) if payment else [],
    )


@blueprint.get("/routeboek/tweede-deskundige")
@requires_reader
def second_expert() -> Response:
    """The experts that may be second beside the first, and their numbers at this school."""
    tool = _tool(tools.SECOND_EXPERT)
    experts = tool.texts.experts
    form = forms.SecondExpertForm()
    form.set_functions(experts.values())
    question = read_question(form)
    first = second = None
    if question.is_answered:
        first, second = experts[form.first.data], experts.get(form.second.data)
    calls = second_expert_rules.calls(first, experts.values()) if first else ()
    return _page(
        "guide/second_expert.html",
        tool,
        question,
        first=first,
        judged=second_expert_rules.judge(first, second, is_involved=form.involvement) if first and second else None,
        functions=second_expert_rules.judge_all(first, experts.values()) if first else [],
        contacts=question.find_contacts(calls),
    )


@blueprint.get("/routeboek/zorgen-over-veiligheid")
@requires_reader
def safety() -> Response:
    """Worries about safety. All signals are on the page, so that the one that a reader opens is never sent."""
    tool = _tool(tools.SAFETY)
    question = read_question(forms.SchoolForm())
    contacts = question.find_contacts(tool.texts.calls)
    return _page("guide/safety.html", tool, question, contacts=contacts)


@blueprint.get("/routeboek/schooltekst")
@requires_reader
def school_text() -> str:
    """A text for the school guide or website, for PO or VO."""
    return render_page("guide/school_text.html", tool=_tool(tools.SCHOOL_TEXT))


def _tool(slug: str) -> Tool:
    """The tool with this slug; 404 where the region switched it off."""
    return current_content().tools.get(slug) or abort(404)


def _page(template: str, tool: Tool, question: ToolQuestion, **values: Any) -> Response:
    page = render_template(template, tool=tool, question=question, form=question.form, school=question.school, **values)
    return make_response(page, 422 if question.form.errors else 200)
