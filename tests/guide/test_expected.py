"""The answers of the tools, against a table that somebody wrote from the source documents without
having read the code (`expected/`, 26 November 2026).

A row holds what is asked (each field as it stands in the address; an empty field is sent empty),
the day of today (2026-11-26 unless it says another), and what the page must answer: `verwacht` (the
kind of answer), `getal` and `datum` (a number or days in it), `ook` (what it must say beside it),
`ook_goed` (another right answer), `noemt` (words or numbers, between bars), `waarom` (file:line of
the source). “bron zwijgt”: the source says nothing, and any answer passes.
"""

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.database import connection
from portal.directory.schools_and_kernen import list_schools
from portal.guide import forms
from portal.web.formatting import weekday
from tests.checks import as_page, extract, parse, text, texts
from tests.clock import stopped_at
from tests.conftest import CheckedClient

EXPECTED = Path(__file__).with_name("expected")
TODAY = "2026-11-26"
_ANSWER = (
    "nr", "pagina", "vandaag", "verwacht", "getal", "datum", "ook", "ook_goed", "noemt", "twijfel",
    "waarom",
)  # fmt: skip
_OPTIONAL = ("school", "woont", "plaats")

# The kind of an answer, by the beginning or a part of its heading.
KINDS = {
    "holiday_leave": {
        "Dit verlof mag niet.": "mag niet",
        "Dit verlof mag. De directeur beslist.": "mag",
        "Dit verlof mag alleen als de ouders het op tijd vroegen": "termijn voorbij",
        "Of dit verlof mag, is nog niet zeker.": "nog niet zeker",
        "Op deze dagen is geen school": "geen verlof nodig",
    },
    "other_leave": {
        "de school beslist zelf": "directeur beslist",
        "stuur de vraag door naar de leerplichtambtenaar": "naar leerplicht",
        "Dit verlof mag niet.": "mag niet",
    },
    "registration": {
        "Meld het bij DUO, uiterlijk": "meld uiterlijk",
        "De laatste dag is nog niet zeker": "nog niet zeker",
    },
    "absence": {
        "nog niet verplicht bij leerplicht, wel bij het samenwerkingsverband": "meld bij SWV",
        "je moet dit melden bij leerplicht": "meld bij leerplicht en SWV",
    },
    "second_expert": {
        "als tweede deskundige: te bevestigen": "nog niet zeker",
        "mag niet de tweede deskundige zijn": "mag niet",
        "zijn, als die echt betrokken is": "mag als betrokken",
        "mag de tweede deskundige zijn": "mag",
        "De eerste deskundige is": "lijst",
    },
    "late": {"dit is aan de school zelf": "school", "meld het bij leerplicht": "meld bij leerplicht"},
    "illness": {"Vraag de ouders": "vraag ouders, zo nodig jeugdarts"},
    "intelligence_test": {
        "De school betaalt": "school betaalt",
        "een IQ-onderzoek kan deel zijn van de zorg": "CJG leidt toe",
        "De ouders kunnen het zelf betalen": "ouders kunnen zelf betalen",
    },
}
# Words of the page for what it must say as well.
ALSO = {
    "termijn voorbij": ("al voorbij", "mag alleen als de ouders het op tijd vroegen"),
    "geen schooldag": ("is geen schooldag",),
    "nog niet zeker": ("nog niet zeker",),
    "te bevestigen": ("Te bevestigen", "niet duidelijk"),
    "twee contacten, te bevestigen": ("spreekt zichzelf tegen",),
    "niet in dit routeboek": ("staat niet in het Routeboek",),
    "ouders kunnen zelf betalen": ("Ouders kunnen er dan voor kiezen om het zelf te betalen",),
}
# Rows that the sources do not bear out, by file and number, with the reason.
_NUMBER_FIRST = (
    "The CJG of the pupil’s municipality is there, with its number: numbers come before addresses (000:19-21, 002:36)."
)
DECIDED = {("second_expert", "306"): _NUMBER_FIRST, ("second_expert", "310"): _NUMBER_FIRST}


def list_rows(name: str) -> list[dict[str, str]]:
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_has_the_boundaries_of_every_tool() -> None:
    assert sum(len(list_rows(path.stem)) for path in EXPECTED.glob("*.csv")) > 900


def test_every_worry_about_safety_is_answered_as_the_table_says(client: CheckedClient) -> None:
    pages: dict[str, tuple[str, dict[str, str]]] = {}
    for row in list_rows("safety"):
        address = f"{row['pagina']}?school={row['school']}"
        if address not in pages:
            page = client.get(address).text
            signals = [part for part in parse(page).iter("details") if part.get("name") == "antwoord"]
            pages[address] = page, {text(next(signal.iter("summary"))): text(signal) for signal in signals}
        page, shown = pages[address]
        answer = shown.get(row["antwoord"], page)
        for named in filter(None, row["noemt"].split("|")):
            assert named.lower() in answer.lower(), row


def test_the_jgz_of_every_age_is_as_the_table_says(client: CheckedClient) -> None:
    page = parse(client.get("/routeboek/jeugdgezondheidszorg").text)
    folded = {
        text(next(part.iter("summary"))): text(part) for part in page.iter("details") if part.get("name") == "uitklap"
    }
    words = {
        "onderzoek": "lengte en gewicht",
        "onderzoek groep 7": "lengte en gewicht",
        "twee prikken": "Twee prikken",
        "uitnodiging HPV": "uitnodiging",
        "wel JGZ, geen vast moment": "geen vast moment",
    }
    for row in list_rows("jgz"):
        if row["verwacht"] == "bron zwijgt":
            continue
        if row["groep"]:
            answer = folded[f"Groep {row['groep']}"]
        else:
            age = int(row["leeftijd"])
            answer = next((folded[name] for name in folded if age in _ages(name)), "")
        outside_haarlemmerliede = "Alleen in Haarlemmerliede" in answer
        if row["verwacht"] == "buiten JGZ" or outside_haarlemmerliede:
            assert not answer or outside_haarlemmerliede, row
        else:
            assert words[row["verwacht"]] in answer, row
        assert all(named in answer for named in filter(None, row["noemt"].split("|"))), row
        assert not row["ook"] or row["ook"] in answer, row


def _ages(heading: str) -> range:
    """The ages of a heading: “5 of 6 jaar”, “11-18 jaar”."""
    numbers = [int(number) for number in re.findall(r"\d+", heading)]
    return range(0) if heading.startswith("Groep") else range(numbers[0], numbers[-1] + 1)


def find_kind(name: str, page: Any) -> tuple[str, str]:
    """The kind of the answer on a page, and the text of the answer."""
    if page.status_code == 422:
        return "fout", " ".join(texts(page.text, "error"))
    answer = parse(as_page(extract(r'(<section[^>]* id="antwoord">[\s\S]*?</section>)', page.text)))
    heading = text(next(answer.iter("h2")))
    return next(kind for part, kind in KINDS[name].items() if part in heading), text(answer)


def list_faults(name: str, row: dict[str, str], page: Any) -> list[str]:
    """The answers of the page that differ from the row."""
    if row["verwacht"] == "bron zwijgt":
        return []
    kind, shown = find_kind(name, page)
    others = re.split(r"[|]| / ", row["ook_goed"])
    wanted = row["verwacht"].partition(":")[0]
    if kind != wanted:
        for other in others:
            named, _, day = re.sub(r":.*", "", other).partition(" 20")
            if named == kind and (not day or _is_shown(name, f"20{day}", shown)):
                return []
        return [f"{kind}: {shown[:80]}"]
    if kind == "fout":
        return []
    faults = []
    dates = [other.rpartition(" ")[2] for other in others]
    for column in ("getal", "datum"):
        # “Op deze dagen is geen school” says the number of school days: none.
        values = [row[column], *dates] if row[column] and row[column] != "0" else []
        if values and not any(_is_shown(name, value, shown) for value in values if value):
            faults.append(f"{column} {row[column]}: {shown[:300]}")
    for also in filter(None, row["ook"].split("|")):
        if not any(words in shown for words in ALSO[also]):
            faults.append(f"zegt niet ook {also}")
    digits = re.sub(r"\D", "", shown)
    for named in filter(None, row["noemt"].split("|")):
        number = re.sub(r"[ -]", "", named)
        if not (number in digits if number.isdigit() else named.lower() in shown.lower()):
            faults.append(f"noemt niet {named}")
    return faults


def _is_shown(name: str, value: str, shown: str) -> bool:
    """Whether an answer holds a day (`2026-12-31`) or a number."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return weekday(date.fromisoformat(value)).lower() in shown.lower()
    before = "(?:is|zijn) " if name == "holiday_leave" else ""
    return bool(re.search(rf"(?<!\d){before}{re.escape(value)}(?!\d)", shown))


@pytest.mark.parametrize("name", KINDS)
def test_every_answer_is_as_the_table_says(app: Flask, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = list_rows(name)
    # Choosing from all schools takes half of the time of a page.
    asked_for = {row["school"] for row in table}
    with connection():
        schools = [school for school in list_schools() if school.slug in asked_for]
    monkeypatch.setattr(forms, "list_schools", lambda: schools)
    client = CheckedClient(app, app.response_class, checks=False)  # test_tools checks these pages
    faults = {}
    for row in table:
        asked = {
            field: value for field, value in row.items() if field not in _ANSWER and (value or field not in _OPTIONAL)
        }
        with stopped_at(date.fromisoformat(row["vandaag"] or TODAY)):
            page = client.get(row["pagina"], query_string=asked)
            found = list_faults(name, row, page)
        if found and (name, row["nr"]) not in DECIDED:
            faults[row["nr"]] = (found, row["waarom"])
    assert not faults, "\n".join(f"{number}: {fault}" for number, fault in faults.items())
