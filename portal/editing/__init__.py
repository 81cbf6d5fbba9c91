"""Editing of the directory in the browser, by coordinators and by the editors of organisations.

A page that changes rows is made like this:

1. A subclass of `EditForm` (edit_page.py) with a field per fact. It has a reason and the version of
   what it shows; a field `since` ("Vanaf wanneer?") becomes the first day of the change set, and a
   `CheckedEditForm` asks whether the facts were looked up today.
2. `read(**how)` makes that form of the rows: `SchoolForm([school], **how)`. Fields with the names
   of columns show those of the first row.
3. `write(change_set, form)` changes `form.rows`, for example by `write_row`. For a fault that only
   the rows show: `raise form.refuse(form.field, "…")`.
4. One view for GET and POST, `@once`, that ends in `return edit(template, read, write)`,
   or for one row in `edit_row(template, form_class, row, write)` without a `read`.
   It holds the lock, the version (409 with both), the change set and the search index.
5. A template that extends `editing/edit.html`, and `{{ saved() }}` of `editing/macros.html` on the
   page that follows: it says what was saved, with a button that undoes it.
"""

from functools import partial

from flask import Flask

from portal.accounts.forgetting import register_forgetting
from portal.editing import (
    division_drafts,
    division_views,
    merged_accounts_and_notices,
    permissions,
    person_views,
    summaries,
)
from portal.jobs.clearing import delete_by, register_clearing
from portal.retention_periods import DRAFTS, OLD_VALUES
from portal.web.admin_pages import Summary, register_admin_page
from portal.web.forms import read_number
from portal.web.menu import register_entry


def register(app: Flask) -> None:
    """Add the pages, and "Wijzig" to the page of a person."""
    app.register_blueprint(division_views.blueprint)  # with the pages of all modules
    app.register_blueprint(person_views.blueprint)
    register_entry(app, "Mijn organisatie", "people.organisation", shown=permissions.is_editor)
    register_admin_page(app, "Mensen", "people.everybody", summaries.summarise_people)
    for label, endpoint, text in summaries.WITHOUT_WORK:
        register_admin_page(app, label, endpoint, partial(Summary, text))
    app.jinja_env.globals["may_edit_person"] = permissions.may_edit
    app.jinja_env.globals["may_undo"] = permissions.may_undo
    app.jinja_env.filters["read_number"] = read_number
    register_forgetting(app, division_drafts.forget_person)
    register_forgetting(app, merged_accounts_and_notices.forget_person)
    register_clearing(app, DRAFTS, delete_by(division_drafts.DivisionDraft.saved_at))
    register_clearing(app, OLD_VALUES, merged_accounts_and_notices.clear_old)
