"""Readers of the guide: they find a chapter, read on, look up a term and print."""

import re
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from portal.guide.chapters import Chapter
from portal.guide.content import GuideError, load_content
from portal.guide.rendering import render_chapter
from portal.web.markdown import render_text
from tests.checks import parse, text, texts
from tests.conftest import CheckedClient
from tests.contracts.templates import FORBIDDEN
from tests.guide import readability
from tests.guide.content import CONTENT

CHAPTERS = CONTENT.chapters
TERMS = {term.name: term for term in CONTENT.terms}
SLUGS = [chapter.slug for chapter in CHAPTERS]


_pages: dict[str, str] = {}


def body(client: CheckedClient, slug: str) -> str:
    """The page of a chapter for somebody who chose nothing; asked for once."""
    if slug not in _pages:
        _pages[slug] = client.get(f"/routeboek/{slug}").text
    return _pages[slug]


def test_the_contents_lead_to_every_chapter_in_its_order(client: CheckedClient) -> None:
    page = client.get("/routeboek").text
    assert re.findall(r'class="list-row__title" href="/routeboek/([\w-]+)"', page) == SLUGS
    assert len(SLUGS) == 17
    assert SLUGS[-1] == "over-dit-routeboek"


def test_no_chapter_hides_behind_the_address_of_another_page(app: Flask) -> None:
    fixed = {rule.rule for rule in app.url_map.iter_rules()}
    assert not fixed & {f"/routeboek/{slug}" for slug in SLUGS}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_shows_its_source_decision_age_and_owner(client: CheckedClient, slug: str) -> None:
    (origin,) = texts(body(client, slug), "facts--source")
    for label in ("Bron", "Vastgesteld", "Geldt voor", "Laatst gecontroleerd", "Nakijken vóór"):
        assert label in origin
    chapter = CONTENT.find_chapter(slug)
    assert chapter
    for source in chapter.sources:
        assert f"{source.document}, “{source.place}”" in origin


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_has_the_contents_beside_it(client: CheckedClient, slug: str) -> None:
    page = body(client, slug)
    nav = next(e for e in parse(page).iter("nav") if e.get("id") == "inhoudsopgave")
    assert [text(link) for link in nav.iter("a")] == ["Inhoud", *(c.title for c in CHAPTERS)]
    (here,) = [link for link in nav.iter("a") if link.get("aria-current")]
    assert here.get("href") == f"/routeboek/{slug}"


def test_links_lead_from_the_first_chapter_to_the_last_and_back(client: CheckedClient) -> None:
    for before, after in pairwise(CHAPTERS):
        assert f'href="/routeboek/{after.slug}" rel="next"' in body(client, before.slug)
        assert f'href="/routeboek/{before.slug}" rel="prev"' in body(client, after.slug)
    assert 'rel="prev"' not in body(client, SLUGS[0])
    assert 'rel="next"' not in body(client, SLUGS[-1])


def test_an_overdue_check_is_shown(client: CheckedClient) -> None:
    chapter = CHAPTERS[0]
    assert chapter.is_overdue(date(2025, 1, 2))
    assert not chapter.is_overdue(date(2025, 1, 1))
    assert "Controle te laat" in body(client, chapter.slug)
    assert "Controle te laat" in client.get("/routeboek").text


def test_a_chapter_is_to_be_reviewed_within_a_year() -> None:
    assert all((c.review_by - c.checked_on).days <= 366 for c in CHAPTERS)


def test_blocks_for_po_and_vo_are_marked_until_a_choice_is_made(client: CheckedClient) -> None:
    page = body(client, "wat-is-een-kernteam")
    assert "Basisonderwijs (PO)" in page
    assert "Voortgezet onderwijs (VO)" in page


def test_a_choice_for_vo_holds_for_the_next_page(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class)
    client.get("/routeboek?voor=vo")
    page = client.get("/routeboek/wat-is-een-kernteam").text
    assert "de zorgcoördinator of de intern begeleider" in page
    assert "Op de basisschool horen" not in page
    client.get("/routeboek?voor=alle")
    assert "Op de basisschool horen" in client.get("/routeboek/wat-is-een-kernteam").text


def test_a_reader_for_vo_sees_that_an_agreement_was_made_for_po(client: CheckedClient) -> None:
    page = client.get("/routeboek/het-grijze-gebied?voor=vo").text
    assert "Dit is afgesproken voor het basisonderwijs (PO)." in page
    assert "Of het ook geldt voor het voortgezet onderwijs (VO), zegt de bron niet." in page


def test_a_chapter_for_po_alone_says_so_before_a_choice_is_made(client: CheckedClient) -> None:
    assert "Afgesproken voor PO" in body(client, "het-grijze-gebied")
    assert "Afgesproken voor" not in body(client, "samen-leren")


def test_an_unknown_choice_changes_nothing(client: CheckedClient) -> None:
    assert client.get("/routeboek/verzuim?voor=hbo").status_code == 200


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_explained_where_it_first_occurs_in_a_chapter(client: CheckedClient, name: str) -> None:
    term = TERMS[name]
    page = body(client, next(c.slug for c in CHAPTERS if term in render_chapter(c, "", CONTENT.terms).terms))
    assert page.count(f'href="#woord-{term.anchor}"') == 1
    assert page.count(f'href="#bij-{term.anchor}"') == 1
    assert f'id="woord-{term.anchor}"' in page
    assert term.meaning in page
    assert name in body(client, "woorden")


def test_the_page_to_print_holds_every_chapter_and_explains_each_term_once(client: CheckedClient) -> None:
    page = client.get("/routeboek/alles").text
    headings = [text(h) for h in parse(page).iter("h2")]
    assert headings[:-1] == [f"{at} {c.title}" for at, c in enumerate(CHAPTERS, start=1)]
    for term in CONTENT.terms:
        assert page.count(f'id="woord-{term.anchor}"') == 1


def test_every_link_within_the_portal_leads_somewhere(client: CheckedClient) -> None:
    get = cache(client.get)  # most links stand on every page
    for path in (*(f"/routeboek/{slug}" for slug in SLUGS), "/routeboek/alles"):
        page = get(path).text
        ids = {e.get("id") for e in parse(page).iter() if e.get("id")}
        for link in parse(page).iter("a"):
            address, _, anchor = (link.get("href") or "").partition("#")
            if anchor and not address:
                assert anchor in ids, f"{path}: #{anchor}"
            elif address.startswith("/"):
                answer = get(address)
                assert answer.status_code == 200, f"{path}: {address}"
                assert not anchor or f'id="{anchor}"' in answer.text, f"{path}: {link.get('href')}"


def test_external_links_are_secure_and_free_of_the_typing_error_of_the_source() -> None:
    written = " ".join(block.text for c in CHAPTERS for block in c.blocks)
    links = re.findall(r"\]\((\S+?)\)", written)
    assert {link.split(":")[0] for link in links if not link.startswith("/")} == {"https", "mailto"}
    assert "ggdkennerland" not in written


def test_an_external_link_sends_no_referrer() -> None:
    assert 'rel="noreferrer"' in render_text("[x](https://elders.example)")
    assert "rel" not in render_text("[x](/scholen) [y](mailto:a@b.example)")


def test_no_person_of_the_source_documents_is_named(client: CheckedClient) -> None:
    written = client.get("/routeboek/alles").text.casefold()
    for name in ("zwart", "albers", "kammeijer", "horst", "jansen", "swv-db", "06-", "06 "):
        assert name not in written


@pytest.mark.parametrize("slug", SLUGS)
def test_a_chapter_is_written_in_plain_words(client: CheckedClient, slug: str) -> None:
    article = next(parse(body(client, slug)).iter("article"))
    written = text(article)
    for pattern, why in FORBIDDEN[-2:]:
        assert not re.search(pattern, written), why
    for tag in ("h1", "h2", "h3"):
        assert not [h for h in article.iter(tag) if re.search("[\"']", text(h))]


def test_every_chapter_reads_easily(client: CheckedClient, capsys: pytest.CaptureFixture[str]) -> None:
    """Flesch-Douma at least 50, on average at most 12 words a sentence, at most 20 in one."""
    figures = {}
    for chapter in CHAPTERS:
        html = " ".join(html for _, html in render_chapter(chapter, "", CONTENT.terms).blocks)
        root = parse(f"<p>{chapter.summary}</p>{html}")
        figures[chapter.slug] = readability.measure(root)
    with capsys.disabled():
        print("\n\nFlesch-Douma  woorden per zin")
        for slug, measured in figures.items():
            print(f"{measured.score:12.0f}  {measured.mean:15.1f}  {slug}")
    assert {s: f.score for s, f in figures.items() if f.score < 50} == {}
    assert {s: f.mean for s, f in figures.items() if f.mean > 12} == {}
    assert {s: f.longest for s, f in figures.items() if len(f.longest.split()) > 20} == {}


def test_the_readability_score_separates_plain_from_official_text() -> None:
    plain = parse("<p>Bel je coach. Dat mag altijd. Wacht niet te lang.</p>")
    official = parse(
        "<p>Teneinde de ondersteuningsbehoefte adequaat te inventariseren verdient het "
        "aanbeveling de verantwoordelijkheden multidisciplinair te beleggen.</p>"
    )
    assert readability.measure(plain).score > 80
    assert readability.measure(official).score < 20


def test_a_chapter_names_the_people_of_the_chosen_school(client: CheckedClient) -> None:
    school = "school=08vo00-jong-geleerd"
    page = client.get(f"/routeboek/verzuim?{school}&woont=haarlem").text
    section = page.partition('id="antwoord"')[2].partition("<form")[0]
    for shown in ("Leerplichtambtenaar", "Consulent Ouders", "Schoolcoach (Altra)", "Jeugdarts"):
        assert shown in section
    assert "voor een leerling uit Haarlem" in section
    assert "passendonderwijs-zk.nl/ouderpagina" in section, "where there is no number"
    assert 'href="tel:' in section
    assert 'href="#antwoord"' in page
    assert 'id="antwoord"' not in body(client, "samen-leren")


@pytest.mark.parametrize("address", [*SLUGS, "alles", "verzuimkaart?wat=ziek"])
def test_every_address_in_a_text_is_a_link(client: CheckedClient, address: str) -> None:
    main = next(parse(body(client, address)).iter("main"))
    linked = " ".join(text(link) + (link.get("href") or "") for link in main.iter("a"))
    for found in re.findall(r"[\w.+-]+@[\w-]+\.[\w.]*\w|www\.[\w./-]*\w", text(main)):
        assert found in linked


def test_the_list_for_a_first_meeting_has_a_box_for_each_line(client: CheckedClient) -> None:
    (first, second) = (
        part for part in parse(body(client, "samen-rond-een-leerling")).iter("div")
        if part.get("class") == "checklist"
    )  # fmt: skip
    labels = [label for part in (first, second) for label in part.iter("label")]
    assert len(labels) == 10
    for label in labels:
        (box,) = label.iter("input")
        assert box.get("type") == "checkbox"
        assert not box.get("name"), "a tick is never sent"
        assert text(label).endswith("?")


# ---- malformed chapters -------------------------------------------------------------------------

HEAD = """---
title = "T"
summary = "S"
sources = [{ document = "D", place = "P" }]
owner = "coördinator"
ask = "iemand"
checked_on = 2024-01-01
review_by = 2025-01-01
sectors = ["po"]
---
"""


def written(tmp_path: Path, text_: str) -> tuple[Chapter, ...]:
    (tmp_path / "01-proef.md").write_text(text_, "utf-8")
    (tmp_path / "terms.toml").write_text("terms = []", "utf-8")
    return load_content(tmp_path, frozenset()).chapters


def test_html_in_a_chapter_is_escaped(tmp_path: Path) -> None:
    (chapter,) = written(
        tmp_path,
        HEAD
        + '<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror="y">\n\n![x](https://elders.example/x.png)\n',
    )
    html = render_chapter(chapter, "", CONTENT.terms).blocks[0][1]
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "href" not in html


@pytest.mark.parametrize(
    ("text_", "why"),
    [
        ("zonder begin", "01-proef.md"),
        ("", "01-proef.md"),
        (HEAD.replace('title = "T"\n', "") + "x", "title"),
        (HEAD + "::: havo\nx\n:::\n", "::: havo kennen we niet"),
        (HEAD + "::: contacten\n:::\n", "::: contacten kennen we niet"),
        (HEAD + "::: po\nx\n", "::: po eindigt niet"),
        (HEAD + "::: po\nx\n\n\n", "::: po eindigt niet"),
        (HEAD + "- x\n\n  ::: po\n  x\n  :::\n", "begint of eindigt niet goed"),
        (HEAD + "::: po\n::: vo\n:::\n", "begint of eindigt niet goed"),
        (HEAD + "x\n:::\n", "begint of eindigt niet goed"),
    ],
)
def test_the_error_for_a_malformed_chapter_names_the_fault(tmp_path: Path, text_: str, why: str) -> None:
    with pytest.raises(GuideError, match=re.escape(why)):
        written(tmp_path, text_)
