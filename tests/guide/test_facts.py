"""Every fact of the source documents is on a page of the guide.

Each entry holds the domain row, the page (without /routeboek/) and the text that must be there. A
fact that disappears from its page is lost. Numbers and names come from the sources, words do not.
"""

# ruff: noqa: E501 - a list is read line by line

import pytest

from tests.checks import parse, text
from tests.conftest import CheckedClient

FACTS = [
    ("A0.1", "over-dit-routeboek", "We schreven alles opnieuw, in gewone taal. De feiten zijn dezelfde."),
    ("A0.2", "verschillen-per-gemeente", "De bron zegt ook dat Haarlemmermeer leerplicht doet voor de scholen in Haarlemmermeer."),
    ("A0.2", "verschillen-per-gemeente", "Wij volgen de woonplaats. Vraag bij twijfel beide."),
    ("A0.3", "samen-leren", "Voor intervisie en organisaties noemt de bron alleen de mailbox voor het PO."),
    ("A0.3", "samen-leren", "kernteam@po-zk.nl"),
    ("A0.3", "samen-leren", "kernteam@swv-vo-zk.nl"),
    ("A0.4", "jeugdgezondheidszorg", "De prikken kunnen nu op een andere leeftijd zijn. Vraag het aan de GGD"),
    ("A0.4", "jeugdgezondheidszorg", "Het adres van de website van de GGD staat in de bron met een tikfout."),
    ("A0.4", "verwijsindex", "Of de Verwijsindex in deze regio nog bestaat, moet je eerst navragen."),
    ("A0.5", "wat-doet-de-coach", "In het Routeboek staat geen telefoonnummer."),
    ("A0.5", "wat-doet-de-coach", "cjg@heemstede.nl"),
    ("decision", "verschillen-per-gemeente", "Vraag het aan de helpdesk van de schoolcoaches en aan het CJG van de leerling."),
    ("decision", "verschillen-per-gemeente", "Voor scholen in Velsen noemt het Routeboek geen CJG."),
    ("decision", "wie-doet-wat", "Dat ook iedere school voor VO een onderwijsconsulent heeft, staat alleen in de handreiking van 2020."),
    ("decision", "verzuim", "De Verzuimkaart is gemaakt voor de basisschool."),
    ("A1", "wat-is-een-kernteam", "de directeur de intern begeleider de CJG-coach of de schoolcoach (Altra), soms meer dan één het JGZ-team van de GGD de onderwijsconsulent de leerplichtambtenaar"),
    ("A1", "wat-is-een-kernteam", "De consortia horen niet bij het kernteam."),
    ("A2", "wat-is-een-kernteam", "de schoolmaatschappelijk werker, als de school die heeft"),
    ("A2", "wat-is-een-kernteam", "Het VO werkt sinds september 2020 met kernteams."),
    ("A3", "wat-doet-de-coach", "088 995 84 84"),
    ("A3", "wat-doet-de-coach", "088 995 83 83"),
    ("A3", "wat-doet-de-coach", "helpdeskschoolcoaches@altra.nl"),
    ("A4", "verschillen-per-gemeente", "de schoolcoach (Altra), voor leerlingen die in Haarlemmermeer wonen"),
    ("A4", "verschillen-per-gemeente", "In Haarlemmermeer kunnen ouders en scholen ook bij het CJG Haarlemmermeer terecht."),
    ("A5", "wat-doet-de-coach", "De CJG-coach van jouw school belt de coach in de andere wijk of gemeente."),
    ("A6", "verschillen-per-gemeente", "Hillegom (en zit op school in Bennebroek) het RBL Holland Rijnland, niet het Leerplein"),
    ("A7", "verschillen-per-gemeente", "023 511 36 60"),
    ("A7", "verschillen-per-gemeente", "0900 1852"),
    ("A8", "jeugdgezondheidszorg", "023 789 17 77"),
    ("A8", "verschillen-per-gemeente", "In Haarlemmerliede helpt de JGZ ook kinderen van 0 tot 4 jaar."),
    ("A9", "jeugdgezondheidszorg", "5 of 6 jaar Op school meet de assistent lengte en gewicht. De ogen en oren worden getest. Ouders vullen eerst een digitale vragenlijst in."),
    ("A9", "jeugdgezondheidszorg", "9 jaar Twee prikken: BMR en DTP."),
    ("A9", "jeugdgezondheidszorg", "10 jaar, meisjes en jongens Het kind krijgt een brief voor de prik tegen HPV."),
    ("A9", "jeugdgezondheidszorg", "Groep 7 Op school meet de assistent lengte en gewicht. De ogen worden getest. Ouders vullen eerst een vragenlijst in."),
    ("A9", "jeugdgezondheidszorg", "Komt het gezin niet, zonder bericht? Dan laat de JGZ dat aan de school weten."),
    ("A10", "wie-doet-wat", "Iedere school heeft er een."),
    ("A10", "wie-doet-wat", "passendonderwijs-zk.nl/ouderpagina"),
    ("A11", "wat-doet-de-coach", "Bespreken kan altijd anoniem."),
    ("A11", "wat-doet-de-coach", "Samen met jou met de ouders praten."),
    ("A11", "wat-doet-de-coach", "Met school, ouders en kind zoeken naar de juiste vraag."),
    ("A11", "wat-doet-de-coach", "Het CJG is de weg naar hulp van een specialist. Bij de huisarts is dat de POH-Jeugd."),
    ("A11", "wat-doet-de-coach", "door Platform JOP, 9 mei 2023"),
    ("A12", "wat-is-een-kernteam", "Bij twijfel: toch bellen!"),
    ("A13", "wat-is-een-kernteam", "Verandert er iets in je organisatie? Of ga je zelf ergens anders werken?"),
    ("A14", "wat-is-een-kernteam", "Het grootste risico is dat mensen vaak wisselen."),
    ("A15", "samen-rond-een-leerling", "Wie van het kernteam is bij het startgesprek?"),
    ("A15", "samen-rond-een-leerling", "Hoe houden we elkaar op de hoogte?"),
    ("A15", "samen-rond-een-leerling", "Wie zet welke stap?"),
    ("A15", "samen-rond-een-leerling", "Wanneer en hoe sluiten we af?"),
    ("A15", "samen-rond-een-leerling", "Moeten het OPP en het gezinsplan op elkaar passen?"),
    ("A16", "samen-rond-een-leerling", "Wat verstaan we onder regie?"),
    ("A16", "samen-rond-een-leerling", "Bij wie ligt de regie: bij de ouders, bij een lid van het kernteam, of bij beiden?"),
    ("A16", "samen-rond-een-leerling", "Wanneer eindigt de regie?"),
    ("A17", "het-kernteam-laten-zien", "Vertel dat het heel gewoon is om samen te werken. Doe dat voor ouders, en ook voor leerkrachten."),
    ("A17", "een-kernteam-starten", "Hoe laten we het kernteam zien op school?"),
    ("A18", "een-kernteam-starten", "1. Nabijheid en beschikbaarheid."),
    ("A18", "een-kernteam-starten", "2. Samen verder leren."),
    ("A19", "over-dit-routeboek", "Ieder jaar kijkt iemand het na."),
    ("A19", "over-dit-routeboek", "juni 2020: hoe we samenwerken juni 2021: samen leren 9 mei 2023: wat de CJG-coach doet januari 2024: het Routeboek zelf"),
    ("A19", "over-dit-routeboek", "Soms is een afspraak anders voor PO en VO"),
    ("A20", "de-organisatie-erachter", "Kwam in september 2022 in plaats van de stuurgroep. Ook ambtenaren van de gemeenten doen mee."),
    ("A20", "de-organisatie-erachter", "Kreeg de opdracht van het OOGO."),
    ("A20", "de-organisatie-erachter", "Bereidt het OOGO voor."),
    ("A20", "de-organisatie-erachter", "Samenwerkingsverband PO Zuid-Kennemerland CJG Kennemerland, voor Haarlem, Bloemendaal en Zandvoort CJG Heemstede Leerplein Zuid-Kennemerland en IJmond GGD Kennemerland"),
    ("A20", "de-organisatie-erachter", "Eind 2018 begon het project Versterken Kernteams."),
    ("A21", "over-dit-routeboek", "De inhoud staat bij ieder hoofdstuk. Onderaan ga je naar het vorige of het volgende."),
    ("A22", "wat-is-een-kernteam", "De school vertelt ouders dat werken met een kernteam heel gewoon is."),
    ("A22", "schooltekst", "Op onze school werken we met een kernteam. Dat is heel gewoon."),
    ("A23", "verzuim", "Tot en met 12 keer is het aan de school. Bij meer dan 12 keer: melden bij leerplicht."),
    ("A24", "verzuim", "Aan ouders vragen wat er is. Waar nodig de jeugdarts vragen. Voor les aan zieke leerlingen: ziezon."),
    ("A25", "verzuim", "Meer dan 16 uur in 4 schoolweken achter elkaar: melden bij leerplicht is verplicht."),
    ("A25", "verzuim", "Melden bij het samenwerkingsverband, voor steun en om het bij te houden."),
    ("A26", "verzuim", "Binnen 7 dagen melden bij DUO."),
    ("A27", "verzuim", "Hoogstens 1 keer per jaar en 10 lesdagen. Niet in de eerste twee weken na de zomer. Ouders vragen het 8 weken vooraf op papier."),
    ("A27", "verzuim", "De directeur beslist op papier over verlof voor vakantie."),
    ("A27", "verzuim", "hoe ouders bezwaar maken of in beroep gaan"),
    ("A28", "verzuim", "Ook 8 weken vooraf op papier. Tot en met 10 dagen beslist de school. Meer dan 10 dagen: naar de leerplichtambtenaar."),
    ("A29", "verzuim", "Zoekt uit hoe het komt en praat met ouders. Probeert het kind weer op school te krijgen. Houdt bij wie verzuimt of thuiszit."),
    ("A29", "verzuim", "Houdt bij wie thuiszit. Helpt de school aan een plek die past. Bemiddelt tussen ouders en school."),
    ("A29", "verzuim", "Helpt thuis. Kent de weg en kan jeugdhulp inzetten."),
    ("A29", "verzuim", "Onderzoekt het kind. Let ook op hoe het zich voelt. Verwijst zo nodig naar hulp."),
    ("A29", "verzuim", "Begeleiden de leerling, de ouders en de school."),
    ("A29", "verzuim", "maatwerk binnen onderwijstijd"),
    ("A30", "veilig-thuis-en-meldcode", "Iedere school werkt met de meldcode. Dat is verplicht."),
    ("A30", "veilig-thuis-en-meldcode", "Scholen met zo iemand gebruiken de meldcode vaker."),
    ("A30", "veilig-thuis-en-meldcode", "Bel Veilig Thuis voor advies. Dat mag altijd. Het mag ook anoniem."),
    ("A30", "veilig-thuis-en-meldcode", "Bespreek je zorg met het kernteam, of met een deel ervan. Ook dat mag anoniem."),
    ("A30", "veilig-thuis-en-meldcode", "Voor het CJG hoeft de vraag nog niet klaar te zijn. De ouders moeten wel met het CJG willen praten."),
    ("A30", "veilig-thuis-en-meldcode", "Er zijn problemen, maar het gezin wil geen hulp. Dan volgt de meldcode."),
    ("A30", "veilig-thuis-en-meldcode", "De ouders zien geen zorg, maar de school wel. Dan volgt ook de meldcode."),
    ("A30", "veilig-thuis-en-meldcode", "Een nieuw signaal kan een nieuwe uitkomst geven."),
    ("A30", "veilig-thuis-en-meldcode", "De vijf stappen van de meldcode staan in de bron alleen in een plaatje."),
    ("A30", "veilig-thuis-en-meldcode", "Het nummer van Veilig Thuis staat niet in het Routeboek."),
    ("A30", "veilig-thuis-en-meldcode", "Is er nu gevaar? Bel 112."),
    ("A31", "het-grijze-gebied", "Is dit het grijze gebied?"),
    ("A31", "het-grijze-gebied", "Praat over hoe je ermee leeft."),
    ("A31", "het-grijze-gebied", "Problemen horen bij het leven."),
    ("A31", "het-grijze-gebied", "Denk aan de sociale basis"),
    ("A32", "veilig-thuis-en-meldcode", "Wie meldt bij Veilig Thuis, krijgt bericht dat de melding er is. Daar hoort een folder bij."),
    ("A33", "verwijsindex", "0 tot 23 jaar"),
    ("A33", "verwijsindex", "Dit is geen melding volgens de meldcode."),
    ("A33", "verwijsindex", "het adres en het telefoonnummer van de school je mailadres je naam je functie"),
    ("A33", "verwijsindex", "Zet in het onderwerp van je mail: Verwijsindex."),
    ("A33", "verwijsindex", "verwijsindex@haarlem.nl"),
    ("A33", "verwijsindex", "Op de website van Multisignaal staan de trainingen"),
    ("A34", "overstap-speciaal-onderwijs", "kinder- of jeugdpsycholoog pedagoog kinderpsychiater arts maatschappelijk werker, zoals een CJG-coach"),
    ("A34", "overstap-speciaal-onderwijs", "mag niet dezelfde functie hebben als de eerste"),
    ("A34", "overstap-speciaal-onderwijs", "de jeugdarts de CJG-coach of de POH-Jeugd een andere deskundige die betrokken is"),
    ("A34", "overstap-speciaal-onderwijs", "Tekenen mag alleen wie echt betrokken is bij de leerling."),
    ("A34", "overstap-speciaal-onderwijs", "de ouders de school het speciaal (basis)onderwijs"),
    ("A35", "wie-betaalt-een-intelligentieonderzoek", "Een IQ-onderzoek kan deel zijn van een breed onderzoek."),
    ("A35", "wie-betaalt-een-intelligentieonderzoek", "Alleen een IQ-onderzoek is nodig. Niet de Jeugdwet."),
    ("A35", "wie-betaalt-een-intelligentieonderzoek", "De school kiest zelf of zij het budget hiervoor gebruikt."),
    ("A35", "wie-betaalt-een-intelligentieonderzoek", "Ouders kunnen kiezen om het zelf te betalen."),
]  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {}


@pytest.mark.parametrize(("row", "page", "fact"), FACTS)
def test_a_fact_is_on_its_page(
    client: CheckedClient, pages: dict[str, str], row: str, page: str, fact: str
) -> None:
    if page not in pages:
        article = next(parse(client.get(f"/routeboek/{page}").text).iter("article"))
        pages[page] = " ".join(text(article).split())
    assert fact in pages[page]


def test_every_domain_row_of_the_guide_is_in_the_list() -> None:
    named = {row for row, _, _ in FACTS}
    wanted = {9, 11, *range(15, 18), *range(19, 36)}
    assert {f"A{number}" for number in wanted} <= named
