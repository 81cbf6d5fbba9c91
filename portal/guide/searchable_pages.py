"""The pages of the guide that the search box finds: tools, chapters and terms."""

from collections.abc import Collection, Iterable

from portal.guide.content import Content, current_content
from portal.guide.glossary import Term
from portal.guide.rendering import render_chapter
from portal.region import current_region
from portal.search.finding import PageKind, PageRow
from portal.search.index import Document

_GLOSSARY = "woorden"
_GLOSSARY_WORDS = "afkortingen woordenlijst begrippen"


def list_tools(content: Content) -> dict[str, PageRow]:
    """The tools and the glossary, as lines of the contents or of the results of a search."""
    rows = {tool.slug: _row(tool.title, tool.summary, tool.endpoint) for tool in content.tools.values()}
    about = f"De afkortingen in {current_region().guide.with_article.lower()}."
    rows[_GLOSSARY] = _row("Wat betekenen de woorden?", about, "guide.glossary")
    return rows


def _row(title: str, about: str, endpoint: str, **values: str) -> PageRow:
    return PageRow(current_region().guide.name.lower(), title, about, endpoint, values)


def _documents() -> Iterable[Document]:
    content = current_content()
    for slug, row in list_tools(content).items():
        words = _GLOSSARY_WORDS if slug == _GLOSSARY else content.tools[slug].words
        yield Document(slug, row.title, words, row.about)
    for chapter in content.chapters:
        rendered = render_chapter(chapter, "", content.terms)
        headings = " ".join(heading.text for heading in rendered.headings)
        text = " ".join(block.text for block in chapter.blocks)
        yield Document(chapter.slug, chapter.title, f"{headings} {chapter.words}", f"{chapter.summary} {text}")
    for term in content.terms:
        yield Document(_ref(term), term.name, term.stands_for)


def _find(refs: Collection[str]) -> dict[str, PageRow]:
    content = current_content()
    rows = list_tools(content)
    for chapter in content.chapters:
        rows[chapter.slug] = _row(chapter.title, chapter.summary, "guide.chapter", slug=chapter.slug)
    for term in content.terms:
        title = f"{term.name}: {term.stands_for}"
        rows[_ref(term)] = _row(title, term.meaning, "guide.glossary", _anchor=_ref(term))
    return {ref: row for ref, row in rows.items() if ref in refs}


def _ref(term: Term) -> str:
    """The anchor of a term in the glossary."""
    return f"woord-{term.anchor}"


PAGES = PageKind("guide", _documents, _find)
