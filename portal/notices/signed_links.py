"""Links in a mail that know who got it, so that a button works without an account."""

from collections.abc import Sequence
from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

SEEN, MUTE = "gezien", "afmelden"


class Links(NamedTuple):
    """Where the portal is, and the keys that sign its links: the oldest first."""

    base_url: str
    host: str
    keys: Sequence[str]

    def page(self, notice: int) -> str:
        """The page of a notice."""
        return f"{self.base_url}/wijzigingen/{notice}"

    def signed(self, purpose: str, recipient: int) -> str:
        """A link for one recipient and one purpose."""
        return f"{self.base_url}/wijzigingen/{purpose}/{self._serializer(purpose).dumps(recipient)}"

    def recipient(self, purpose: str, token: str) -> int | None:
        """Whom a link was made for; None where it is not one of ours."""
        try:
            found = self._serializer(purpose).loads(token)
        except BadSignature:
            return None
        return found if isinstance(found, int) else None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(list(self.keys), salt=f"notices.{purpose}")
