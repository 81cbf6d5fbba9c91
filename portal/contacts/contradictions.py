"""The sentence where the region's guide contradicts itself: it lets the residence of a pupil decide, and names somebody
for all schools of a municipality as well. Pure."""

from portal.region import Guide


def describe_contradiction(guide: Guide, claimant: str, municipality: str) -> str:
    """The contradiction in Dutch: the guide also says that this one (a name) answers for the schools in a municipality
    (a name) where the pupil does not live."""
    return (
        f"{guide.at_start} spreekt zichzelf tegen. {guide.pronoun} zegt dat de "
        f"woonplaats van de leerling telt. {guide.pronoun} zegt ook dat {claimant} "
        f"dit doet voor de scholen in {municipality}. We volgen de woonplaats."
    )
