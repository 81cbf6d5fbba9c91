"""An enumeration with labels, and the field that stores it."""

import pytest

from portal.database.fields import EnumField
from portal.labelled_enum import LabelledEnum


class Colour(LabelledEnum):
    RED = "red", "rood"
    BLUE = "blue", "blauw"


def test_a_member_is_its_stored_value_with_a_label() -> None:
    assert Colour("red") is Colour.RED
    assert f"{Colour.RED}" == "red"
    assert Colour.RED.label == "rood"
    assert Colour.choices() == [("red", "rood"), ("blue", "blauw")]


def test_the_field_stores_plain_text_and_reads_members() -> None:
    field = EnumField(Colour)
    assert type(field.db_value(Colour.RED)) is str
    assert field.db_value("blue") == "blue"
    assert field.python_value("red") is Colour.RED
    assert field.db_value(None) is field.python_value(None) is None


@pytest.mark.parametrize("convert", ["db_value", "python_value"])
def test_the_field_refuses_any_other_text(convert: str) -> None:
    with pytest.raises(ValueError, match="green"):
        getattr(EnumField(Colour), convert)("green")
