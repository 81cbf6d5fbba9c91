"""The request for an account of the Verwijsindex, against a table that somebody wrote from the
source documents without having read the code (`verwijsindex.csv`; tests/guide/test_expected.py).
"""

import csv
from pathlib import Path

from portal.requests.models import Request
from tests.checks import texts
from tests.requests.conftest import Browser, ask, mails

with Path(__file__).with_name("verwijsindex.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
FIELDS = ("school", "adres", "telefoon_school", "naam", "functie", "email")


def test_every_answer_is_as_the_table_says(browser: Browser) -> None:
    for row in ROWS:
        if row["leeftijd_tekst"]:  # no field: the page says “0 tot 23 jaar” (tests/guide/facts.csv)
            continue
        answer = ask(browser(), "verwijsindex", **{name: row[name] for name in FIELDS})
        if row["verwacht"].startswith("fout"):
            assert answer.status_code == 422, row
            assert texts(answer.text, "error"), row
        else:
            assert answer.status_code == 302, row


def test_the_request_goes_to_the_address_of_the_source_and_names_the_verwijsindex(browser: Browser) -> None:
    ask(browser("reader"), "verwijsindex", **{name: ROWS[0][name] for name in FIELDS[:-1]})
    assert Request.select().count() == 1
    (mail,) = mails("mailbox")
    for named in ROWS[0]["noemt"].split("|"):
        assert named in f"{mail.recipient} {mail.subject}"
    page = browser("reader").get("/aanvragen/verwijsindex").text
    assert "Te bevestigen" in page
