"""The hours of a person and how they are reached best, wherever their days stand."""

from flask import Flask

from portal.database import connection
from portal.directory.models import Person, ReachedBy
from tests import factories
from tests.conftest import CheckedClient


def test_hours_and_the_preferred_way_stand_with_the_days(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with connection():
        person = factories.coach()
        values = {"working_days": "124", "hours": "8.30-15.00", "reached_by": ReachedBy.MAIL}
        Person.update(values).where(Person.id == person.id).execute()
        school = factories.posts(person)[0].school
    for path in (f"/personen/{person.id}", f"/scholen/{school.slug}"):
        page = client.get(path).get_data(as_text=True)
        assert "ma, di, do" in page
        assert "8.30-15.00 · liefst mailen" in page
        assert "<span>Liefst mailen</span>" in page  # beside the number
    file = client.get(f"/personen/{person.id}.vcf").get_data(as_text=True)
    assert "Werkt op ma\\, di\\, do\\, 8.30-15.00.\\nLiefst mailen." in file.replace("\r\n ", "")


def test_somebody_who_is_called_gladly_has_no_remark_beside_the_number(portal_copy: Flask) -> None:
    client = CheckedClient(portal_copy, portal_copy.response_class).sign_in("reader")
    with connection():
        person = factories.coach()
        values = {"working_days": "", "hours": "", "reached_by": ReachedBy.CALL}
        Person.update(values).where(Person.id == person.id).execute()
    page = client.get(f"/personen/{person.id}").get_data(as_text=True)
    assert "· liefst bellen" in page
    assert "Liefst" not in page
    assert "werkt" not in page
