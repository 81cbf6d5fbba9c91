"""Markdown as safe HTML: the parser of the guide and the handbook, and what it may make."""

from collections.abc import Sequence

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

# It holds rules only, so threads may share it.
MARKDOWN = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .use(front_matter_plugin)
    .use(container_plugin, "block", validate=lambda kind, _: bool(kind.strip()))
)
_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote", "code",
    "pre", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "class", "rel"},
    "th": {"scope"},
}
_SCHEMES = {"https", "mailto", "tel"}


def render_text(text: str) -> Markup:
    """A short Markdown text, such as one of a tool, as HTML."""
    return to_html(MARKDOWN.parse(text))


def to_html(tokens: Sequence[Token]) -> Markup:
    """HTML with allowed elements and attributes only."""
    for block in tokens:
        if block.type == "th_open":
            block.attrSet("scope", "col")
        for inline in block.children or []:
            if inline.type == "link_open" and _leads_away(str(inline.attrGet("href"))):
                inline.attrSet("rel", "noreferrer")
    html = MARKDOWN.renderer.render(tokens, MARKDOWN.options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return Markup(clean)  # noqa: S704 - cleaned just now


def _leads_away(href: str) -> bool:
    return not href.startswith(("/", "#", "mailto:", "tel:"))
