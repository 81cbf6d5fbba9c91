"""The coordinator's pages: the mail, the accounts, the domains."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal import audit, clock
from portal.accounts import administration
from portal.accounts.access import may_manage, require_user, requires_coordinator, roles_to_give
from portal.accounts.administration import AccountDraft, AlreadyExists
from portal.accounts.forms import AccountForm, DomainForm
from portal.accounts.models import Account
from portal.accounts.roles import ROLES
from portal.admin.monitoring import backup_state, list_jobs, mail_state
from portal.config import current_config
from portal.directory.validity import day_after, last_day
from portal.mail import outbox
from portal.mail.message import Mail
from portal.requests.queries import count_waiting
from portal.site import current_site

blueprint = Blueprint("admin", __name__)


@blueprint.get("/beheer")
@requires_coordinator
def overview() -> str:
    """What there is to look after."""
    return render_template(
        "admin/overview.html",
        state=mail_state(),
        backup=backup_state(),
        jobs=list_jobs(),
        waiting=count_waiting(),
    )


@blueprint.get("/beheer/post")
@requires_coordinator
def mail() -> str:
    """The outbox: what waits, what failed and why, what was sent."""
    return render_template("admin/mail.html", mails=outbox.list_mails(), config=current_config())


@blueprint.post("/beheer/post/<int:mail_id>/opnieuw")
@requires_coordinator
def send_again(mail_id: int) -> Response:
    """Lets a mail be tried again, now."""
    if not outbox.send_again(mail_id):
        abort(404)
    audit.record(require_user().account.id, "sent again", "mail", mail_id)
    return redirect(url_for(".mail"))


@blueprint.post("/beheer/post/test")
@requires_coordinator
def test_mail() -> Response:
    """Mails whoever asks, to see whether mail goes out."""
    someone = require_user().account
    outbox.enqueue(
        Mail(
            key=f"test:{someone.id}:{clock.now().isoformat()}",
            recipient=someone.email,
            subject=render_template("mail/test/subject.txt"),
            body=render_template("mail/test/body.txt"),
        ),
        current_site().mail_host,
    )
    return redirect(url_for(".mail"))


@blueprint.get("/beheer/accounts")
@requires_coordinator
def accounts() -> str:
    """Who may sign in, and the domains whose people may read."""
    form = DomainForm()
    form.organisatie.choices = administration.list_organisations()
    return _accounts_page(form)


@blueprint.post("/beheer/accounts/domeinen")
@requires_coordinator
def add_domain() -> tuple[str, int] | Response:
    """Lists a domain of an organisation."""
    form = DomainForm()
    form.organisatie.choices = administration.list_organisations()
    if form.validate():
        try:
            administration.list_domain(
                require_user().account, form.domein.data, int(form.organisatie.data)
            )
            return redirect(url_for(".accounts"))
        except AlreadyExists:
            form.domein.errors = ["Dit domein staat al in de lijst."]
    return _accounts_page(form), 422


@blueprint.post("/beheer/accounts/domeinen/<int:domain_id>/weg")
@requires_coordinator
def remove_domain(domain_id: int) -> Response:
    """Takes a domain off the list."""
    if not administration.remove_domain(require_user().account, domain_id):
        abort(404)
    return redirect(url_for(".accounts"))


@blueprint.get("/beheer/accounts/nieuw")
@requires_coordinator
def new_account() -> str:
    """Asks whom to invite."""
    return render_template("admin/account.html", form=_account_form(), account=None)


@blueprint.post("/beheer/accounts/nieuw")
@requires_coordinator
def invite() -> tuple[str, int] | Response:
    """Makes an account and mails its owner."""
    form = _account_form()
    if form.validate():
        try:
            administration.invite(require_user().account, _draft(form), current_site())
            return redirect(url_for(".accounts"))
        except AlreadyExists:
            form.email.errors = ["Dit e-mailadres heeft al een account."]
    return render_template("admin/account.html", form=form, account=None), 422


@blueprint.get("/beheer/accounts/<int:account_id>")
@requires_coordinator
def account(account_id: int) -> str:
    """Shows an account to change it."""
    found = _managed(account_id)
    form = _account_form(
        naam=found.name,
        email=found.email,
        rol=found.role,
        organisatie=str(found.organisation_id or ""),
        persoon=str(found.person_id or ""),
        laatste_dag=last_day(found.active_until) if found.active_until else None,
    )
    return render_template("admin/account.html", form=form, account=found)


@blueprint.post("/beheer/accounts/<int:account_id>")
@requires_coordinator
def change_account(account_id: int) -> tuple[str, int] | Response:
    """Changes an account."""
    found = _managed(account_id)
    form = _account_form()
    if form.validate():
        try:
            administration.change(require_user().account, found, _draft(form))
            return redirect(url_for(".accounts"))
        except AlreadyExists:
            form.email.errors = ["Dit e-mailadres heeft al een account."]
    return render_template("admin/account.html", form=form, account=found), 422


def _managed(account_id: int) -> Account:
    """The account, if whoever asks may manage it; otherwise it does not exist for them."""
    found = administration.find_account(account_id)
    if found is None or not may_manage(require_user(), found):
        abort(404)
    return found


def _accounts_page(form: DomainForm) -> str:
    return render_template(
        "admin/accounts.html",
        form=form,
        accounts=administration.list_accounts(),
        domains=administration.list_domains(),
    )


def _account_form(**data: Any) -> AccountForm:
    form = AccountForm(data=data)
    form.organisatie.choices = [("", "geen"), *administration.list_organisations()]
    form.persoon.choices = [("", "niemand"), *administration.list_people()]
    form.rol.choices = [(key, ROLES[key].label) for key in roles_to_give(require_user())]
    return form


def _draft(form: AccountForm) -> AccountDraft:
    last = form.laatste_dag.data
    return AccountDraft(
        name=form.naam.data,
        email=form.email.data,
        role=form.rol.data,
        organisation=int(form.organisatie.data) if form.organisatie.data else None,
        person=int(form.persoon.data) if form.persoon.data else None,
        active_until=day_after(last) if last else None,
    )
