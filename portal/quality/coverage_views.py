"""The coordinator's pages about what the directory knows, and what in it is suspicious."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.directory import schools_and_kernen as directory
from portal.directory.places import list_municipality_choices
from portal.quality import coverage, coverage_trend, suspicious_details
from portal.quality.coverage import Gap, Post, Posts, describe, find_posts, list_coming, list_weeks
from portal.web.csv_and_excel import csv_file
from portal.web.forms import QueryForm, choice_field
from portal.web.fragments import respond
from portal.web.long_lists import GAPS_PER_PAGE, SUSPICIONS_PER_PAGE, Sheet

blueprint = Blueprint("coverage", __name__)


class CoverageForm(QueryForm):
    gap = choice_field(
        "Wat ontbreekt?", "wat", "Kies uit de lijst wat er ontbreekt.",
        choices={"": "alles"} | {gap.value: gap.label for gap in Gap},
    )  # fmt: skip
    role = choice_field("Functie", "functie", "Kies een functie uit de lijst.")
    municipality = choice_field("Gemeente", "gemeente", "Kies een gemeente uit de lijst.")
    organisation = choice_field("Organisatie", "organisatie", "Kies een organisatie uit de lijst.")


@blueprint.get("/beheer/dekking")
@requires_coordinator
def overview() -> Response:
    """The state per role and organisation, the trend, and the posts that lack something."""
    form, posts, today = *_read_filter(), clock.today()
    is_valid = form.validate()
    chosen = {post: n for post, n in posts.counts.items() if is_valid and _is_chosen(post, form)}
    number = sum(n for post, n in chosen.items() if _has_gap(post, form))
    sheet = Sheet.asked(GAPS_PER_PAGE, number)
    shown = list(posts.choose(lambda post: post in chosen and _has_gap(post, form), sheet.skipped, GAPS_PER_PAGE))
    return respond(
        "quality/coverage.html",
        form=form,
        gaps=list(Gap),
        total=coverage.count("Alles", chosen),
        by_role=coverage.count_by_role(chosen, directory.list_roles()),
        by_organisation=coverage.count_by_organisation(chosen),
        lacking=describe(shown, today),
        coming=list_coming(shown, today),
        number=number,
        sheet=sheet,
        trend=coverage_trend.draw(list_weeks(coverage_trend.WEEKS)),
        query={f.name: request.args[f.name] for f in form if request.args.get(f.name)},
    )


@blueprint.get("/beheer/dekking.csv")
@requires_coordinator
def export() -> Response:
    """Downloads the chosen posts as CSV, all that lack something or not."""
    form, posts = _read_filter()
    if not form.validate():
        abort(404)
    chosen = list(posts.choose(lambda post: _is_chosen(post, form) and (not form.gap.data or _has_gap(post, form))))
    audit.record(require_user().account.id, "exported", "coverage", len(chosen))
    header = (
        "Vestigingscode", "School", "Plaats", "Gemeente", "Functie", "Organisatie", "Wie",
        *(gap.label.capitalize() for gap in Gap),
    )  # fmt: skip
    return csv_file(
        "dekking.csv",
        header,
        (
            (
                school.code, school.name, school.place, school.municipality_name, role.label,
                post.organisation, ", ".join(contact.name for contact in contacts),
                *("ja" if gap in post.gaps else "" for gap in Gap),
            )
            for post, school, role, contacts in describe(chosen, clock.today())
        ),
    )  # fmt: skip


def _read_filter() -> tuple[CoverageForm, Posts]:
    """The filter with its choices, and all posts."""
    form, posts = CoverageForm(), find_posts(clock.today())
    names = sorted({post.organisation for post in posts.counts})
    form.role.choices = [("", "alle functies"), *((role.key, role.label) for role in directory.list_roles())]
    form.municipality.choices = list_municipality_choices()
    form.organisation.choices = [("", "alle organisaties"), *((name, name) for name in names)]
    return form, posts


def _is_chosen(post: Post, form: CoverageForm) -> bool:
    """Whether a post is of the chosen role, municipality and organisation."""
    return (
        (form.role.data or post.role) == post.role
        and (form.municipality.data or post.municipality) == post.municipality
        and (form.organisation.data or post.organisation) == post.organisation
    )


def _has_gap(post: Post, form: CoverageForm) -> bool:
    """Whether a post has the chosen gap, or any at all."""
    return form.gap.data in post.gaps if form.gap.data else bool(post.gaps)


@blueprint.get("/beheer/dekking/adressen")
@requires_coordinator
def suspicious() -> str:
    """The suspicious addresses and numbers, each with the page on which it is changed."""
    found, right = suspicious_details.list_suspicions()
    sheet = Sheet.asked(SUSPICIONS_PER_PAGE, len(found))
    return render_template(
        "quality/suspicious.html", found=sheet.cut(found), right=right[:SUSPICIONS_PER_PAGE], sheet=sheet
    )


@blueprint.post("/beheer/dekking/adressen/<digest>/<any(klopt,twijfel):answer>")
@requires_coordinator
def answer_suspicion(digest: str, answer: str) -> BaseResponse:
    """Remembers that a suspicious detail is right, or shows it again."""
    if not suspicious_details.answer(digest, require_user().account.id, is_right=answer == "klopt"):
        abort(404)
    return redirect(url_for(".suspicious"))
