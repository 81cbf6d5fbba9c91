"""The pages about the portal itself."""

from flask import Blueprint, render_template

from portal.web.access import public

blueprint = Blueprint("about", __name__)


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("web/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """The privacy statement: which data the portal holds, why, and the rights of people."""
    return render_template("web/privacy.html")
