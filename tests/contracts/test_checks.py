"""The checks of the shared client can fail: each on a page with one fault."""

from xml.etree.ElementTree import tostring

import html5lib
import pytest

from tests import markup
from tests.checks import faults

GOOD = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><title>Kop – Kernwijzer</title></head>
<body><header><nav aria-label="Hoofdmenu"><a href="/">Zoeken</a></nav></header>
<main><h1>Kop</h1><h2>Deel</h2>
<form action="/" method="get" novalidate><label for="q">Zoek</label><input id="q" name="q">
<button type="submit">Zoeken</button></form></main><footer>x</footer></body></html>"""
ERROR = (
    GOOD.replace("<title>", "<title>Fout: ")
    .replace(
        "<h2>Deel</h2>",
        '<div class="errors" role="alert" tabindex="-1" autofocus>'
        "<h2>Er is iets niet goed ingevuld</h2>"
        '<ul><li><a href="#q">Vul iets in.</a></li></ul></div>'
        '<p id="q-fout">Vul iets in.</p>',
    )
    .replace('id="q"', 'id="q" aria-invalid="true" aria-describedby="q-fout"')
)


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD) == []
    assert faults(ERROR, 422) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</main>", "</p></main>"),
        ("<!doctype html>\n", ""),
        ('lang="nl"', 'lang="en"'),
        ("<h1>Kop</h1>", "<h1>Kop</h1><h1>Kop</h1>"),
        ("<h1>Kop</h1>", "<p>Kop</p>"),
        ("<title>Kop", "<title>Anders"),
        ("– Kernwijzer", ""),
        ("<h2>Deel</h2>", "<h3>Deel</h3>"),
        ("<h2>Deel</h2>", '<p id="q">x</p>'),
        ("<h2>Deel</h2>", '<p aria-describedby="weg">x</p>'),
        ('<label for="q">', '<label for="x">'),
        ('name="q">', 'name="q" placeholder="Zoek">'),
        (" novalidate", ""),
        (" novalidate", ' novalidate hx-get="/"'),
        ('action="/" ', ""),
        ('method="get"', 'method="post"'),
        ('<button type="submit">', '<button type="button">'),
        ('<button type="submit">', '<button type="submit" disabled>'),
        (">Zoeken</a>", "></a>"),
        ('<a href="/">', '<a href="#">'),
        ('<a href="/">', '<a href="/" aria-label="Iets anders">'),
        (' aria-label="Hoofdmenu"', ""),
        ("<footer>x</footer>", ""),
        ("</header>", '<nav aria-label="Hoofdmenu"><a href="/x">x</a></nav></header>'),
        ("<title>", "<title>Fout: "),
    ],
)
def test_a_fault_in_a_page_is_found(old: str, new: str) -> None:
    assert old in GOOD
    assert faults(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Fout: ", ""),
        (" autofocus", ""),
        ('tabindex="-1"', ""),
        ('href="#q"', 'href="#x"'),
        (' aria-invalid="true"', ""),
        ('<p id="q-fout">Vul iets in.</p>', '<p id="q-fout">Iets anders.</p>'),
        ("Vul iets in.", "Vul iets in"),
        ("<h2>Er is iets niet goed ingevuld</h2>", "<h2>Fout</h2>"),
        ('<li><a href="#q">Vul iets in.</a></li>', "<li>Vul iets in.</li>"),
    ],
)
def test_a_fault_in_an_error_page_is_found(old: str, new: str) -> None:
    assert old in ERROR
    assert faults(ERROR.replace(old, new), 422)


def test_an_error_page_with_the_wrong_status_is_found() -> None:
    assert faults(ERROR, 200)
    assert faults(GOOD, 422)


def test_a_fault_in_a_fragment_is_found() -> None:
    assert faults("<p>goed</p>", fragment=True) == []
    assert faults("<ul><li>x</ul></p>", fragment=True)


MUCH = GOOD.replace(
    "</form>",
    """<textarea name="x">\r\n\na &lt;b&gt;</textarea></form>
<p>é &amp; &#39;&nbsp;<a href="/?a=1&amp;b">x\n</a><br>y</p><pre>\n1</pre>
<dl><div><dt>a</dt><dd>b</dd></div></dl>
<table><thead><tr><th>1</th></tr></thead></table>
<svg viewBox="0 0 1 1"><path d="M1"/></svg>
<select name='a"b'><option selected>1</option></select>""",
)


def test_a_strict_page_has_the_tree_of_html5lib() -> None:
    full = html5lib.HTMLParser(namespaceHTMLElements=False)
    assert tostring(markup.read(MUCH)) == tostring(full.parse(MUCH))
    assert full.errors == []


NOT_STRICT = [
    "<p>a", "<p>a</b>", "<p><p>a</p></p>", "<p><ul></ul></p>", "<ul><p>a</p></ul>",
    "<li>a</li>", "<dt>a</dt>", "<div><dt>a</dt></div>", "<table><tr></tr></table>",
    "<table>a</table>", "<tr></tr>", "<h2><h3>a</h3></h2>", "<a><span><a>b</a></span></a>",
    "<form><form></form></form>", "<button><i><button>a</button></i></button>",
    "<select><b>a</b></select>", "<div/>", "<b/>", "</br>", "<br></br>", "<x></x>", "<B>a</B>",
    "a < b", "a & b", "&geen;", "&#128;", "<!-- a -->", "\0", "\x80", '<b id="a" id="b">a</b>',
    '<b id="a"class="b">a</b>', "<b id=a>a</b>", "<title>a</title>", "<body></body>",
    "<textarea><b>a</b></textarea>", "<script>a</script>", "<svg>a</svg>", "</main>",
]  # fmt: skip


def test_what_html_repairs_or_forbids_is_no_strict_page() -> None:
    for written in NOT_STRICT:
        with pytest.raises(markup.NotStrict):
            markup.read(GOOD.replace("<h2>", f"{written}<h2>"))
            pytest.fail(written)


@pytest.mark.parametrize(
    ("old", "new"),
    [("<!doctype html>", ""), ("<body>", ""), ("<head>", "<head>a"), ("</html>", "</html>a"),
     ("</html>", ""), ("</body>", "</body><body></body>")],
)  # fmt: skip
def test_a_page_that_is_not_whole_is_no_strict_page(old: str, new: str) -> None:
    with pytest.raises(markup.NotStrict):
        markup.read(GOOD.replace(old, new))
