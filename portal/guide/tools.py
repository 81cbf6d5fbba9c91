"""The tools of the guide: pages that apply a rule, or hold a text to copy.

Their texts are data: `guide/tools/<slug>.toml` in the region's folder; the slug is the last part of
the address. `tools` in `region.toml` says which of them are switched on.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup

from portal.guide.attendance_rules import read_attendance_texts
from portal.guide.intelligence_test_rules import read_agreement
from portal.guide.second_expert_rules import read_second_expert_texts
from portal.web.markdown import render_text

ATTENDANCE = "verzuimkaart"
SAFETY = "zorgen-over-veiligheid"
SECOND_EXPERT = "tweede-deskundige"
INTELLIGENCE_TEST = "intelligentieonderzoek"
SCHOOL_TEXT = "schooltekst"
POSTER = "poster"  # has no texts of the region

# The endpoints of their pages, in the order of the contents.
ENDPOINTS = {
    ATTENDANCE: "guide.attendance_card",
    SAFETY: "guide.safety",
    SECOND_EXPERT: "guide.second_expert",
    INTELLIGENCE_TEST: "guide.intelligence_test",
    SCHOOL_TEXT: "guide.school_text",
}


class Tool(NamedTuple):
    """A tool, with the texts that every tool has."""

    slug: str
    title: str
    summary: str  # beside its title in the contents and among the results of a search
    words: str  # other words to find it by
    lead: str
    chapter: str  # the slug of the chapter with the whole agreement
    chapter_link: str  # the text of the link to it
    source: str
    sectors: tuple[str, ...]  # the schools that the agreement was made for; empty: all
    other_sectors: str  # a caveat for other schools; {sector} is filled in
    texts: Any  # of this tool alone: AttendanceTexts, SafetyTexts, …

    @property
    def endpoint(self) -> str:
        return ENDPOINTS[self.slug]

    def caveat_for(self, sector: str, label: str) -> str:
        """The caveat at a school of `sector` (in a sentence: `label`), or "" where the agreement
        was made for schools of this sector."""
        if not self.sectors or sector in self.sectors:
            return ""
        return self.other_sectors.format(sector=label)


class Signal(NamedTuple):
    """A worry about safety, and the steps to take."""

    heading: str
    text: Markup
    to_confirm: bool  # whether `SafetyTexts.to_confirm` stands below it


class SafetyTexts(NamedTuple):
    """The texts of the page about worries about safety."""

    signals: tuple[Signal, ...]
    calls: tuple[str, ...]  # roles or services to call, the first first
    to_confirm: str


def read_tool(slug: str, values: Mapping[str, Any]) -> Tool:
    """A tool out of the tables of its file. Raises KeyError, TypeError or ValueError for a text
    that is missing or invalid."""
    tool = Tool(
        slug=slug,
        **{name: values[name] for name in ("title", "summary", "words", "lead", "chapter", "chapter_link", "source")},
        sectors=tuple(values.get("sectors", [])),
        other_sectors=values.get("other_sectors", ""),
        texts=_READERS[slug](values),
    )
    tool.other_sectors.format(sector="")
    return tool


def _read_safety_texts(values: Mapping[str, Any]) -> SafetyTexts:
    signals = tuple(
        Signal(row["heading"], render_text(row["text"]), row.get("to_confirm", False)) for row in values["signals"]
    )
    return SafetyTexts(signals, tuple(values["calls"]), values["to_confirm"])


def _read_school_texts(values: Mapping[str, Any]) -> Mapping[str, Markup]:
    """The text to copy, by sector."""
    return {row["sector"]: render_text(row["text"]) for row in values["texts"]}


_READERS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    ATTENDANCE: read_attendance_texts,
    SAFETY: _read_safety_texts,
    SECOND_EXPERT: read_second_expert_texts,
    INTELLIGENCE_TEST: read_agreement,
    SCHOOL_TEXT: _read_school_texts,
}
