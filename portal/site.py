"""The site: the address, the mail identity and the signing keys of this installation."""

from typing import Any, NamedTuple

from flask import Flask, current_app
from itsdangerous import BadSignature, URLSafeSerializer

from portal.config import Config
from portal.keys import Keys


class Site(NamedTuple):
    """The facts of the installation that links and mails contain."""

    base_url: str  # without a trailing slash
    mail_host: str  # the domain of a Message-ID
    sender: str  # the mail address in From
    keys: tuple[str, ...]  # for links and codes; the last one signs, the earlier ones verify
    lasting_key: str  # for what is stored: does not rotate

    @property
    def key(self) -> str:
        """The signing key."""
        return self.keys[-1]

    def sign(self, purpose: str, value: Any) -> str:
        """A token for a link or cookie, which holds a value (JSON) and which nobody else can make;
        for another purpose it is none."""
        return str(URLSafeSerializer(list(self.keys), salt=purpose).dumps(value))

    def read_signed(self, purpose: str, token: str) -> Any:
        """The value of such a token; None where this site did not sign it for this purpose."""
        try:
            return URLSafeSerializer(list(self.keys), salt=purpose).loads(token)
        except BadSignature:
            return None


def register_site(app: Flask, config: Config, keys: Keys) -> None:
    """Make the site of this application from its settings and keys."""
    app.extensions["site"] = Site(
        base_url=config.base_url,
        mail_host=config.mail_host,
        sender=config.mail_from,
        keys=(*keys.fallbacks, keys.secret),
        lasting_key=keys.csrf,
    )


def current_site() -> Site:
    """The site of the current application; needs its context."""
    site: Site = current_app.extensions["site"]
    return site
