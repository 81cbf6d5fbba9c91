"""Random requests: addresses, forms, bodies and headers that a stranger may send.

Everything follows from a seeded `random.Random`, so that a run can be repeated.
"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple
from urllib.parse import quote, quote_from_bytes, urlencode

CANARY = "<script>alert(1)</script>"  # may stand in no page as it is

# Values that somebody may type, paste or forge; bytes are no UTF-8.
ODD: list[str | bytes] = [
    "", " ", "0", "-1", "1", "999999", "9" * 30, "1e9", "NaN", "٣", "²", "½", "x", "X" * 300,
    "é" * 5000, CANARY, f'"><{CANARY}', "' OR 1=1 --", '"', '"a" NEAR(', "a* OR *", "%", "_", "\\",
    "../../etc/passwd", "..%2f..", "%00", "\x00", "a\x00b", "a\r\nBcc: z@z.example", "\u2028",
    "\u00a0", "\u200b", "\u202e", "\ufeff", "\U0001f469\u200d\U0001f3eb", "I\u0307", "ß", "Ǆ",
    "{{ 7*7 }}", "${7*7}", "2026-02-30", "2027-02-01", "1-2-2027", "9999-12-31", "0000-00-00",
    "2026-11-23", "31 februari 2027", "jan@school.example", "a@b@c", "Jan <jan@school.example>",
    "a?bcc=z@school.example", "+31 6 12345678", "0235113660 ext. 12", "+", "112", "123456782",
    "bsn 123456782", "16LF00", "haarlem", "true", "on", "y", "None", "[]", '{"a": 1}',
    b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"caf\xe9",
]  # fmt: skip
METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")
HEADERS: list[tuple[str, Sequence[str]]] = [
    ("HTTP_HX_REQUEST", ("true", "x")), ("HTTP_HX_BOOSTED", ("true",)),
    ("HTTP_HX_HISTORY_RESTORE_REQUEST", ("true",)),
    ("HTTP_HX_CURRENT_URL", ("http://[", "http://localhost/", "\xff")),
    ("HTTP_HX_TARGET", ("\xff", "#x")),
    ("HTTP_REFERER", ("http://[", "https://elders.example/", "http://localhost/", "\xff")),
    ("HTTP_ORIGIN", ("null", "https://elders.example", "http://localhost", "x" * 300)),
    ("HTTP_SEC_FETCH_SITE", ("cross-site", "same-origin", "none", "x")),
    ("HTTP_HOST", ("elders.example", "", "localhost:x", "[::1]", "a b", "localhost:99999", "\xff")),
    ("HTTP_COOKIE", ("", "=", "kernwijzer=x", "a=\xff; kernwijzer=.", "x" * 5000)),
    ("HTTP_ACCEPT_LANGUAGE", ("xx", "de;q=x", "*", "\xff")), ("HTTP_ACCEPT", ("x/", "*/*;q=a")),
    ("HTTP_USER_AGENT", ("", "\xff" * 100, "Mozilla/5.0 Firefox")),
    ("HTTP_RANGE", ("bytes=0-", "bytes=9-1", "x")), ("HTTP_IF_NONE_MATCH", ('"', "*", "W/")),
    ("HTTP_IF_MODIFIED_SINCE", ("x", "Mon, 99 Jan 2026 00:00:00 GMT")),
    ("HTTP_X_FORWARDED_FOR", ("127.0.0.1", "x")), ("HTTP_X_FORWARDED_HOST", ("elders.example",)),
    ("HTTP_X_HTTP_METHOD_OVERRIDE", ("DELETE",)), ("HTTP_AUTHORIZATION", ("Basic !", "Bearer x")),
    ("HTTP_CONTENT_ENCODING", ("gzip",)), ("HTTP_EXPECT", ("100-continue",)),
    ("REMOTE_ADDR", ("", "::1", "x", "2001:db8::1")),
]  # fmt: skip


class Sent(NamedTuple):
    """A request as it is sent: its body and the differences from an ordinary environment."""

    method: str
    path: str  # percent-encoded, with the query
    body: bytes
    environ: dict[str, str]


def is_odd(random: Random, chance: float) -> bool:
    """True with this chance."""
    return random.random() < chance


def odd(random: Random) -> str | bytes:
    """A value that nobody expects."""
    return random.choice(ODD)


def odd_address(random: Random, address: str) -> str:
    """An address of which a segment or the query became odd."""
    path, _, query = address.partition("?")
    if is_odd(random, 0.5):
        parts = path.split("/")
        value = odd(random)
        text = quote_from_bytes(value) if isinstance(value, bytes) else quote(value[:200], safe="")
        parts[random.randrange(1, len(parts))] = text
        path = "/" + "/".join(parts[1:])
    if is_odd(random, 0.6):
        names = [pair.partition("=")[0] for pair in query.split("&") if pair] + [
            "q", "dag", "school", "soort", "persoon", "woont", "plaats", "staat", "verder", "x",
        ]  # fmt: skip
        pairs = [(random.choice(names), _short(odd(random))) for _ in range(random.randint(1, 4))]
        query = urlencode(pairs)
    return f"{path}?{query}" if query else path


def _short(value: str | bytes) -> str | bytes:
    return value[:2000]


Fields = list[tuple[str, str | bytes]]


def mutated(random: Random, fields: dict[str, str], choices: dict[str, list[str]], most: int) -> Fields:
    """The fields of a form of which at most `most` were chosen otherwise, replaced, removed or
    doubled."""
    answers: Fields = list(fields.items())
    for name, values in choices.items():
        if name not in fields and is_odd(random, 0.5):
            answers.append((name, random.choice(values)))
    for _ in range(random.randint(0, most)):
        if not answers:
            break
        place = random.randrange(len(answers))
        name, value = answers[place]
        way = random.randrange(6)
        if way == 0:
            del answers[place]
        elif way == 1:
            answers.append((name, odd(random)))
        elif way == 2:
            answers.append((str(odd(random))[:50], value))
        elif way == 3 and choices.get(name):
            answers[place] = (name, random.choice(choices[name]))
        else:
            answers[place] = (name, odd(random))
    return answers


def encoded(random: Random, fields: Fields) -> tuple[bytes, dict[str, str]]:
    """The body of a form and its headers; one in six is broken."""
    way = random.randrange(12)
    if way < 8:
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = _multipart(random, fields), "multipart/form-data; boundary=grens"
    length = len(body)
    if is_odd(random, 1 / 6):
        broken = random.randrange(7)
        if broken == 0:
            body = body[: len(body) // 2]
        elif broken == 1:
            length += 100
        elif broken == 2:
            kind = random.choice(["multipart/form-data", "text/plain", "", "x", "multipart/x; a"])
        elif broken == 3:
            kind, body = "application/json", random.choice([b"{", b'{"email": []}', b"\xff"])
        elif broken == 4:
            body = random.randbytes(200)
        elif broken == 5:
            body = body + b"&a=%zz&%ff=%fe&=&&==" + b"&x" * 2000
        else:
            body = body + b"&x=" + b"y" * 70_000
        if broken != 1:
            length = len(body)
    return body, {"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}


def _multipart(random: Random, fields: Fields) -> bytes:
    parts = []
    for name, value in fields:
        data = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        shown = name.replace('"', "%22").replace("\r", "").replace("\n", "")
        file = '; filename="a\\".txt"' if is_odd(random, 0.1) else ""
        kind = "\r\nContent-Type: x/\xff" if is_odd(random, 0.05) else ""
        head = f'--grens\r\nContent-Disposition: form-data; name="{shown}"{file}{kind}\r\n\r\n'
        parts.append(head.encode("utf-8", "surrogatepass") + data + b"\r\n")
    return b"".join(parts) + b"--grens--\r\n"


def odd_headers(random: Random) -> dict[str, str]:
    """One to three headers that a browser seldom sends."""
    chosen = random.sample(HEADERS, random.randint(1, 3))
    return {name: random.choice(list(values)) for name, values in chosen}
