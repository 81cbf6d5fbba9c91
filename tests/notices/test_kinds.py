"""Each kind of notice is published by each role that may."""

import pytest

from portal.database import connection
from portal.directory.models import Organisation, Person
from portal.notices.kinds import TYPED
from tests.factories import coach, colleague, posts, role
from tests.notices.conftest import FEBRUARY, Fields, Visit, hidden

NOORA = {"opvolger": "nieuw", "voornaam": "Noora", "achternaam": "Nieuweling"}


def other_organisation(person: Person) -> int:
    """The id of a partner for which a person does not work."""
    with connection():
        return int(Organisation.get(
            (Organisation.kind == "partner") & (Organisation.id != person.organisation_id)
        ).id)  # fmt: skip


def fields_of(kind: str, person: Person, schools: list[str]) -> Fields:
    """Valid answers for a kind."""
    other = str(colleague(person).id)
    answers: dict[str, Fields] = {
        "opvolging": {"opvolger": other},
        "nieuwe-collega": {**NOORA, "functie": str(role("cjg-coach").id), "scholen": schools,
                           "werkgever": str(person.organisation_id)},
        "vertrek": {"opvolger": "vacature"},
        "andere-organisatie": {"naar": str(other_organisation(person)), "opvolger": other},
        "afwezigheid": {"opvolger": other, "laatste_dag": "2027-03-01"},
        "contactgegevens": {"extra_telefoon": "06 12345999"},
        "vacature": {"functie": str(role("cjg-coach").id), "scholen": schools},
        "organisatie": {"organisatie": str(person.organisation_id)},
        "nieuws": {"organisatie": str(person.organisation_id)},
    }  # fmt: skip
    return answers[kind] | {"dag": FEBRUARY.isoformat(), "tekst": "Dit verandert er."}


ABOUT_ONESELF = ("opvolging", "vertrek", "andere-organisatie", "afwezigheid", "contactgegevens")


@pytest.mark.parametrize("kind", [kind.value for kind in TYPED])
@pytest.mark.parametrize("who", ["member", "editor", "coordinator"])
def test_each_kind_is_posted_by_permitted_roles_only(visit: Visit, who: str, kind: str) -> None:
    person = coach()
    schools = [post.school_id for post in posts(person)][:2]
    visitor = visit(who)
    about = person.id if kind in ABOUT_ONESELF else None
    if who == "member" and kind not in ABOUT_ONESELF:
        assert f'value="{kind}"' not in visitor.get("/wijzigingen/nieuw")
        answer = visitor.preview(kind, fields_of(kind, person, schools))
        assert "Klopt het zo?" not in answer.text
        return
    asked = hidden(visitor.ask(kind, about))
    notice = visitor.post(kind, asked | fields_of(kind, person, schools), about)
    page = visitor.get(f"/wijzigingen/{notice}")
    assert "Dit verandert er." in page
    assert "Gezien door 0 van" in page
    assert f"/wijzigingen/{notice}" in visitor.get("/wijzigingen")
