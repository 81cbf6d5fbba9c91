"""The pages of accounts and of the mail domains that are listed."""

from functools import partial

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import administration, invitations, mail_domains, second_factors
from portal.accounts.access import require_user, requires_coordinator
from portal.accounts.administration import AccountDraft, AlreadyExists, Incomplete, complete
from portal.accounts.mail_domains import AlreadyListed
from portal.accounts.models import Account
from portal.accounts.permissions import may_manage
from portal.accounts.roles import AccountRole
from portal.admin.forms import AccountFilterForm, AccountForm, DomainForm, ResetForm
from portal.admin.overview_and_outbox_views import blueprint
from portal.database.validity import day_after, last_day
from portal.idempotency import once
from portal.site import current_site
from portal.web.fragments import respond


@blueprint.get("/beheer/accounts")
@requires_coordinator
def accounts() -> Response:
    """The accounts, all or those that a filter chooses, and the listed mail domains."""
    return _accounts_page(DomainForm())


@blueprint.post("/beheer/accounts/domeinen")
@requires_coordinator
@once("admin.accounts")
def add_domain() -> Response:
    """Lists a mail domain of an organisation."""
    form = DomainForm()
    if form.validate():
        try:
            mail_domains.add_domain(require_user().account, form.domain.data, int(form.organisation.data))
            return redirect(url_for(".accounts"))
        except AlreadyListed:
            form.domain.errors = ["Dit domein staat al in de lijst."]
    return _accounts_page(form, 422)


@blueprint.post("/beheer/accounts/domeinen/<int:domain_id>/weg")
@requires_coordinator
@once("admin.accounts")
def remove_domain(domain_id: int) -> Response:
    """Removes a listed mail domain and ends the access it gave."""
    if not mail_domains.remove_domain(require_user().account, domain_id):
        abort(404)
    return redirect(url_for(".accounts"))


@blueprint.route("/beheer/accounts/nieuw", methods=["GET", "POST"])
@requires_coordinator
@once("admin.accounts")
def new_account() -> tuple[str, int] | Response:
    """Asks for the account of an invitation, creates it and mails its owner."""
    form, is_asked = AccountForm(require_user().role), request.method != "POST"
    if not is_asked and form.validate():
        try:
            draft = complete(_draft(form), is_new=True)
            account = invitations.invite(require_user().account, draft, current_site())
            return redirect(url_for(".account", account_id=account.id, gedaan="uitgenodigd"))
        except Incomplete as fault:
            form[fault.field].errors = [str(fault)]
        except AlreadyExists:
            form.email.errors = ["Dit e-mailadres heeft al een account."]
    page = render_template("admin/account.html", form=form, account=None)
    return page, 200 if is_asked else 422


@blueprint.post("/beheer/accounts/<int:account_id>/tweede-stap")
@requires_coordinator
@once("admin.account")
def reset_second_factor(account_id: int) -> tuple[str, int] | Response:
    """Removes the second factors of somebody who lost them; 404 where there is none."""
    account, form = _find_managed(account_id), ResetForm()
    if not second_factors.get_factors(account).listed:
        abort(404)
    if not form.validate():
        return _account_page(account, _filled_form(account), form), 422
    reason, actor = second_factors.ResetReason(form.reason.data), require_user().account.id
    second_factors.reset(account, actor, reason, current_site())
    return redirect(url_for(".account", account_id=account.id, gedaan="gewist"))


@blueprint.post("/beheer/accounts/<int:account_id>/opnieuw")
@requires_coordinator
@once("admin.accounts")
def invite_again(account_id: int) -> Response:
    """Mails an invitation once more to somebody who never signed in."""
    account = _find_managed(account_id)
    invitations.invite_again(require_user().account, account, current_site())
    return redirect(url_for(".account", account_id=account.id, gedaan="uitgenodigd"))


@blueprint.route("/beheer/accounts/<int:account_id>", methods=["GET", "POST"])
@requires_coordinator
@once("admin.accounts")
def account(account_id: int) -> tuple[str, int] | Response:
    """Shows an account in a form, and changes it."""
    account, is_asked = _find_managed(account_id), request.method != "POST"
    form = _filled_form(account) if is_asked else AccountForm(require_user().role)
    if not is_asked and form.validate():
        try:
            administration.change_account(require_user().account, account, complete(_draft(form)))
            return redirect(url_for(".accounts"))
        except PermissionError:
            abort(403)
        except Incomplete as fault:
            form[fault.field].errors = [str(fault)]
        except AlreadyExists:
            form.email.errors = ["Dit e-mailadres heeft al een account."]
    return _account_page(account, form, ResetForm()), 200 if is_asked else 422


def _account_page(account: Account, form: AccountForm, reset: ResetForm) -> str:
    return render_template(
        "admin/account.html", form=form, account=account, owners=administration.list_owners(account),
        reset=reset, factors=second_factors.get_factors(account),
    )  # fmt: skip


def _filled_form(account: Account) -> AccountForm:
    return AccountForm(
        require_user().role,
        full_name=account.name,
        email=account.address,
        role=account.role,
        organisation=str(account.organisation_id or ""),
        person=str(account.person_id or ""),
        last_day=last_day(account.active_until) if account.active_until else None,
    )


def _find_managed(account_id: int) -> Account:
    """The account with this id; 404 where the user may not manage it."""
    account = administration.find_account(account_id)
    if account is None or not may_manage(require_user(), account):
        abort(404)
    return account


def _accounts_page(form: DomainForm, status: int = 200) -> Response:
    chosen = AccountFilterForm()
    is_valid = chosen.validate()
    text, state = chosen.text.data or "", chosen.state.data or ""
    return respond(
        "admin/accounts.html",
        status=status if is_valid else 422,
        form=form,
        chosen=chosen,
        accounts=administration.list_accounts(text, state) if is_valid else [],
        may_manage=partial(may_manage, require_user()),
        domains=mail_domains.list_domains(),
    )


def _draft(form: AccountForm) -> AccountDraft:
    last = form.last_day.data
    return AccountDraft(
        name=form.full_name.data,
        email=form.email.data,
        role=AccountRole(form.role.data),
        organisation=int(form.organisation.data) if form.organisation.data else None,
        person=int(form.person.data) if form.person.data else None,
        active_until=day_after(last) if last else None,
    )
