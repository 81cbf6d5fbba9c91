"""Assembles the application."""

import os

from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import accounts, admin, backups, clock, finder, guide, notices, phones, requests
from portal.accounts.access import decide
from portal.cli import EX_CONFIG, register_commands, stop
from portal.config import ROOT, Config, SettingError
from portal.contacts.freshness import freshness
from portal.database import is_unavailable, open_database, register_hooks
from portal.database.flags import is_demo
from portal.directory import validity
from portal.guide.content import GuideError
from portal.jobs.retention import Retention, register_retention
from portal.keys import load_keys
from portal.mail import jobs as mail_jobs
from portal.region import choose_region
from portal.site import register_site
from portal.web import about, access, errors, formatting, logs, menu
from portal.web.converters import RowId
from portal.web.fragments import htmx
from portal.web.headers import SecurityHeaders
from portal.web.static_files import serve_static_files

# The features that a region may switch off, in the order of the menu.
MODULES = {"notices": notices, "requests": requests, "guide": guide}


def create_app(config: Config | None = None) -> Flask:
    """The application. Without `config`, its settings come from the environment; a wrong one
    ends the process with its name."""
    # Whatever the portal makes (database, logs, keys, backups) is for its owner only.
    os.umask(0o077)
    try:
        config = config or Config.from_environment()
        keys = load_keys(config.keys)
        if unknown := config.region.modules - set(MODULES):
            raise SettingError(f"REGION: de module {min(unknown)} van de regio kennen we niet.")
    except SettingError as error:
        stop(str(error), EX_CONFIG)
    app = Flask("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.config.update(
        KERNWIJZER=config,
        SECRET_KEY=keys.secret,
        SECRET_KEY_FALLBACKS=keys.fallbacks,
        # A key of its own, so that an open form survives a rotation of the other.
        WTF_CSRF_SECRET_KEY=keys.csrf,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="__Host-kernwijzer",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=60,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )
    register_site(app, config, keys)
    app.url_map.converters["int"] = RowId
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    htmx.init_app(app)
    choose_region(config.region)
    open_database(config.database)
    mail_jobs.register(app, config)
    log = config.database.with_name("log")
    logs.write_logs(app, log, accounts.current_account_id)
    register_retention(
        app,
        Retention("Logboeken", logs.LOG_RETENTION, lambda before: logs.clear_logs(log, before)),
    )
    register_hooks(app)
    accounts.register(app)
    access.guard(app, config.trusted_hosts, decide)
    CSRFProtect(app)
    errors.register_error_pages(app, is_unavailable)
    formatting.register_filters(app)
    app.jinja_env.filters.update(
        phone=phones.grouped, phone_link=phones.link, last_day=validity.last_day
    )
    app.jinja_env.globals.update(today=clock.today, freshness=freshness, region=config.region)
    app.context_processor(
        lambda: {
            "menu": menu.menu,
            "links": menu.links,
            "settings": config,
            "is_demo": is_demo,
        }
    )
    app.register_blueprint(about.blueprint)
    finder.register(app)
    try:
        for name, module in MODULES.items():
            if name in config.region.modules:
                module.register(app)
    except GuideError as error:
        stop(str(error), EX_CONFIG)
    admin.register(app)
    backups.register(app, config)
    register_commands(app)
    serve_static_files(app, ROOT / "static")
    # Flask documents this way to wrap itself; its types call it a method.
    app.wsgi_app = SecurityHeaders(app.wsgi_app)  # type: ignore[method-assign]
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
    return app
