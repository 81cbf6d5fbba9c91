"""The site: the address, the mail identity and the signing keys of this installation."""

from typing import NamedTuple

from flask import Flask, current_app

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
