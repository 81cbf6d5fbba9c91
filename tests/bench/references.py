"""The applications of the bench: Flask with ten rows of results in Jinja to compare with, and the
portal itself."""

import secrets
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader

from portal.app import create_app
from portal.database import db
from portal.mail.outbox import Mail, enqueue
from portal.web.asgi import Front
from portal.web.declared_access import public
from tests.bench.fill import freeze_clock, write_directory

BENCH_WRITE, BENCH_MAIL = "/bench", "/bench/mail"
ROWS = [
    {
        "slug": f"16lf{number:02}-de-wilgenhoek",
        "title": f"De Wilgenhoek {number}",
        "about": "Duinweg 12, Haarlem · basisonderwijs",
        "caller": "CJG-coach Noor van der Laan",
        "value": f"06 1234 50{number:02}",
    }
    for number in range(10)
]
# The markup of one result of the finder, as it was in v0.1: the unit of every × in the bench.
FRAGMENT = """<ul class="list">
{% for row in rows %}
<li>
<div class="list-row__main">
<a class="list-row__title" href="{{ url_for('school', slug=row.slug) }}">{{ row.title }}</a>
<span class="supporting-text">{{ row.about }}</span>
</div>
<div class="list-row__contact">
<span class="list-row__via">{{ row.caller }}</span>
<a class="phone-link" href="tel:{{ row.value }}"
 aria-label="Bel {{ row.caller }}">{{ row.value }}</a>
</div>
</li>
{% endfor %}
</ul>
"""


def make_fragment() -> Flask:
    """Flask and Jinja: ten results, no database, no settings."""
    app = Flask("fragment")
    app.jinja_env.loader = DictLoader({"rows.html": FRAGMENT})

    @app.get("/")
    def rows() -> str:
        return render_template("rows.html", rows=ROWS)

    @app.get("/scholen/<slug>")
    def school(slug: str) -> str:
        return slug

    return app


def serve_portal() -> Any:
    """The portal as `flask serve` serves it, on the day of the bench's databases, with a view that
    changes the directory as a notice does, and one that stores a mail."""
    freeze_clock()
    app = create_app()

    @app.post(BENCH_WRITE)
    @public
    def write() -> str:
        write_directory()
        return ""

    @app.post(BENCH_MAIL)
    @public
    def mail() -> str:
        with db.atomic():
            enqueue(Mail(secrets.token_hex(8), "noor@demo.example", "Test", "Test"), "a.example")
        return ""

    app.extensions["csrf"].exempt(write)
    app.extensions["csrf"].exempt(mail)
    return Front(app)
