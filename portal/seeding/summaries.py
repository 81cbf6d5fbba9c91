"""The summaries of files of DUO and of the region, on the overview of Beheer."""

from portal.database.database_flags import has_proposal
from portal.web.admin_pages import Summary


def summarise_duo() -> Summary:
    return Summary("Scholen die nieuw zijn, verhuizen of sluiten.")


def summarise_region() -> Summary:
    """Whether the files of the region say something else."""
    if has_proposal():
        return Summary("De bestanden van de regio zeggen iets anders.", 1)
    return Summary("Wat de bestanden van de regio anders zeggen.")
