"""Markdown as safe HTML: the parser of the guide and the handbook, and what it may make."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TAGS = {
    "p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "br", "blockquote", "code",
    "pre", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"*": {"id"}, "a": {"href", "class", "rel"}, "th": {"scope"}}
_SCHEMES = {"https", "mailto", "tel"}


@cache
def parser() -> "MarkdownIt":
    """The parser. It holds rules only, so threads may share it; few requests need it."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.container import container_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    return (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .use(front_matter_plugin)
        .use(container_plugin, "block", validate=lambda kind, _: bool(kind.strip()))
    )


def render_text(text: str) -> Markup:
    """A short Markdown text, such as one of a tool, as HTML."""
    return to_html(parser().parse(text))


def to_html(tokens: "Sequence[Token]") -> Markup:
    """HTML with allowed elements and attributes only."""
    import nh3

    for block in tokens:
        if block.type == "th_open":
            block.attrSet("scope", "col")
        for inline in block.children or []:
            if inline.type == "link_open" and _leads_away(str(inline.attrGet("href"))):
                inline.attrSet("rel", "noreferrer")
    html = parser().renderer.render(tokens, parser().options, {})
    clean = nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
    return Markup(clean)  # noqa: S704 - cleaned just now


def _leads_away(href: str) -> bool:
    return not href.startswith(("/", "#", "mailto:", "tel:"))
