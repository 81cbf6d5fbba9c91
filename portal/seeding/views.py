"""The pages on which a coordinator compares a file with the directory, and applies it."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from portal import clock
from portal.accounts.access import require_user, requires_coordinator
from portal.database import Outdated
from portal.directory.change_sets import ChangeSetKind
from portal.editing.edit_page import Answer
from portal.idempotency import once
from portal.readers.duo import read_duo
from portal.readers.tables import UnreadableFile
from portal.region import current_region
from portal.seeding import schools_from_duo
from portal.seeding.files_against_typed_rows import Proposal
from portal.seeding.forms import ApplyForm, DuoForm
from portal.seeding.region_directory import apply_region, find_region_proposal
from portal.seeding.seed_files import SeedError
from portal.web.form_size import with_file
from portal.web.long_lists import LINKS_FROM

blueprint = Blueprint("seeding", __name__)


@blueprint.route("/beheer/duo", methods=["GET", "POST"])
@requires_coordinator
@with_file
def duo() -> Answer:
    """Takes a file of DUO, in the place of the last one. Not `once`, which would hold a transaction
    while a workbook is read."""
    form = DuoForm(data={"made_on": clock.today()})
    if form.is_submitted() and form.validate() and form.made_on.data:
        try:
            file = read_duo(form.file.filename, form.file.data)
            schools_from_duo.store_upload(current_region(), form.file.filename, file, form.made_on.data)
            return redirect(url_for(".duo_difference"))
        except UnreadableFile as error:
            form.file.errors = [str(error)]
    page = render_template("seeding/duo.html", form=form, upload=schools_from_duo.find_upload())
    return (page, 422) if form.errors else page


@blueprint.route("/beheer/duo/verschil", methods=["GET", "POST"])
@requires_coordinator
@once("seeding.duo")
def duo_difference() -> Answer:
    """Shows what a file of DUO changes, and applies it."""
    upload = schools_from_duo.find_upload()
    if upload is None:
        return redirect(url_for(".duo"))
    region, account = current_region(), require_user().account.id
    return _answer(
        "seeding/duo_refusals_and_hints.html",
        ChangeSetKind.DUO_UPDATE,
        lambda: schools_from_duo.propose_upload(region, upload).shorten(),
        lambda accepted, version: schools_from_duo.apply_upload(region, upload, account, accepted, version),
        upload=upload,
    )


@blueprint.route("/beheer/regio", methods=["GET", "POST"])
@requires_coordinator
@once("seeding.region")
def region() -> Answer:
    """Shows what the files of the region change, and applies it."""
    region, account = current_region(), require_user().account.id
    try:
        return _answer(
            "seeding/region.html",
            ChangeSetKind.REGION_UPDATE,
            lambda: find_region_proposal(region, clock.today()),
            lambda accepted, version: apply_region(region, account, accepted, version),
        )
    except (SeedError, UnreadableFile) as fault:
        return render_template("seeding/region.html", fault=fault)


def _answer(
    template: str,
    kind: ChangeSetKind,
    look: Callable[[], Proposal],
    take: Callable[[Collection[str], str], Proposal],
    **page: Any,
) -> Answer:
    """The page of a difference; a form applies it, unless it changed meanwhile (409)."""
    form = ApplyForm.of(look())
    status = 200
    if form.is_submitted() and form.validate():
        try:
            take(form.answers, form.version.data or "none")
            return redirect(url_for("admin.trail_page", soort=kind.value))
        except Outdated:
            form, status = ApplyForm.of(look()), 409
    elif form.errors:
        status = 422
    form.version.raw_data, form.version.data = None, form.proposal.version
    page = {**page, "form": form, "proposal": form.proposal, "is_outdated": status == 409, "links_from": LINKS_FROM}
    return render_template(template, **page), status
