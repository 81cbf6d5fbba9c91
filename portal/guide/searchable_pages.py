"""What of the guide the one search box finds, and how it is listed there."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from portal.guide.chapters import load_chapters
from portal.guide.glossary import Term, load_terms
from portal.guide.rendering import render
from portal.search.index import Document
from portal.search.registry import PageKind, PageRow


class Tool(NamedTuple):
    """A page that is no chapter, but does something."""

    endpoint: str
    title: str
    about: str
    words: str


TOOLS = (
    Tool("guide.attendance_card", "Verzuimkaart", "Te laat, ziek, weg of verlof: wat doe je nu?",
        "verzuim te laat ziek signaalverzuim verlof vakantie inschrijving uitschrijving"),
    Tool("guide.safety", "Zorgen over veiligheid", "Thuis niet veilig? Zie wie je belt.",
        "veilig thuis meldcode kindermishandeling huiselijk geweld 112 melden"),
    Tool("guide.second_expert", "Wie mag de tweede deskundige zijn?",
        "Bij een overstap naar speciaal onderwijs.",
        "TLV toelaatbaarheidsverklaring deskundige overstap SBO"),
    Tool("guide.intelligence_test", "Wie betaalt het intelligentieonderzoek?",
        "Beantwoord drie vragen, en zie wie betaalt en wie je belt.",
        "intelligentietest IQ test capaciteitenonderzoek capaciteiten betalen"),
    Tool("guide.school_text", "Tekst voor schoolgids of website",
        "Vertel ouders dat werken met een kernteam gewoon is.",
        "schoolgids website ouders tekst kernteam"),
    Tool("guide.glossary", "Wat betekenen de woorden?", "De afkortingen in het routeboek.",
        "afkortingen woordenlijst begrippen"),
)  # fmt: skip


def _documents() -> Iterable[Document]:
    for aid in TOOLS:
        yield Document(aid.endpoint, aid.title, aid.words, aid.about)
    terms = load_terms().values()
    for chapter in load_chapters():
        headings = " ".join(heading.text for heading in render(chapter, "", terms).headings)
        text = " ".join(block.text for block in chapter.blocks)
        yield Document(
            chapter.slug, chapter.title, f"{headings} {chapter.words}", f"{chapter.summary} {text}"
        )
    for term in terms:
        yield Document(_ref(term), term.name, term.stands_for)


def _find(refs: Collection[str]) -> dict[str, PageRow]:
    aids = {aid.endpoint: PageRow(aid.title, aid.about, aid.endpoint, {}) for aid in TOOLS}
    chapters = {
        chapter.slug: PageRow(
            chapter.title, chapter.summary, "guide.chapter", {"slug": chapter.slug}
        )
        for chapter in load_chapters()
    }
    terms = {
        _ref(term): PageRow(
            f"{term.name}: {term.stands_for}",
            term.meaning,
            "guide.glossary",
            {"_anchor": _ref(term)},
        )
        for term in load_terms().values()
    }
    return {ref: row for ref, row in (aids | chapters | terms).items() if ref in refs}


def _ref(term: Term) -> str:
    """Where it stands in the list of words."""
    return f"woord-{term.anchor}"


PAGES = PageKind("routeboek", _documents, _find)
