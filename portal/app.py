"""Assembles the application."""

import os

import portal.database.driver  # noqa: F401 - before all that imports peewee

# isort: split
from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    accounts,
    admin,
    backups,
    clock,
    doctor,
    editing,
    email_addresses,
    finder,
    guide,
    idempotency,
    imports,
    meetings,
    notices,
    phones,
    quality,
    requests,
    seeding,
)
from portal.accounts import forgetting
from portal.accounts.access import decide
from portal.accounts.administration import has_ended
from portal.cli import register_commands
from portal.command_checks import EX_CONFIG, stop
from portal.config import ROOT, Config, SettingError
from portal.database import current_engine, open_database, register_hooks, validity
from portal.database.database_flags import is_demo
from portal.directory.models import SettingKey
from portal.directory.schools_and_kernen import count_workplaces, get_calendar, nouns_of
from portal.directory.settings import get_setting
from portal.doctor.mails import tell_failed_copy
from portal.finder import kernen
from portal.freshness import freshness
from portal.keys import load_keys
from portal.mail import jobs as mail_jobs
from portal.quality.dead_addresses import report_dead_address
from portal.region import choose_region
from portal.site import register_site
from portal.web import about_pages, contact_links, declared_access, error_pages, formatting, logs, menu, waiting_items
from portal.web.compression import MaskedTokens, compress_pages
from portal.web.converters import LateRule, RowId, Secret
from portal.web.cookies import PortalCookies
from portal.web.form_keys import new_form_key
from portal.web.form_size import MAX_BODY, LimitedRequest
from portal.web.fragments import htmx
from portal.web.rendering import Portal
from portal.web.security_headers import SecurityHeaders
from portal.web.static_files import serve_static_files
from portal.workdays import availability

# The features that a region may switch off, in the order of the menu.
MODULES = {"kernen": kernen, "notices": notices, "requests": requests, "guide": guide, "meetings": meetings}


def create_app(config: Config | None = None) -> Flask:
    """The application. Without `config`, its settings come from the environment; an invalid one
    ends the process with its name."""
    os.umask(0o077)  # the database, logs, keys and backups are readable by their owner only
    try:
        config = config or Config.from_environment()
        app = _configure(config)
        _protect(app, config)
        _set_up_templates(app, config)
        _register_features(app, config)
    except SettingError as error:
        stop(str(error), EX_CONFIG)
    backups.register(app, config, forgetting.keep_list, lambda reason: tell_failed_copy(app, config, reason))
    doctor.register(app)  # last, so that its job finds what the others did
    register_commands(app)
    _wrap(app, config)
    return app


def _configure(config: Config) -> Flask:
    """An application with its settings, keys, region, database and mail, without pages."""
    keys = load_keys(config.keys)
    app = Portal("portal", static_folder=None, template_folder=str(ROOT / "templates"))
    app.ensure_sync = lambda view: view  # type: ignore[method-assign, assignment]  # none is asynchronous
    app.config.update(
        KERNWIJZER=config,
        SECRET_KEY=keys.secret,
        SECRET_KEY_FALLBACKS=keys.fallbacks,
        # A separate key, so that an open form survives the rotation of the other.
        WTF_CSRF_SECRET_KEY=keys.csrf,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it knows the Referer only; declared_access.py asks all that tells it
        SESSION_COOKIE_NAME="__Host-kernwijzer",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=60,
        BABEL_DEFAULT_LOCALE="nl",
        BABEL_DEFAULT_TIMEZONE="Europe/Amsterdam",
    )
    app.session_interface = PortalCookies()
    app.request_class = LimitedRequest
    app.url_rule_class = LateRule
    app.url_map.converters.update(int=RowId, secret=Secret)
    register_site(app, config, keys)
    choose_region(config.region)
    open_database(config.database_url)
    register_hooks(app)
    mail_jobs.register(app, config, has_ended, report_dead_address)
    return app


def _protect(app: Flask, config: Config) -> None:
    """Logs, sessions, access rules, CSRF tokens and error pages; before any page."""
    compress_pages(app)
    logs.write_logs(app, config.logs, accounts.current_account_id)
    accounts.register(app)
    idempotency.register(app)
    declared_access.guard(app, config.trusted_hosts, decide)
    MaskedTokens(app)
    declared_access.require_told_origin(app)
    error_pages.register_error_pages(app, lambda error: current_engine().is_unavailable(error))


def _set_up_templates(app: Flask, config: Config) -> None:
    """Language, filters, and the names that every template may use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    htmx.init_app(app)
    formatting.register_filters(app)
    app.jinja_env.filters.update(
        phone=phones.grouped,
        phone_link=phones.link,
        mail_link=email_addresses.link,
        last_day=validity.last_day,
        workplaces=count_workplaces,
    )
    app.jinja_env.globals.update(
        menu=menu.menu, links=menu.links, sections=menu.sections,
        waiting=waiting_items.list_waiting, settings=config, is_demo=is_demo,
        tel=contact_links.tel, reach=contact_links.reach,
        new_form_key=new_form_key, today=clock.today, freshness=freshness, region=config.region,
        availability=lambda days, on: availability(days, on, clock.today(), get_calendar()),
        list_holidays=lambda on: [row.name for row in get_calendar().holidays_on(on)],
        get_setting=get_setting, SettingKey=SettingKey,
        # Of places of which the number alone is known.
        workplace_nouns=nouns_of(("", "kern-") if "kernen" in config.region.modules else ()),
    )  # fmt: skip


def _register_features(app: Flask, config: Config) -> None:
    """The pages, in the order of the menu. Raises SettingError where the region is invalid."""
    if unknown := config.region.modules - set(MODULES):
        raise SettingError(f"REGION: de module {min(unknown)} van de regio kennen we niet.")
    app.register_blueprint(about_pages.blueprint)
    finder.register(app)
    for name, module in MODULES.items():
        if name in config.region.modules:
            module.register(app)
    admin.register(app)
    editing.register(app)
    quality.register(app)
    imports.register(app)
    seeding.register(app)


def _wrap(app: Flask, config: Config) -> None:
    """Static files, security headers and the address that a proxy reports."""
    serve_static_files(app, ROOT / "static")
    app.wsgi_app = SecurityHeaders(  # type: ignore[method-assign]  # Flask wraps itself this way
        app.wsgi_app, hsts_subdomains=config.hsts_subdomains
    )
    if config.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask wraps itself this way
            app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies
        )
