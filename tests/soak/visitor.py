"""A visitor over a real connection: each question a new one, so that any of them may be cut off."""

import http.client
import re
import time
from typing import NamedTuple
from urllib.parse import urlencode

from tests.page_forms import read_forms

# Errors of a visitor whose server is killed in the middle.
CUT_OFF = (OSError, http.client.HTTPException)


class Answer(NamedTuple):
    """An answer."""

    status: int
    location: str
    text: str


class Visitor:
    """Somebody with a browser that keeps its cookies."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self.cookie = cookie

    def ask(self, path: str, data: dict[str, str] | None = None) -> Answer:
        """GET, or with `data` POST. Raises one of CUT_OFF."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if data is not None:
            body = urlencode(data)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request("GET" if data is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for header in answer.headers.get_all("Set-Cookie", []):
                self._keep(header.partition(";")[0])
            return Answer(answer.status, answer.headers.get("Location", ""), text)
        finally:
            connection.close()

    def _keep(self, cookie: str) -> None:
        name = cookie.partition("=")[0]
        others = [one for one in self.cookie.split("; ") if one and not one.startswith(f"{name}=")]
        self.cookie = "; ".join([*others, cookie])

    def sign_in(self, role: str) -> "Visitor":
        """Be somebody of the demo."""
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.ask("/inloggen").text)
        assert token
        answer = self.ask(f"/inloggen/demo/{role}", {"csrf_token": token[1]})
        assert (answer.status, answer.location) == (302, "/"), answer
        return self

    def fill(self, path: str, **changes: str) -> dict[str, str]:
        """The last form on a page that is sent, filled in."""
        page = self.ask(path)
        if page.status != 200:
            raise http.client.HTTPException(page.status)
        return fields(page.text) | changes


def fields(text: str) -> dict[str, str]:
    """The values in the last form of a page that is sent, untouched."""
    return [form for form in read_forms(text) if form.method == "post"][-1].fields


def until_answered(visitor: Visitor, path: str, seconds: float = 60) -> None:
    """Wait until a page is there."""
    end = time.monotonic() + seconds
    while True:
        try:
            assert visitor.ask(path).status == 200
            return
        except CUT_OFF:
            assert time.monotonic() < end, f"{path} does not come"
            time.sleep(0.01)
