"""The links of contact details as HTML. Not by macros: a page of a school has forty of them."""

from typing import Any

from markupsafe import Markup

from portal import email_addresses, phones
from portal.web.formatting import site, site_link
from portal.web.rendering import escape_text as escape


def tel(value: str, name: str, news_id: str = "") -> Markup:
    """The link that calls a stored number of `name`. `news_id` is the id of the element that a
    screen reader reads with it."""
    shown = escape(phones.grouped(value))
    news = f' aria-describedby="{escape(news_id)}"' if news_id else ""
    label = f'aria-label="Bel {escape(name)}: {shown}"{news}'
    return Markup(f'<a class="phone-link" href="{escape(phones.link(value))}" {label}>{shown}</a>')  # noqa: S704


def reach(detail: Any, name: str, news_id: str = "") -> Markup:
    """The link of a detail of `name`: a number, an address or a website."""
    value = detail.value
    if detail.kind == "phone":
        return tel(value, name, news_id)
    if detail.kind == "email":
        link = f'class="email-link" href="{escape(email_addresses.link(value))}">{escape(value)}'
    else:
        shown, link = escape(site(value)), escape(site_link(value))
        link = f'class="website-link" href="{link}" rel="noreferrer">{shown}'
    return Markup(f"<a {link}</a>")  # noqa: S704
