"""The return path of a mail, to which bounces go: it holds the signed id of that mail, so that
nobody reports a bounce of a mail that they did not get."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from typing import NamedTuple

_LETTERS = 16  # of the signature: 80 bits, and short enough for the 64 letters before the @


class ReturnPath(NamedTuple):
    """The return path of mails: `address` itself, or, where its name ends with a "+", that address
    with the signed id of the mail behind it (variable envelope return path)."""

    address: str
    keys: tuple[str, ...] = ()  # the last one signs, all verify; none: no mail is named

    @property
    def prefix(self) -> str:
        """The part that all have in common, such as "bounces+"; "": no mail is named."""
        name = self.address.partition("@")[0]
        return name if self.keys and name.endswith("+") else ""

    def make(self, mail: int) -> str:
        """The return path of the mail with this id."""
        if not self.prefix:
            return self.address
        return f"{self.prefix}{mail}-{_sign(mail, self.keys[-1])}@{self.address.partition('@')[2]}"

    def find_mail(self, addresses: Iterable[str]) -> int | None:
        """The id of the mail that one of these addresses names; None where no signature is ours."""
        pattern = re.compile(re.escape(self.prefix) + r"(\d{1,15})-([a-z2-7]+)@", re.ASCII)
        for address in addresses:
            found = pattern.match(address.lower())
            if found and any(hmac.compare_digest(_sign(int(found[1]), key), found[2]) for key in self.keys):
                return int(found[1])
        return None


def _sign(mail: int, key: str) -> str:
    """A signature in the letters that survive in an address, which servers put in lower case."""
    digest = hmac.digest(key.encode(), f"bounce:{mail}".encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:_LETTERS]
