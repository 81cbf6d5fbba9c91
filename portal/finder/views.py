"""The pages of the finder: each view reads the form, runs its queries and chooses the template."""

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.accounts.access import requires_reader
from portal.contacts import timeline, who_to_call
from portal.contacts.residence_form import read_residence
from portal.contacts.timeline import PersonNews, first_of_each_role, list_news
from portal.contacts.who_to_call import ContactAnswer
from portal.database.database_flags import is_demo
from portal.database.noted_reads import Reads, noted
from portal.database.remembered_pieces import People, recall, remember, remembered
from portal.directory import schools_and_kernen as directory
from portal.directory import who_works_or_is_absent
from portal.directory.clearing import is_forgotten
from portal.directory.contact_details import Contact, list_contact_points
from portal.directory.merged_people import find_kept
from portal.directory.models import kern_slug
from portal.directory.places import MunicipalityRow, find_municipality, list_municipalities, list_places
from portal.directory.school_sort_names import sort_name
from portal.directory.schools_and_kernen import SchoolRow, find_kern, label_schools
from portal.directory.who_works_or_is_absent import PersonRow, list_absent, list_replaced
from portal.finder import own_work, result_lines, vcard
from portal.finder.forms import DayForm, NameForm, PupilForm, SchoolsForm, SearchForm
from portal.finder.result_lines import list_lines
from portal.finder.vcard import ContactCard
from portal.freshness import USUAL
from portal.search.choices import list_with_words
from portal.search.index import PERSON, SCHOOL
from portal.site import current_site
from portal.web.csv_and_excel import download
from portal.web.fragments import answer_fragment, render_piece, respond, wants_fragment
from portal.web.long_lists import FIND_BOX_FROM, FOUND_PER_PAGE, Sheet, by_letter

logger = logging.getLogger(__name__)
blueprint = Blueprint("finder", __name__)


@blueprint.get("/")
@requires_reader
def search() -> Response:
    """The search box with its results; without a question, the entrances to the directory."""
    if not wants_fragment():
        return _answer_search()[0]

    def make() -> tuple[bytes | Response, int, People | None]:
        response, people = _answer_search()
        html = response.get_data()
        return (response, 0, None) if people is None else (html, len(html), people)

    known = remembered("search", request.query_string, make=make)
    return known if isinstance(known, Response) else answer_fragment(known)


def _answer_search() -> tuple[Response, People | None]:
    """The answer to a search, with the people whose numbers it shows; None: of who may see them nothing is known."""
    form = SearchForm()
    valid = form.validate()
    text, day = form.query.data, form.day.data or clock.today()
    found = result_lines.search(text, day) if valid and text else None
    lines, owners = list_lines(found) if found else ([], frozenset())
    if found and not lines:
        logger.info("search without results")  # to count; the words are nobody's business
    response = respond(
        "finder/search.html",
        "finder/_results.html",
        form=form,
        text=text,
        day=day,
        search_results=found,
        lines=lines,
        ways_on="" if text else remembered("ways on", make=_make_ways_on),
        roles=[] if lines else directory.list_roles(),
        own=None if text else own_work.show_own_work(),
    )
    return response, owners if lines else None


def _make_ways_on() -> tuple[Markup, int, People]:
    """The entrances to the directory, and their size; nobody stands in them."""
    municipalities = list_municipalities(in_region=True)
    facts = {"municipalities": municipalities, "roles": directory.list_roles()}
    html = render_piece("finder/_ways_on.html", facts)
    return html, len(html), ()


@blueprint.get("/scholen")
@requires_reader
def schools() -> Response:
    """All schools by name, with a filter."""
    form = SchoolsForm()
    form.validate()
    found = _list_schools(form, form.sector.data or "", form.municipality.data or "")
    return respond("finder/schools.html", form=form, **found)


def _list_schools(form: NameForm, sector: str, municipality: str) -> dict[str, Any]:
    """One sheet of the schools with the words in the find box of a validated form, and the links to
    the first school of each letter."""
    text = form.name_or_place.data
    codes = list_with_words(SCHOOL, text) if text else None
    which = directory.chosen_schools(sector, municipality, codes)
    counts = [] if form.errors else directory.count_by_letter(which)
    sheet = Sheet.asked(FOUND_PER_PAGE, sum(number for _, number in counts))
    schools = directory.list_schools(which, sheet.skipped, FOUND_PER_PAGE) if counts else []
    return {
        "sheet": sheet,
        "schools": by_letter(schools, lambda school: sort_name(school.name)),
        "letters": sheet.link_letters(counts),
    }


@blueprint.get("/scholen/<slug>")
@requires_reader
def school(slug: str) -> Response | BaseResponse:
    """The kernteam of a school, for a pupil with any residence, on any day. The code in the slug
    counts; a wrong name behind it redirects to the right address."""
    question = ("school", slug, request.query_string)
    if not wants_fragment() and (known := recall([question])):
        return respond("finder/school.html", "", **known[question])
    with noted() as reads:
        return _answer_school(slug, question, reads)


def _answer_school(slug: str, question: tuple[object, ...], reads: Reads) -> Response | BaseResponse:
    """The page of a school, which is remembered under the key `question` with these reads."""
    school = directory.find_school(slug[:6].upper(), asked_day())
    if school is None and (kern := find_kern(slug, clock.today())):
        return redirect(url_for("kernen.kern", slug=kern_slug(kern.code)), 301)
    if school is None:
        return _closed_school(slug)
    if slug != school.slug:
        query: dict[str, Any] = {name: request.args.get(name) for name in ("woont", "plaats", "dag")}
        return redirect(url_for(".school", slug=school.slug, **query), 301)
    form = PupilForm()
    residence, choices = read_residence(form, school)
    # An error leaves the answers: for the school's own municipality, and today.
    day = clock.today() if form.day.errors else form.day.data or clock.today()
    answers = who_to_call.kernteam(school, day, residence)
    facts = {
        "form": form, "school": school, "choices": choices, "residence": residence, "day": day,
        **_around(school, answers, day, residence),
    }  # fmt: skip
    if wants_fragment():
        return respond("", "finder/_kernteam.html", status=422 if form.errors else 200, **facts)
    content: dict[str, Any] = {
        "title": school.name,
        "errors": bool(form.errors),
        "content": render_piece("finder/_school.html", facts),
    }
    if not form.errors:
        callers = {contact.person_id for answer in answers for contact in answer.escalation}
        size = len(content["content"])
        remember({question: (content, size, callers)}, reads)
    return respond("finder/school.html", "", status=422 if form.errors else 200, **content)


def _around(
    school: SchoolRow, answers: list[ContactAnswer], day: date, residence: MunicipalityRow | None
) -> dict[str, Any]:
    """The answers for a school, sorted for its page, with what changes and what is checked."""
    team = _shown_members(answers)
    outside = [answer for answer in answers if not answer.role.member]
    start, until = min(day, clock.today()), max(day, clock.today()) + timeline.LOOK_AHEAD
    events = timeline.list_events(school.around, start, until)
    return {
        "team": team,
        "changed": [answer for answer in team if answer.is_by_residence] if residence else [],
        "fallbacks": show_fallbacks(team),
        "outside": [answer for answer in outside if answer.holders],
        "helpers": show_fallbacks([answer for answer in outside if not answer.holders]),
        **take_along(team, school, day),
        "notices": timeline.list_beginnings(holder.assignment for answer in answers for holder in answer.holders),
        "events": events,
        # The first one for each role, which its row tells.
        "coming": first_of_each_role([event for event in events if event.on > day]),
        "until": until,
        "checked": sorted(
            contact.checked_on
            for answer in team
            for contact in answer.primary
            if contact.person_id and contact.checked_on
        ),
    }


def show_fallbacks(answers: list[ContactAnswer]) -> Markup:
    """The rows of the contact points of these answers. Many schools have each of them in common."""
    return Markup().join(
        _show_contact_point(contact, ", ".join(role.label for role in roles))
        for contact, roles in who_to_call.fallbacks(answers)
    )


def _show_contact_point(contact: Contact, roles: str) -> Markup:
    def make() -> tuple[Markup, int, People]:
        html = render_piece("finder/_contact_point.html", {"contact": contact, "roles": roles})
        return html, len(html), ()

    row: Markup = remembered("contact point", contact, roles, make=make)
    return row


@blueprint.get("/scholen/<slug>/kernteam.vcf")
@requires_reader
def kernteam_file(slug: str) -> Response:
    """The kernteam of a school as vCards, as the school page shows it to the same viewer.
    `?versie=3` gives vCard 3.0."""
    school = directory.find_school(slug[:6].upper(), asked_day()) or abort(404)
    form = PupilForm()
    residence, _ = read_residence(form, school)
    if form.errors:
        abort(404)
    day = form.day.data or clock.today()
    team = _shown_members(who_to_call.kernteam(school, day, residence))
    cards = vcard.make_kernteam_cards(team, school, day)
    return download_vcards(f"kernteam-{school.slug}.vcf", cards)


def _closed_school(slug: str) -> Response:
    """The page of a school on a day when it is closed: leads to its last day; aborts with 404 for another school."""
    last_day = directory.find_last_day(slug[:6].upper()) or abort(404)
    school = directory.find_school(slug[:6].upper(), last_day)
    page = render_template("finder/closed_school.html", school=school, last_day=last_day)
    return make_response(page, 404)


def _shown_members(answers: list[ContactAnswer]) -> list[ContactAnswer]:
    return [answer for answer in answers if answer.role.member and answer.is_shown]


def take_along(team: list[ContactAnswer], school: SchoolRow, day: date) -> dict[str, Any]:
    """A school or kern with its people on a day as text, for its page."""
    cards = vcard.make_kernteam_cards(team, school, day)
    return {"team_name": vcard.name_team(school), "lines": vcard.write_lines(cards)}


def download_vcards(name: str, cards: list[ContactCard]) -> Response:
    """The cards as a file; vCard 3.0 where the address asks for it."""
    path = request.full_path.rstrip("?")
    names = who_works_or_is_absent.find_names([c.contact.person_id for c in cards if c.contact.person_id])
    old = request.args.get("versie") == "3"
    vcards = vcard.write_vcards(cards, names, current_site(), path, clock.now(), old=old)
    return download(name, vcards, "text/vcard")


@blueprint.get("/gemeenten/<slug>")
@requires_reader
def municipality(slug: str) -> Response:
    """The contact points of a municipality per role, and its schools."""
    municipality: MunicipalityRow = find_municipality(slug) or abort(404)
    day, form = asked_day(), NameForm()
    form.validate()
    contact_points = list_contact_points(day)
    found = _list_schools(form, "", municipality.slug)
    return respond(
        "finder/municipality.html",
        "finder/_schools.html",
        form=form,
        municipality=municipality,
        day=day,
        answers=who_to_call.in_municipality(municipality.code, directory.list_roles(), contact_points),
        sectors=dict(directory.list_sectors()),
        places=list_places(municipality=municipality.code),
        is_long=found["sheet"].total > FIND_BOX_FROM or form.name_or_place.data,
        **found,
    )


@blueprint.get("/personen/<int:person>")
@requires_reader
def person(person: int) -> str:
    """A person's contact details, roles and schools, now and later."""
    day = asked_day()
    posts = who_works_or_is_absent.list_posts_ahead(day, person)
    present = [post for post in posts if post.valid_from <= day]
    schools = directory.list_schools_by_code({post.school for post in posts}, day)
    coming = timeline.list_coming([school.code for school in schools], day)
    found = _find_person(day, person)
    return render_template(
        "finder/person.html",
        person=found,
        news=list_news([found], present, coming, day)[person],
        day=day,
        posts=posts,
        labels=label_schools(schools),
        replaced=list_replaced(day, person),
        absent=list_absent(day),
        interval=min(
            (role.check_months for role in directory.list_roles() if role.key in {post.role for post in posts}),
            default=USUAL,
        ),
    )


@blueprint.get("/personen/<int:person>.vcf")
@requires_reader
def person_file(person: int) -> Response:
    """A person as a vCard, as their page shows them to the same viewer. `?versie=3` gives vCard 3.0."""
    day = asked_day()
    posts = who_works_or_is_absent.list_posts(day, [person])
    card = vcard.make_person_card(_find_person(day, person), posts)
    return download_vcards(f"contact-{person}.vcf", [card])


def _find_person(day: date, person: int) -> PersonRow:
    """The person (id) as they are on this day; leads to the one into whom they were merged, and
    answers 410 where they were forgotten, and 404 where there is none."""
    if found := who_works_or_is_absent.list_people(day, [person]):
        return found[0]
    kept = find_kept(person) or abort(410 if is_forgotten(person) else 404)
    abort(redirect(url_for(str(request.endpoint), person=kept), 301))


@blueprint.get("/functies/<key>")
@requires_reader
def role(key: str) -> Response:
    """A role: what to call it about, its contact points per municipality, and its holders by organisation."""
    role = next((role for role in directory.list_roles() if role.key == key), None) or abort(404)
    day, form = asked_day(), NameForm()
    form.name_or_place.label.text = "Naam of organisatie"
    valid = form.validate()
    all_points = list_contact_points(day)
    text = form.name_or_place.data
    ids = list_with_words(PERSON, text) if text else None
    people = who_works_or_is_absent.list_people_in_role(day, key, ids) if valid else []
    sheet = Sheet.asked(FOUND_PER_PAGE, len(people))
    holders = _list_holders(key, sheet.cut(people), day)
    return respond(
        "finder/role.html",
        "finder/_holders.html",
        form=form,
        role=role,
        day=day,
        sectors=dict(directory.list_sectors()),
        municipalities=[
            (municipality, points, who_to_call.first_reachable([point.contact for point in points]))
            for municipality in sorted(list_municipalities(), key=lambda row: not row.in_region)
            for _, points in who_to_call.in_municipality(municipality.code, [role], all_points)
        ],
        is_long=sheet.total > FIND_BOX_FROM or text,
        sheet=sheet,
        holders=by_letter(holders, lambda row: row[0]),
        letters=sheet.link_letters((letter, len(rows)) for letter, rows in by_letter(people, lambda one: one[1])),
    )


def _list_holders(role: str, shown: Sequence[tuple[int, str]], on: date) -> list[tuple[str, PersonNews]]:
    """These people (ids, each with a sort key) in a role (key) on the day `on`, with their news."""
    ids = [person for person, _ in shown]
    found = who_works_or_is_absent.list_people(on, ids)
    posts = [post for post in who_works_or_is_absent.list_posts(on, ids) if post.role == role]
    coming = timeline.list_coming((), on, posts=posts)
    news = list_news(found, posts, coming, on)
    return [(key, news[person]) for person, key in shown]


@blueprint.get("/stijl")
@requires_reader
def style() -> str:
    """Every part of the pages together, with contacts of the demo; only there."""
    if not is_demo():
        abort(404)
    schools = directory.list_schools(most=FOUND_PER_PAGE)
    form = SchoolsForm()
    wrong = SearchForm(data={"query": ""})
    wrong.query.errors = ["Vul in wat je zoekt."]
    teams = who_to_call.kernteams(schools, clock.today())
    by_state = {answer.state: answer for _, team in teams for answer in team}
    return render_template(
        "finder/style.html",
        # A role once, because its row has an id.
        answers={answer.role.key: answer for answer in by_state.values()},
        school=max(schools, key=lambda school: len(school.name)),
        form=form,
        wrong=wrong,
    )


def asked_day() -> date:
    """The day in the address, or today. These pages have no day field, so a wrong day in their
    address counts as today."""
    form = DayForm()
    return form.day.data if form.validate() and form.day.data else clock.today()
