"""Two people who are the same are merged into one, and parted again."""

from datetime import date

import pytest
from flask import Flask

from portal import clock
from portal.accounts.models import Account, SignInSession
from portal.audit import AuditEntry
from portal.database import BaseModel, connection, db
from portal.database.directory_version import DirectoryVersion, TableVersion
from portal.directory.change_sets import Change, ChangeSet
from portal.directory.models import Absence, Assignment, ContactDetail, Employment, Person, Substitute
from portal.idempotency import DoneForm
from portal.notices.models import MutedKind, Recipient, RecipientSchool
from portal.search.index import update_documents
from tests.clock import TODAY
from tests.conftest import CheckedClient
from tests.editing.conftest import fill_in
from tests.factories import (
    CAMELOT,
    coach,
    colleague,
    directory_rows,
    holder,
    make_absence,
    make_assignment,
    make_detail,
    make_notice,
    make_person,
    make_recipient,
    posts,
)
from tests.notices.conftest import errors, hidden

_RENEWED = ("id", "recipient", "row_version", "rank")  # a rank is a place in the index
JANUARY, MARCH = date(2027, 1, 1), date(2027, 3, 1)


def merge(client: CheckedClient, kept: Person, removed: Person) -> str:
    """Merge two people by the pages; gives the address that follows."""
    path = f"/beheer/mensen/{kept.id}/samenvoegen"
    preview = client.post(path, data=fill_in(client, path, ander=str(removed.id)))
    assert "Er is nog niets veranderd." in preview.text, preview.text
    answer = client.post(path, data=hidden(preview.text) | {"stap": "samenvoegen"})
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.fixture
def twice(portal_copy: Flask) -> tuple[Person, Person]:
    """The coach with an account, and the same person typed again."""
    me = coach()
    return make_person(me.given_name, me.family_name), me


def test_everything_goes_along_and_comes_back(coordinator: CheckedClient, twice: tuple[Person, Person]) -> None:
    kept, removed = twice
    make_assignment(kept, school=posts(removed)[0].school_id, valid_from=JANUARY)
    make_absence(removed, JANUARY, MARCH, {posts(removed)[1]: colleague(removed)})
    make_absence(kept, date(2027, 2, 1))
    with connection():
        detail = ContactDetail.get(ContactDetail.person == removed)
        make_detail(kept, detail.value, detail.kind)
        accounts = list(Account.select().where(Account.person == removed))
    recipient = make_recipient(make_notice(kind="organisatie"), removed)
    before, count = directory_rows(), len(posts(removed))

    location = merge(coordinator, kept, removed)
    with connection():
        assert Person.get_or_none(Person.id == removed.id) is None
        rows = list(Assignment.select().where(Assignment.person == kept))
        assert len(rows) == count == len({row.school_id for row in rows})
        assert all(row.valid_from < TODAY for row in rows)
        [absence] = Absence.select().where(Absence.person == kept)
        assert (absence.valid_from, absence.valid_until) == (JANUARY, None)
        assert Substitute.select().where(Substitute.absence == absence).count() == 1
        values = [d.value for d in ContactDetail.select().where(ContactDetail.person == kept)]
        assert len(values) == len(set(values)) == 2
        assert accounts
        assert {a.person_id for a in Account.select().where(Account.id.in_(accounts))} == {kept.id}
        assert Recipient.get_by_id(recipient.id).person_id == kept.id
    old = coordinator.get(f"/personen/{removed.id}")
    assert old.status_code == 301
    assert old.headers["Location"] == f"/personen/{kept.id}"

    assert "Je wijziging is bewaard." in coordinator.get(location).text
    number = location.partition("=")[2]
    undo = {"terug": "/", "zeker": "ja"}
    coordinator.submit(f"/bewerkingen/{number}/terugdraaien", undo)
    assert directory_rows() == before
    with connection():
        assert all(Account.get_by_id(a.id).person_id == removed.id for a in accounts)
    assert coordinator.get(f"/personen/{removed.id}").status_code == 200


def test_a_form_that_was_open_leads_to_the_one_who_stays_with_what_was_typed(
    coordinator: CheckedClient, twice: tuple[Person, Person]
) -> None:
    kept, removed = twice
    with connection():
        detail = ContactDetail.get(ContactDetail.person == removed)
    number, post = f"/gegevens/{detail.id}", f"/plekken/{posts(removed)[0].id}"
    typed = {
        "": {"uren": "9.00-14.00", "reden": "Zelf gezegd."},
        number: {"waarde": "anders@cjg.example", "reden": "Zelf gezegd."},
        post: {"laatste_dag": "2027-01-31", "reden": "Zelf gezegd."},
        "/gegevens/nieuw": {"waarde": "06 12 34 55 77", "reden": "Zelf gezegd."},
    }
    own = f"/beheer/mensen/{removed.id}"
    forms = {part: fill_in(coordinator, own + part, **typed[part]) for part in typed}
    merge(coordinator, kept, removed)
    for part, fields in forms.items():
        led = coordinator.post(own + part, data=fields)
        assert (led.status_code, led.location) == (307, f"/beheer/mensen/{kept.id}{part}")
        answer = coordinator.post(led.location, data=fields)
        if part == "/gegevens/nieuw":  # nothing stood there
            assert answer.status_code == 302
            continue
        assert answer.status_code == 409, errors(answer.text)
        text = next(iter(typed[part].values()))
        assert f'value="{text}"' in answer.text
    assert coordinator.get(own).status_code == 307
    assert coordinator.get("/beheer/mensen/99999").status_code == 404


def test_nothing_tells_afterwards_that_two_people_were_merged(
    coordinator: CheckedClient, twice: tuple[Person, Person]
) -> None:
    kept, removed = twice
    both = make_notice(kind="organisatie")
    make_recipient(both, kept)
    seen = make_recipient(both, removed)
    with connection():
        muted = MutedKind.select().where(MutedKind.person == removed).count()
        received = Recipient.select().where(Recipient.person == removed).count()
        seen.seen_at = clock.now()
        seen.save()
        RecipientSchool.create(recipient=seen, school=CAMELOT)
        for person, kind in ((kept, "vertrek"), (removed, "vertrek"), (removed, "organisatie")):
            MutedKind.create(person=person, kind=kind)
        [account] = Account.select().where(Account.person == removed)
        Account.update(visited_on=TODAY).where(Account.id == account.id).execute()
    make_detail(kept, "nieuw@elders.example", "email")
    with connection(), db.atomic():
        update_documents({(Person, kept.id)})
    before = all_rows()

    location = merge(coordinator, kept, removed)
    with connection():
        assert MutedKind.select().where(MutedKind.person == kept).count() == muted + 2
        assert Recipient.select().where(Recipient.person == kept).count() == received
        # Somebody signs in with the address of the other.
        Account.update(moved_to="nieuw@elders.example").where(Account.id == account.id).execute()
        SignInSession.create(token_hash="x", account=account, device="x", created_at=clock.now(), seen_at=clock.now())
    number = location.partition("=")[2]
    coordinator.submit(f"/bewerkingen/{number}/terugdraaien", {"terug": "/", "zeker": "ja"})
    assert all_rows() == before
    with connection():
        assert not SignInSession.select().where(SignInSession.account == account)


def all_rows() -> dict[str, list[str]]:
    """Every row of the portal by table, without what says that something happened; a row that comes
    back may have another id and rank."""
    versions = (DirectoryVersion, TableVersion)
    told = (Change, ChangeSet, AuditEntry, DoneForm, SignInSession, *versions)
    with connection():
        return {
            model.__name__: sorted(
                repr({n: v for n, v in row.__data__.items() if n not in _RENEWED}) for row in model.select()
            )
            for model in BaseModel.__subclasses__()
            if model not in told
        }


def test_a_preview_changes_nothing_and_says_what_it_would(
    coordinator: CheckedClient, twice: tuple[Person, Person]
) -> None:
    kept, removed = twice
    before = directory_rows()
    path = f"/beheer/mensen/{kept.id}/samenvoegen"
    page = coordinator.post(path, data=fill_in(coordinator, path, ander=str(removed.id)))
    assert "persoon: eerst" in page.text
    assert directory_rows() == before


def test_one_who_stood_in_for_the_other_stands_in_no_more(
    coordinator: CheckedClient, twice: tuple[Person, Person]
) -> None:
    kept, removed = twice
    make_absence(removed, JANUARY, None, {posts(removed)[0]: kept})
    merge(coordinator, kept, removed)
    with connection():
        assert not Substitute.select().where(Substitute.person == kept)


def test_an_old_address_leads_on_through_two_mergers(coordinator: CheckedClient, twice: tuple[Person, Person]) -> None:
    kept, removed = twice
    last = make_person("Nog", "Eens")
    merge(coordinator, kept, removed)
    merge(coordinator, last, kept)
    assert coordinator.get(f"/personen/{removed.id}").headers["Location"] == f"/personen/{last.id}"


def test_merging_needs_the_preview_and_two_people(coordinator: CheckedClient, twice: tuple[Person, Person]) -> None:
    kept, removed = twice
    path = f"/beheer/mensen/{kept.id}/samenvoegen"
    for other, status in (("", 422), (str(kept.id), 422), ("999999", 422), (str(removed.id), 409)):
        fields = fill_in(coordinator, path, ander=other, stap="samenvoegen")
        assert coordinator.post(path, data=fields).status_code == status, other
    with connection():
        assert Person.get_or_none(Person.id == removed.id)


def test_an_editor_merges_own_people_only(portal_copy: Flask) -> None:
    editor = CheckedClient(portal_copy, portal_copy.response_class).sign_in("editor")
    me, other = colleague(coach()), holder("jeugdarts")
    path = f"/organisatie/mensen/{me.id}/samenvoegen"
    answer = editor.post(path, data=fill_in(editor, path, ander=str(other.id)))
    assert "Kies iemand uit de lijst." in answer.text
    assert editor.get(f"/organisatie/mensen/{other.id}/samenvoegen").status_code == 404


def test_an_employment_counts_for_the_one_who_stays(coordinator: CheckedClient, twice: tuple[Person, Person]) -> None:
    kept, removed = twice
    other = holder("jeugdarts").organisation_id
    with connection():
        Employment.create(person=removed, organisation=other, valid_from=JANUARY, source="x",
                          checked_on=TODAY)  # fmt: skip
    merge(coordinator, kept, removed)
    with connection():
        assert Employment.get().person_id == kept.id


def test_a_planned_move_of_the_one_who_stays_is_not_lost(
    coordinator: CheckedClient, twice: tuple[Person, Person]
) -> None:
    kept, removed = twice
    own, other = holder("jeugdarts").organisation_id, holder("directeur").organisation_id
    with connection():
        for person, organisation, day in ((kept, own, MARCH), (removed, other, JANUARY)):
            Employment.create(
                person=person, organisation=organisation, valid_from=day, source="x",
                checked_on=TODAY,
            )  # fmt: skip
    merge(coordinator, kept, removed)
    with connection():
        assert Employment.get().organisation_id == own
