"""Puts the portal together."""

from flask import Flask
from flask_babel import Babel

from portal import finder
from portal.cli import EX_CONFIG, register_commands, stop
from portal.config import ROOT, Config, SettingError
from portal.database import is_demo, open_database, register_hooks
from portal.directory import phones
from portal.web import access, errors, formatting, menu, pages
from portal.web.fragments import htmx
from portal.web.headers import SecurityHeaders
from portal.web.static import serve_static


def create_app(config: Config | None = None) -> Flask:
    """The application. Without `config`, its settings come from the environment; a wrong one
    ends the process with its name."""
    if config is None:
        try:
            config = Config.from_environment()
        except SettingError as error:
            stop(str(error), EX_CONFIG)
    app = Flask("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(
        KERNWIJZER=config,
        MAX_CONTENT_LENGTH=64 * 1024,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    htmx.init_app(app)
    open_database(config.database)
    access.guard(app, config.trusted_hosts)
    register_hooks(app)
    errors.register_error_pages(app)
    formatting.register_filters(app)
    app.jinja_env.filters.update(phone=phones.grouped, phone_link=phones.link)
    app.context_processor(lambda: {"menu": menu.menu, "settings": config, "is_demo": is_demo})
    app.register_blueprint(pages.blueprint)
    finder.register(app)
    register_commands(app)
    serve_static(app, ROOT / "static")
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app
