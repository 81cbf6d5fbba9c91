"""Names of people in a list."""

from portal.person_names import full_name, full_name_key, sort_key


def test_people_stand_by_family_name_without_infix_accents_and_capitals() -> None:
    names = [("Zoë", "van ’t", "Àbel"), ("Jan", "", "bakker"), ("Åsa", "de", "Bakker"),
             ("", "", "Budi"), ("Émile", "van der", "Élan"), ("Wim", "", "Elzen"),
             ("Suharto", "", ""), ("Bo", "", "Zwart")]  # fmt: skip
    expected = ["Àbel", "Bakker", "bakker", "Budi", "Élan", "Elzen", "", "Zwart"]
    listed = sorted(names, key=lambda name: sort_key(name[0], name[2]))
    assert [family for _, _, family in listed] == expected
    whole = sorted((full_name(*name) for name in names), key=full_name_key)
    assert whole == [full_name(*name) for name in listed]
