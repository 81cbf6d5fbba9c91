"""The summaries of the directory, on the overview of Beheer."""

from peewee import fn

from portal.database.cache import fetch_kept
from portal.directory.models import Person
from portal.editing.gaps_in_data_of_people import Lack, choose_people
from portal.web.admin_pages import Summary
from portal.web.formatting import count

# The pages on which nothing waits: label, endpoint and sentence.
WITHOUT_WORK = (
    ("Scholen", "editing.schools", "Namen, nummers, en welke school sluit."),
    ("Organisaties", "editing.organisations", "Wie er om de scholen heen werken."),
    ("Contactpunten", "editing.contact_points", "Balies, hun nummers en uren."),
    ("Functies", "editing.roles", "Waarvoor je belt, en wie waar antwoordt."),
    ("Vakanties", "editing.holidays", "Vrije dagen, waarmee de hulpmiddelen rekenen."),
    ("Verdeling", "editing.division", "Wie werkt waar, per functie en dag."),
)


def summarise_people() -> Summary:
    """The people whom nobody can call."""
    found = choose_people(None, lack=Lack.NUMBER)  # of the directory alone, so it can be kept
    ((lacking,),) = fetch_kept(Person.select(fn.COUNT(Person.id)).where(found))
    if not lacking:
        return Summary("Wie er werkt, en wat er van hen ontbreekt.")
    return Summary(f"{count(lacking, 'persoon heeft', 'mensen hebben')} geen nummer.", lacking)
