"""The links of contact details say whose they are, and hold no HTML that somebody typed."""

import pytest

from portal.directory.contact_details import Detail
from portal.web.contact_links import reach


@pytest.mark.parametrize(
    ("kind", "value", "link"),
    [
        (
            "phone",
            "+31235113660",
            '<a class="phone-link" href="tel:+31235113660" aria-label="Bel A &amp; &lt;B&gt;: '
            '023 511 36 60" aria-describedby="nieuws">023 511 36 60</a>',
        ),
        (
            "email",
            "a&b@school.example",
            '<a class="email-link" href="mailto:a%26b@school.example">a&amp;b@school.example</a>',
        ),
        (
            "website",
            'school.example/"x',
            '<a class="website-link" href="https://school.example/&#34;x" rel="noreferrer">school.example/&#34;x</a>',
        ),
    ],
)
def test_a_link_is_escaped(kind: str, value: str, link: str) -> None:
    assert reach(Detail(kind, value, ""), "A & <B>", "nieuws") == link
