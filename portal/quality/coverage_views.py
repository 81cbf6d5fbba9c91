"""The coordinator's pages about what the directory knows, and what in it is suspicious."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal import audit, clock
from portal.accounts.access import require_user, requires_coordinator
from portal.directory import schools_and_kernen as directory
from portal.quality import coverage, coverage_trend, suspicious_details
from portal.quality.coverage import Gap, describe, find_posts, list_coming, list_weeks
from portal.quality.forms import CoverageForm
from portal.web.csv_and_excel import csv_file
from portal.web.fragments import respond
from portal.web.long_lists import GAPS_PER_PAGE, SUSPICIONS_PER_PAGE, Sheet

blueprint = Blueprint("coverage", __name__)


@blueprint.get("/beheer/dekking")
@requires_coordinator
def overview() -> Response:
    """The state per role and organisation, the trend, and the posts that lack something."""
    today = clock.today()
    posts = find_posts(today)
    form = CoverageForm(posts.counts)
    is_valid = form.validate()
    chosen = {post: n for post, n in posts.counts.items() if is_valid and form.is_about(post)}
    number = sum(n for post, n in chosen.items() if form.has_gap(post))
    sheet = Sheet.asked(GAPS_PER_PAGE, number)
    shown = list(posts.choose(lambda post: post in chosen and form.has_gap(post), sheet.skipped, GAPS_PER_PAGE))
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
    posts = find_posts(clock.today())
    form = CoverageForm(posts.counts)
    if not form.validate():
        abort(404)
    chosen = list(posts.choose(lambda post: form.is_about(post) and (not form.gap.data or form.has_gap(post))))
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
