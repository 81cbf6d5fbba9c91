"""Django as `make bench-peers` asks it; runs in the environment of the peers.

    peer_django.py DATABASE ROUNDS < texts.json

Prints seconds of CPU by name, as JSON.
"""

import json
import sys
import time
from typing import Any
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import django
from django.conf import settings

FRAGMENT = """<ul class="list">
{% for row in rows %}
<li>
<div class="list-row__main">
<a class="list-row__title" href="{% url 'page' row.path %}">{{ row.title }}</a>
<span class="supporting-text">{{ row.about }}</span>
</div>
<div class="list-row__contact">
<span class="list-row__via">{{ row.caller }}</span>
<a class="phone-link" href="tel:{{ row.number }}"
 aria-label="Bel {{ row.caller }}">{{ row.number }}</a>
</div>
</li>
{% endfor %}
</ul>
"""
LOADERS = [
    ("django.template.loaders.cached.Loader",
     [("django.template.loaders.locmem.Loader", {"rows.html": FRAGMENT})])
]  # fmt: skip
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of no use",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3", "NAME": sys.argv[1], "CONN_MAX_AGE": None,
        }
    },
    TEMPLATES=[
        {"BACKEND": "django.template.backends.django.DjangoTemplates",
         "OPTIONS": {"loaders": LOADERS}}
    ],
)  # fmt: skip
django.setup()

# Django's parts need the settings above.
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import path  # noqa: E402


class Peer(models.Model):
    """A school or a person."""

    path = models.TextField()
    title = models.TextField()
    about = models.TextField()
    caller = models.TextField()
    number = models.TextField()

    class Meta:
        app_label = "peers"
        db_table = "peer"
        managed = False


def contains(request: HttpRequest) -> HttpResponse:
    """Each word somewhere in the title or the line."""
    found = Peer.objects.all()
    for word in request.GET["q"].split():
        found = found.filter(Q(title__icontains=word) | Q(about__icontains=word))
    return render(request, "rows.html", {"rows": found.order_by("title")[:10]})


def full_text(request: HttpRequest) -> HttpResponse:
    """Each word, the last one as a beginning, by FTS5 in the order of the rows."""
    *whole, last = request.GET["q"].split()
    query = " ".join([*(f'"{word}"' for word in whole), f'"{last}"*'])
    found = Peer.objects.raw(
        "SELECT peer.* FROM peer_fts JOIN peer ON peer.id = peer_fts.rowid "
        "WHERE peer_fts MATCH %s ORDER BY peer_fts.rowid LIMIT 10",
        [query],
    )
    return render(request, "rows.html", {"rows": found})


urlpatterns = [path("contains", contains), path("full-text", full_text), path("<path:path>", contains, name="page")]


def main() -> None:
    """Measure and print."""
    texts, rounds, app = json.load(sys.stdin), int(sys.argv[2]), WSGIHandler()
    names = {"Django, FTS5": "/full-text", "Django, icontains": "/contains"}
    costs = {
        name: sum(min(ask(app, address, text) for _ in range(rounds)) for text in texts) / len(texts)
        for name, address in names.items()
    }
    print(json.dumps(costs))


def ask(app: Any, address: str, text: str) -> float:
    """The CPU time of one request, in seconds."""
    environ: dict[str, Any] = {"PATH_INFO": address, "QUERY_STRING": f"q={quote(text)}"}
    setup_testing_defaults(environ)
    statuses: list[str] = []
    begun = time.process_time()
    answer = app(environ, lambda status, headers: statuses.append(status))
    body = b"".join(answer)
    cost = time.process_time() - begun
    assert statuses == ["200 OK"], statuses
    assert b"</ul>" in body
    answer.close()
    return cost


if __name__ == "__main__":
    main()
