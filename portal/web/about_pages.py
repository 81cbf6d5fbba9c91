"""The pages about the portal itself."""

from datetime import timedelta

from flask import Blueprint, Response, render_template, url_for

from portal import clock, retention_periods
from portal.config import current_config
from portal.region import current_region
from portal.web.declared_access import public

blueprint = Blueprint("about", __name__)

SECURITY_VALID_FOR = timedelta(days=180)


@blueprint.get("/toegankelijkheid")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("web/accessibility.html")


@blueprint.get("/privacy")
@public
def privacy() -> str:
    """The privacy statement: which data the portal holds, why, and the rights of people."""
    modules = {"", *current_region().modules}
    kept_data = [kept for kept in retention_periods.ALL if kept.module in modules]
    return render_template("web/privacy.html", kept_data=kept_data)


@blueprint.get("/manifest.webmanifest")
@public
def manifest() -> Response:
    """The name, icon and colours for the home screen of a telephone. There is no service worker:
    nothing is kept offline."""
    page = render_template("web/manifest.json")
    return Response(page, mimetype="application/manifest+json")


@blueprint.get("/opensearch.xml")
@public
def open_search() -> Response:
    """The search for the address bar of a browser (OpenSearch 1.1)."""
    page = render_template("web/opensearch.xml", base_url=current_config().base_url)
    return Response(page, mimetype="application/opensearchdescription+xml")


@blueprint.get("/.well-known/security.txt")
@public
def security() -> Response:
    """The address for reports of a leak (RFC 9116). Written anew for each visitor, so that it never
    expires while the portal runs."""
    config = current_config()
    expires = (clock.now() + SECURITY_VALID_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = (
        f"Contact: mailto:{config.contact_email}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {config.base_url}{url_for('.security')}",
    )
    return Response("".join(f"{line}\n" for line in lines), mimetype="text/plain")
