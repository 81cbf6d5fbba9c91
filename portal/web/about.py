"""The pages about the portal itself."""

from flask import Blueprint, render_template

from portal.web.access import public

blueprint = Blueprint("about", __name__)


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> str:
    """What is done so that everybody can use the portal, and what is not right yet."""
    return render_template("web/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """Which data the portal holds, why, and what somebody can do about it."""
    return render_template("web/privacy.html")
