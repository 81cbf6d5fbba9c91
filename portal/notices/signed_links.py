"""Links in a mail that know who got it, so that a button works without an account."""

from typing import NamedTuple

from itsdangerous import BadSignature, URLSafeSerializer

from portal.site import Site

SEEN, MUTE = "gezien", "afmelden"


class Links(NamedTuple):
    """Links to a notice on this site."""

    site: Site

    def page(self, notice: int) -> str:
        """The page of a notice."""
        return f"{self.site.base_url}/wijzigingen/{notice}"

    def signed(self, purpose: str, recipient: int) -> str:
        """A link for one recipient and one purpose."""
        token = self._serializer(purpose).dumps(recipient)
        return f"{self.site.base_url}/wijzigingen/{purpose}/{token}"

    def recipient(self, purpose: str, token: str) -> int | None:
        """Whom a link was made for; None where it is not one of ours."""
        try:
            found = self._serializer(purpose).loads(token)
        except BadSignature:
            return None
        return found if isinstance(found, int) else None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(list(self.site.keys), salt=f"notices.{purpose}")
