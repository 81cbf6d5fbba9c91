"""The pages of the tools: they apply a rule and end in the contacts to call. They are asked by GET, and nothing is
stored."""

from typing import Any

from flask import Response, abort, make_response, render_template, request

from portal import clock
from portal.accounts.access import requires_reader
from portal.guide import forms, second_expert_rules, tools
from portal.guide.attendance_rules import limits_on
from portal.guide.content import current_content
from portal.guide.intelligence_test_rules import who_pays
from portal.guide.tool_school_and_contacts import ToolQuestion, read_question
from portal.guide.tools import Tool
from portal.guide.views import blueprint, render_page

# By the name that they have in an address, and in the region's texts.
ATTENDANCE_QUESTIONS: dict[str, type[forms.AttendanceForm]] = {
    "te-laat": forms.LateForm,
    "ziek": forms.IllForm,
    "weg": forms.AbsentForm,
    "in-of-uit": forms.RegistrationForm,
    "vakantie": forms.HolidayForm,
    "reden": forms.CircumstancesForm,
}


@blueprint.get("/routeboek/verzuimkaart")
@requires_reader
def attendance_card() -> Response:
    """The attendance card: steps about absence or leave, and the contacts to call."""
    tool = _tool(tools.ATTENDANCE)
    name = request.args.get("wat", "")
    chosen = ATTENDANCE_QUESTIONS.get(name)
    form = chosen() if chosen else None
    # Before a question is chosen, nothing was asked that could be wrong.
    question = read_question(form) if form else ToolQuestion.empty()
    advice = None
    if form and question.is_answered:
        advice = tool.texts.advise(form.decide(limits_on(tool.texts.thresholds, clock.today())))
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
