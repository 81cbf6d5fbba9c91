"""Every route of the portal: what each visitor gets of it, in which states it is looked at in a
browser, and of which pages the number of statements may not grow. A route that is missing here
fails tests/contracts/test_access.py, a page without states tests/browser/test_every_page.py.
"""

from collections.abc import Sequence
from typing import NamedTuple

# Somebody from an unknown network, from a trusted one, and whoever has each role.
VISITORS = ("stranger", "network", "reader", "member", "editor", "coordinator", "administrator")

Statuses = dict[str, int]  # per visitor the status of the answer


class Case(NamedTuple):
    """An address of a route. The test fills in the names in braces for each visitor."""

    address: str
    statuses: Statuses
    about: str = ""  # the owner: the visitor ("own"), somebody else ("other"), …


class States(NamedTuple):
    """An address in each state of a page, or None where it has no such state: it asks nothing, or
    always holds something. Before the address stands who is signed in and what they do there."""

    empty: str | None
    filled: str | None
    error: str | None


class Route(NamedTuple):
    """The cases and pages of one method and rule."""

    cases: list[Case]
    states: States | None = None  # None: no page to look at (a file, a check, a POST)
    also: Sequence[str] = ()  # more addresses to look at
    counted: Sequence[str] = ()  # cost as many statements with 1 as with 200 rows; first the role


def statuses(*codes: int) -> Statuses:
    """The status for each of the visitors, in their order."""
    return dict(zip(VISITORS, codes, strict=True))


ALL = statuses(200, 200, 200, 200, 200, 200, 200)
READ = statuses(302, 200, 200, 200, 200, 200, 200)
OWN = statuses(302, 302, 200, 200, 200, 200, 200)
OWN_DONE = statuses(302, 302, 302, 302, 302, 302, 302)
OTHERS = statuses(302, 302, 404, 404, 404, 404, 404)
KEEP = statuses(302, 302, 403, 403, 403, 200, 200)
KEEP_DONE = statuses(302, 302, 403, 403, 403, 302, 302)
KEEP_WRONG = statuses(302, 302, 403, 403, 403, 422, 422)
KEEP_NOT_THERE = statuses(302, 302, 403, 403, 403, 404, 404)
EDIT = statuses(302, 302, 403, 403, 200, 200, 200)
EDIT_DONE = statuses(302, 302, 403, 403, 302, 302, 302)
MEMBER = statuses(302, 302, 403, 200, 200, 200, 200)
MEMBER_NOT_THERE = statuses(302, 302, 403, 404, 404, 404, 404)
NOT_THERE = statuses(302, 404, 404, 404, 404, 404, 404)
NOWHERE = statuses(*[404] * 7)
# A request is followed by a link or by its own account; for everybody else it is not there.
FOLLOW = statuses(404, 404, 200, 200, 200, 200, 200)
FOLLOW_WRONG = statuses(404, 404, 422, 422, 422, 422, 422)
EDIT_WRONG = statuses(302, 302, 403, 403, 422, 422, 422)
EDIT_STALE = statuses(302, 302, 403, 403, 409, 422, 422)  # only a coordinator says why
EDIT_NOT_THERE = statuses(302, 302, 403, 403, 404, 404, 404)
KEEP_NOTICE = statuses(302, 302, 403, 404, 404, 200, 200)
BY_LINK = statuses(*[302] * 7)


def edited(rule: str, address: str) -> dict[str, Route]:
    """The two routes of a page that changes the directory (portal/editing)."""
    shown = States(None, f"coordinator {address}", f"coordinator post {address}")
    return {f"GET {rule}": Route([Case(address, KEEP)], shown), f"POST {rule}": Route([Case(address, KEEP_WRONG)])}


ROUTES = {
    "GET /": Route(
        [Case("/", READ)],
        States("/", "/?q=haarlem", "/?q=" + "x" * 101),
        also=[
            "/?q=meldcode", "member /", "/?q=camelot&dag=2027-02-01", "/?q=camelot&dag=gisteren",
            "/?q=qqqqqqqq", "/?q=spaarndam", "/?q=camelott", "/?q=leerplicht",
        ],
        counted=[
            "/", "/?q=camelot", "/?q=haarlem", "/?q=leerplicht", "/?q=camelott", "/?q=meldcode",
        ],
    ),
    "GET /scholen": Route(
        [Case("/scholen", READ)],
        States(
            "/scholen?soort=so&gemeente=velsen", "/scholen?gemeente=heemstede",
            "/scholen?soort=xx&gemeente=yy",
        ),
        counted=["/scholen"],
    ),
    "GET /scholen/<slug>": Route(
        [Case("/scholen/16lf00-basisschool-camelot", READ)],
        States(
            "/scholen/20dg00-gymnasium-felisenum", "/scholen/16lf00-basisschool-camelot",
            "/scholen/16lf00-basisschool-camelot?plaats=spaarndam&dag=morgen",
        ),
        also=["/scholen/99zz99-niets", "/scholen/08vo00-jong-geleerd?woont=haarlem&dag=2027-03-01"],
        counted=["/scholen/16lf00-basisschool-camelot"],
    ),
    "GET /stijl": Route([Case("/stijl", READ)], States(None, "/stijl", None)),
    "GET /gemeenten/<slug>": Route(
        [Case("/gemeenten/haarlem", READ)],
        States("/gemeenten/amsterdam", "/gemeenten/haarlem", "/gemeenten/nergens"),
        counted=["/gemeenten/haarlem"],
    ),
    "GET /personen/<int:person>": Route(
        [Case("/personen/3", READ)],
        States(None, "/personen/3", "/personen/99999"),
        counted=["/personen/{person}"],
    ),
    "GET /personen/<int:person>.vcf": Route([Case("/personen/3.vcf", READ)]),
    "GET /scholen/<slug>/kernteam.vcf": Route([Case("/scholen/16lf00/kernteam.vcf", READ)]),
    "GET /functies/<key>": Route(
        [Case("/functies/jeugdarts", READ)],
        States("/functies/directeur", "/functies/leerplichtambtenaar", "/functies/niets"),
        counted=["/functies/cjg-coach"],
    ),
    "GET /wijzigingen": Route(
        [Case("/wijzigingen", READ)],
        States("/wijzigingen?stand=archief&soort=vacature", "coordinator /wijzigingen", None),
        counted=["/wijzigingen"],
    ),
    "GET /wijzigingen/nieuw": Route(
        [Case("/wijzigingen/nieuw", MEMBER)],
        States(
            "member /wijzigingen/nieuw", "coordinator /wijzigingen/nieuw?soort=nieuwe-collega",
            "member post /wijzigingen/nieuw?soort=vertrek",
        ),
        also=[
            "coordinator /wijzigingen/nieuw?soort=organisatie",
            "member /wijzigingen/nieuw?soort=contactgegevens",
        ],
    ),
    "POST /wijzigingen/nieuw": Route([Case("/wijzigingen/nieuw", MEMBER)]),
    "GET /wijzigingen/mail": Route(
        [Case("/wijzigingen/mail", OWN)],
        States("coordinator /wijzigingen/mail", "member /wijzigingen/mail", None),
    ),
    "POST /wijzigingen/mail": Route(
        # Only one of them works in a kernteam.
        [Case("/wijzigingen/mail", statuses(302, 302, 404, 302, 404, 404, 404))],
    ),
    "GET /wijzigingen/<int:notice_id>": Route(
        [
            Case("/wijzigingen/999", NOT_THERE), Case("/wijzigingen/{notice}", READ, "own"),
            Case("/wijzigingen/{other_notice}", READ, "other"),
        ],
        States("/wijzigingen/4", "coordinator /wijzigingen/1", "/wijzigingen/999"),
        counted=["/wijzigingen/{notice}"],
    ),
    "POST /wijzigingen/<int:notice_id>/gezien": Route(
        [
            Case("/wijzigingen/999/gezien", OTHERS),
            # Only one of them works in a kernteam.
            Case("/wijzigingen/{notice}/gezien",
                 statuses(302, 302, 404, 302, 404, 404, 404), "for me"),
            Case("/wijzigingen/{other_notice}/gezien", OTHERS, "not for me"),
        ],
    ),
    "GET /wijzigingen/<int:notice_id>/wijzigen": Route(
        [
            Case("/wijzigingen/999/wijzigen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/wijzigen", MEMBER, "own"),
            Case("/wijzigingen/{other_notice}/wijzigen", KEEP_NOTICE, "other"),
        ],
        States(
            None, "coordinator /wijzigingen/1/wijzigen",
            "coordinator cleared post /wijzigingen/4/wijzigen",
        ),
    ),
    "POST /wijzigingen/<int:notice_id>/wijzigen": Route(
        [
            Case("/wijzigingen/999/wijzigen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/wijzigen",
                 statuses(302, 302, 403, 422, 422, 422, 422), "own"),
            Case("/wijzigingen/{other_notice}/wijzigen",
                 statuses(302, 302, 403, 404, 404, 422, 422), "other"),
        ],
    ),
    "GET /wijzigingen/<int:notice_id>/aanvullen": Route(
        [
            Case("/wijzigingen/999/aanvullen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/aanvullen", MEMBER, "own"),
            Case("/wijzigingen/{other_notice}/aanvullen", KEEP_NOTICE, "other"),
        ],
        States(
            None, "coordinator /wijzigingen/1/aanvullen",
            "coordinator post /wijzigingen/1/aanvullen",
        ),
    ),
    "POST /wijzigingen/<int:notice_id>/aanvullen": Route(
        [
            Case("/wijzigingen/999/aanvullen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/aanvullen",
                 statuses(302, 302, 403, 422, 422, 422, 422), "own"),
            Case("/wijzigingen/{other_notice}/aanvullen",
                 statuses(302, 302, 403, 404, 404, 422, 422), "other"),
        ],
    ),
    "POST /wijzigingen/<int:notice_id>/aanvulling-terug": Route(
        [
            Case("/wijzigingen/999/aanvulling-terug", MEMBER_NOT_THERE),
            # They do not say which version they saw.
            Case("/wijzigingen/{notice}/aanvulling-terug",
                 statuses(302, 302, 403, 409, 409, 409, 409), "own"),
            Case("/wijzigingen/{other_notice}/aanvulling-terug",
                 statuses(302, 302, 403, 404, 404, 409, 409), "other"),
        ],
    ),
    "POST /wijzigingen/<int:notice_id>/eerdere-teksten-wissen": Route(
        [
            Case("/wijzigingen/999/eerdere-teksten-wissen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/eerdere-teksten-wissen",
                 statuses(302, 302, 403, 302, 302, 302, 302), "own"),
            Case("/wijzigingen/{other_notice}/eerdere-teksten-wissen",
                 statuses(302, 302, 403, 404, 404, 302, 302), "other"),
        ],
    ),
    "POST /wijzigingen/<int:notice_id>/intrekken": Route(
        [
            Case("/wijzigingen/999/intrekken", MEMBER_NOT_THERE),
            # They do not say which version they saw.
            Case("/wijzigingen/{notice}/intrekken",
                 statuses(302, 302, 403, 409, 409, 409, 409), "own"),
            Case("/wijzigingen/{other_notice}/intrekken",
                 statuses(302, 302, 403, 404, 404, 409, 409), "other"),
        ],
    ),
    "POST /wijzigingen/<int:notice_id>/bevestigen": Route(
        [
            Case("/wijzigingen/999/bevestigen", MEMBER_NOT_THERE),
            # The successor works for the organisation of the editor.
            Case("/wijzigingen/{notice}/bevestigen",
                 statuses(302, 302, 403, 404, 409, 409, 409), "own"),
            Case("/wijzigingen/{other_notice}/bevestigen", MEMBER_NOT_THERE, "none waits"),
        ],
    ),
    "POST /wijzigingen/<int:notice_id>/afwijzen": Route(
        [
            Case("/wijzigingen/999/afwijzen", MEMBER_NOT_THERE),
            Case("/wijzigingen/{notice}/afwijzen",
                 statuses(302, 302, 403, 404, 409, 409, 409), "own"),
            Case("/wijzigingen/{other_notice}/afwijzen", MEMBER_NOT_THERE, "none waits"),
        ],
    ),
    "GET /wijzigingen/gezien/<secret:token>": Route(
        [Case("/wijzigingen/gezien/x", NOWHERE), Case("/wijzigingen/gezien/{seen}", ALL, "ours")],
        States(None, "gezien", "/wijzigingen/gezien/x"),
    ),
    "POST /wijzigingen/gezien/<secret:token>": Route(
        [
            Case("/wijzigingen/gezien/x", NOWHERE),
            Case("/wijzigingen/gezien/{seen}", BY_LINK, "ours"),
        ],
    ),
    "GET /wijzigingen/afmelden/<secret:token>": Route(
        [
            Case("/wijzigingen/afmelden/x", NOWHERE),
            Case("/wijzigingen/afmelden/{mute}", ALL, "ours"),
            Case("/wijzigingen/afmelden/{seen}", NOWHERE, "forged"),
        ],
        States(None, "afmelden", "/wijzigingen/afmelden/x"),
    ),
    "POST /wijzigingen/afmelden/<secret:token>": Route(
        [
            Case("/wijzigingen/afmelden/x", ALL),  # RFC 8058
            Case("/wijzigingen/afmelden/{mute}", ALL, "ours"),
            Case("/wijzigingen/afmelden/{seen}", ALL, "forged"),
        ],
    ),
    "GET /aanvragen": Route(
        [Case("/aanvragen", ALL)],
        States("/aanvragen", "reader /aanvragen", None),
        counted=["/aanvragen"],
    ),
    "GET /aanvragen/<slug>": Route(
        [Case("/aanvragen/thema", ALL)],
        States(
            "/aanvragen/thema", "member /aanvragen/verwijsindex?school=16LF00",
            "post /aanvragen/organisatie",
        ),
        also=[
            "/aanvragen/intervisie", "post /aanvragen/intervisie", "/aanvragen/kernteam",
            "post /aanvragen/verwijsindex",
        ],
        counted=["/aanvragen/thema?school=16LF00"],
    ),
    "POST /aanvragen/<slug>": Route([Case("/aanvragen/thema", statuses(*[422] * 7))]),
    "POST /aanvragen/<slug>/bewaren": Route(
        [Case("/aanvragen/thema/bewaren", statuses(*[422] * 7))]
    ),
    "GET /aanvragen/bewaard": Route(
        [Case("/aanvragen/bewaard", ALL)], States(None, "/aanvragen/bewaard", None)
    ),
    "GET /aanvragen/verder/<secret:token>": Route(
        [
            Case("/aanvragen/verder/{saved}", ALL, "by link"),
            Case("/aanvragen/verder/x", NOWHERE, "forged"),
        ],
        States(None, "saved", "/aanvragen/verder/x"),
    ),
    "GET /aanvragen/verstuurd/<form_key>": Route(
        [Case("/aanvragen/verstuurd/x", statuses(*[404] * 7), "other")],
        States(None, "asked", "/aanvragen/verstuurd/x"),
    ),
    "GET /aanvragen/volgen/<secret:key>": Route(
        [
            Case("/aanvragen/volgen/{own_request}", FOLLOW, "own"),
            Case("/aanvragen/volgen/{other_request}", statuses(*[404] * 7), "other"),
            Case("/aanvragen/volgen/{link}", ALL, "by link"),
        ],
        States(None, "reader followed", "reader post followed"),
    ),
    "GET /aanvragen/volgen/<secret:key>/afspraak.ics": Route(
        [
            Case("/aanvragen/volgen/{own_planned}/afspraak.ics", FOLLOW, "own"),
            Case("/aanvragen/volgen/{other_planned}/afspraak.ics", NOWHERE, "other"),
            Case("/aanvragen/volgen/{planned_link}/afspraak.ics", ALL, "by link"),
        ],
    ),
    "GET /aanvragen/behandelen/<secret:token>": Route(
        [
            Case("/aanvragen/behandelen/{handled}", ALL, "by link"),
            Case("/aanvragen/behandelen/x", NOWHERE, "forged"),
        ],
        States(None, "handled", "/aanvragen/behandelen/x"),
    ),
    "POST /aanvragen/behandelen/<secret:token>/<step>": Route(
        [
            Case("/aanvragen/behandelen/{handled}/plannen", statuses(*[422] * 7), "by link"),
            Case("/aanvragen/behandelen/{handled}/antwoorden", NOWHERE, "not by link"),
            Case("/aanvragen/behandelen/x/behandelen", NOWHERE, "forged"),
        ],
    ),
    "POST /aanvragen/volgen/<secret:key>/versturen": Route(
        [

            Case("/aanvragen/volgen/{own_request}/versturen",
                 statuses(404, 404, *[302] * 5), "own"),
            Case("/aanvragen/volgen/{other_request}/versturen", statuses(*[404] * 7), "other"),
        ],
    ),
    "POST /aanvragen/volgen/<secret:key>/bericht": Route(
        [
            Case("/aanvragen/volgen/{own_request}/bericht", FOLLOW_WRONG, "own"),
            Case("/aanvragen/volgen/{other_request}/bericht", statuses(*[404] * 7), "other"),
        ],
    ),
    "POST /aanvragen/volgen/<secret:key>/intrekken": Route(
        [
            Case("/aanvragen/volgen/{own_request}/intrekken", FOLLOW_WRONG, "own"),
            Case("/aanvragen/volgen/{other_request}/intrekken", statuses(*[404] * 7), "other"),
        ],
    ),
    "GET /routeboek": Route(
        [Case("/routeboek", READ)],
        States(None, "/routeboek", None),
        counted=["/routeboek"],
    ),
    "GET /routeboek/<slug>": Route(
        [Case("/routeboek/verzuim", READ)],
        States(None, "/routeboek/veilig-thuis-en-meldcode", "/routeboek/bestaat-niet"),
        also=["/routeboek/verzuim?voor=vo"],
        counted=["/routeboek/verzuim"],
    ),
    "GET /routeboek/alles": Route(
        [Case("/routeboek/alles", READ)],
        States(None, "/routeboek/alles", None),
        counted=["/routeboek/alles"],
    ),
    "GET /routeboek/woorden": Route(
        [Case("/routeboek/woorden", READ)],
        States(None, "/routeboek/woorden", None),
    ),
    "GET /routeboek/verzuimkaart": Route(
        [Case("/routeboek/verzuimkaart?wat=te-laat&keer=13", READ)],
        States(
            "/routeboek/verzuimkaart",
            "/routeboek/verzuimkaart?wat=weg&uren=16,5&eerste=2026-09-28"
            "&school=16lf00-basisschool-camelot&plaats=hillegom",
            "/routeboek/verzuimkaart?wat=vakantie&eerste=&laatste=&werk=&eerder=",
        ),
        also=[
            "/routeboek/verzuimkaart?wat=te-laat&keer=13&school=20dg00-gymnasium-felisenum",
            "member /routeboek/verzuimkaart?wat=ziek",
        ],
        counted=[

            "/routeboek/verzuimkaart?wat=te-laat&keer=13&school=16lf00-basisschool-camelot"
            "&woont=haarlem",
        ],
    ),
    "GET /routeboek/intelligentieonderzoek": Route(
        [Case("/routeboek/intelligentieonderzoek", READ)],
        States(
            "/routeboek/intelligentieonderzoek",
            "/routeboek/intelligentieonderzoek?problemen=ja&nodig=ja&ouders=nee"
            "&school=16lf00-basisschool-camelot",
            "/routeboek/intelligentieonderzoek?problemen=",
        ),
    ),
    "GET /routeboek/tweede-deskundige": Route(
        [Case("/routeboek/tweede-deskundige", READ)],
        States(
            "/routeboek/tweede-deskundige",
            "/routeboek/tweede-deskundige?eerste=jeugdarts&tweede=cjg-coach"
            "&betrokken=nee&school=16lf00-basisschool-camelot",
            "/routeboek/tweede-deskundige?eerste=",
        ),
    ),
    "GET /routeboek/zorgen-over-veiligheid": Route(
        [Case("/routeboek/zorgen-over-veiligheid", READ)],
        States(
            "/routeboek/zorgen-over-veiligheid",
            "/routeboek/zorgen-over-veiligheid?school=16lf00-basisschool-camelot",
            "/routeboek/zorgen-over-veiligheid?school=x&woont=",
        ),
        counted=["/routeboek/zorgen-over-veiligheid?school=16lf00-basisschool-camelot"],
    ),
    "GET /routeboek/schooltekst": Route(
        [Case("/routeboek/schooltekst", READ)],
        States(None, "/routeboek/schooltekst", None),
    ),
    "GET /scholen/<slug>/poster": Route(
        [Case("/scholen/16lf00-basisschool-camelot/poster", READ)],
        States(
            "/scholen/20dg00-gymnasium-felisenum/poster",
            "/scholen/16lf00-basisschool-camelot/poster", "/scholen/99zz99/poster",
        ),
        also=["/scholen/16lf00-basisschool-camelot/poster?voor=team"],
        counted=["/scholen/16lf00/poster"],
    ),
    "GET /scholen/<slug>/poster/<day>": Route(
        [Case("/scholen/16lf00/poster/2026-11-01", READ)],
        States(
            "/scholen/20dg00/poster/2026-11-01", "/scholen/08vo00/poster/2025-10-01",
            "/scholen/16lf00/poster/morgen",
        ),
        counted=["/scholen/16lf00/poster/2026-11-01"],
    ),
    "GET /toegankelijkheid": Route(
        [Case("/toegankelijkheid", ALL)],
        States(None, "/toegankelijkheid", None),
    ),
    "GET /privacy": Route([Case("/privacy", ALL)], States(None, "/privacy", None)),
    "GET /.well-known/security.txt": Route([Case("/.well-known/security.txt", ALL)]),
    "GET /manifest.webmanifest": Route([Case("/manifest.webmanifest", ALL)]),
    "GET /opensearch.xml": Route([Case("/opensearch.xml", ALL)]),
    "GET /healthz": Route([Case("/healthz", ALL)]),
    # No worker runs in these tests.
    "GET /readyz": Route([Case("/readyz", statuses(*[503] * 7))]),
    "GET /inloggen": Route(
        [Case("/inloggen", statuses(200, 200, 302, 302, 302, 302, 302))],
        States("/inloggen", None, "post /inloggen"),
    ),
    "POST /inloggen": Route([Case("/inloggen", statuses(*[422] * 7))]),
    "GET /inloggen/code": Route(
        [Case("/inloggen/code", ALL)],
        States("/inloggen/code", None, "post /inloggen/code"),
    ),
    "POST /inloggen/code": Route([Case("/inloggen/code", statuses(*[422] * 7))]),
    "GET /inloggen/tweede-stap": Route(
        # The demo asks none, so that none of them has one.
        [Case("/inloggen/tweede-stap", KEEP_DONE)],
        States(None, "coordinator second-factor", "coordinator post second-factor"),
    ),
    "POST /inloggen/tweede-stap": Route([Case("/inloggen/tweede-stap", KEEP_WRONG)]),
    "POST /inloggen/tweede-stap/passkey": Route([Case("/inloggen/tweede-stap/passkey", KEEP)]),
    "GET /account/tweede-stap": Route(
        [Case("/account/tweede-stap", KEEP)],
        States("administrator /account/tweede-stap", "coordinator second-factors", None),
        also=["coordinator paper-codes"],
    ),
    "POST /account/tweede-stap/passkey/vraag": Route(
        [Case("/account/tweede-stap/passkey/vraag", KEEP)]
    ),
    "POST /account/tweede-stap/passkey": Route(
        [Case("/account/tweede-stap/passkey", statuses(302, 302, 403, 403, 403, 409, 409))]
    ),
    "GET /account/tweede-stap/app": Route(
        [Case("/account/tweede-stap/app", KEEP)],
        States(
            None, "coordinator /account/tweede-stap/app",
            "coordinator post /account/tweede-stap/app",
        ),
    ),
    "POST /account/tweede-stap/app": Route([Case("/account/tweede-stap/app", KEEP_WRONG)]),
    "POST /account/tweede-stap/codes": Route([Case("/account/tweede-stap/codes", KEEP_DONE)]),
    "POST /account/tweede-stap/<int:factor>/weg": Route(
        [
            Case("/account/tweede-stap/999/weg", KEEP_NOT_THERE),
            Case("/account/tweede-stap/{other_factor}/weg", KEEP_NOT_THERE, "other"),
        ],
    ),
    "GET /inloggen/link/<secret:token>": Route(
        [Case("/inloggen/link/x", statuses(*[410] * 7))],
        States(None, None, "/inloggen/link/x"),
    ),
    "POST /inloggen/link/<secret:token>": Route([Case("/inloggen/link/x", statuses(*[410] * 7))]),
    "POST /inloggen/demo/<role>": Route([Case("/inloggen/demo/x", statuses(*[404] * 7))]),
    "GET /eerste-keer/<secret:token>": Route(
        [Case("/eerste-keer/x", statuses(*[404] * 7))],
        States(None, None, "/eerste-keer/x"),
    ),
    "POST /eerste-keer/<secret:token>": Route([Case("/eerste-keer/x", statuses(*[404] * 7))]),
    "GET /verder/<int:form_id>": Route(
        [Case("/verder/999", statuses(*[404] * 7), "other")],
        States(None, "kept", "/verder/999"),
    ),
    "GET /account": Route([Case("/account", OWN, "own")], States(None, "member /account", None)),
    "GET /account/gegevens": Route(
        [Case("/account/gegevens", OWN)],
        States("reader /account/gegevens", "member /account/gegevens",
               "member post /account/gegevens"),
    ),
    "GET /account/gegevens.json": Route([Case("/account/gegevens.json", OWN)]),
    "POST /account/gegevens": Route(
        [Case("/account/gegevens", statuses(302, 302, 422, 422, 422, 422, 422))]
    ),
    "POST /account/sessies/<int:session_id>/beeindigen": Route(
        [
            Case("/account/sessies/{own_session}/beeindigen", OWN_DONE, "own"),
            Case("/account/sessies/{other_session}/beeindigen", OTHERS, "other"),
        ],
    ),
    "POST /account/sessies/beeindigen": Route(
        [Case("/account/sessies/beeindigen", OWN_DONE, "own")],
    ),
    "POST /uitloggen": Route([Case("/uitloggen", OWN_DONE, "own")]),
    "GET /beheer": Route(
        [Case("/beheer", KEEP)],
        States(None, "coordinator /beheer", "reader /beheer"),
    ),
    "POST /beheer/eerste-stappen/weg": Route([Case("/beheer/eerste-stappen/weg", KEEP_DONE)]),
    "GET /beheer/techniek": Route(
        [Case("/beheer/techniek", KEEP)],
        States(None, "coordinator /beheer/techniek", None),
        counted=["coordinator /beheer/techniek"],
    ),
    "POST /beheer/techniek": Route([Case("/beheer/techniek", KEEP_DONE)]),
    "GET /beheer/post": Route(
        [Case("/beheer/post", KEEP)],
        States(
            "coordinator /beheer/post", "mailed /beheer/post",
            "coordinator /beheer/post?stand=x",
        ),
    ),
    "POST /beheer/post/test": Route([Case("/beheer/post/test", KEEP_DONE)]),
    "POST /beheer/post/<int:mail_id>/opnieuw": Route(
        [Case("/beheer/post/99/opnieuw", KEEP_NOT_THERE)],
    ),
    "GET /beheer/dekking": Route(
        [Case("/beheer/dekking", KEEP)],
        States(
            "coordinator /beheer/dekking?wat=gemeld", "coordinator /beheer/dekking",
            "coordinator /beheer/dekking?wat=x",
        ),
        counted=["coordinator /beheer/dekking"],
    ),
    "GET /beheer/dekking.csv": Route(
        [Case("/beheer/dekking.csv", KEEP)], counted=["coordinator /beheer/dekking.csv"]
    ),
    "GET /beheer/dekking/adressen": Route(
        [Case("/beheer/dekking/adressen", KEEP)],
        States("coordinator /beheer/dekking/adressen", None, None),
        counted=["coordinator /beheer/dekking/adressen"],
    ),
    "POST /beheer/dekking/adressen/<digest>/<any(klopt,twijfel):answer>": Route(
        [Case("/beheer/dekking/adressen/x/klopt", KEEP_NOT_THERE)],
    ),
    "GET /beheer/duo": Route(
        [Case("/beheer/duo", KEEP)],
        States("coordinator /beheer/duo", "sent /beheer/duo", "coordinator post /beheer/duo"),
    ),
    "POST /beheer/duo": Route([Case("/beheer/duo", KEEP_WRONG)]),
    "GET /beheer/duo/verschil": Route(
        [Case("/beheer/duo/verschil", KEEP_DONE)],
        States(None, "sent /beheer/duo/verschil", "sent post /beheer/duo/verschil"),
    ),
    "POST /beheer/duo/verschil": Route([Case("/beheer/duo/verschil", KEEP_DONE)]),
    "GET /beheer/regio": Route(
        [Case("/beheer/regio", KEEP)], States("coordinator /beheer/regio", None, None)
    ),
    "POST /beheer/regio": Route(
        [Case("/beheer/regio", statuses(302, 302, 403, 403, 403, 409, 409))]
    ),
    "GET /beheer/import": Route(
        [Case("/beheer/import", KEEP)],
        States("coordinator /beheer/import", "imported lijst", None),
    ),
    "GET /beheer/import/nieuw": Route(
        [Case("/beheer/import/nieuw", KEEP)],
        States(
            "coordinator /beheer/import/nieuw", None, "coordinator post /beheer/import/nieuw",
        ),
    ),
    "POST /beheer/import/nieuw": Route([Case("/beheer/import/nieuw", KEEP_WRONG)]),
    "GET /beheer/import/<int:number>": Route(
        [Case("/beheer/import/{file}", KEEP_DONE)],
        States(None, "imported overgenomen", "coordinator /beheer/import/999"),
    ),
    "GET /beheer/import/<int:number>/kolommen": Route(
        [Case("/beheer/import/{file}/kolommen", KEEP)],
        States(None, "imported kolommen", "imported post kolommen"),
    ),
    "POST /beheer/import/<int:number>/kolommen": Route(
        [Case("/beheer/import/{file}/kolommen", KEEP_WRONG)],
    ),
    "GET /beheer/import/<int:number>/vragen": Route(
        [Case("/beheer/import/{file}/vragen", KEEP)],
        States(None, "imported vragen", "imported post vragen"),
    ),
    "POST /beheer/import/<int:number>/vragen": Route(
        [Case("/beheer/import/{file}/vragen", KEEP_DONE)],
    ),
    "GET /beheer/import/<int:number>/verschil": Route(
        [Case("/beheer/import/{known_file}/verschil", KEEP)],
        States(None, "imported verschil", None),
    ),
    # Nothing says what was seen.
    "POST /beheer/import/<int:number>/verschil": Route(
        [Case("/beheer/import/{known_file}/verschil", statuses(302, 302, 403, 403, 403, 409, 409))],
    ),
    "GET /beheer/import/<int:number>/niet-overgenomen.xlsx": Route(
        [Case("/beheer/import/{file}/niet-overgenomen.xlsx", KEEP)],
    ),
    "POST /beheer/import/<int:number>/weg": Route([Case("/beheer/import/{file}/weg", KEEP_DONE)]),
    "GET /beheer/accounts": Route(
        [Case("/beheer/accounts", KEEP)],
        States(
            "coordinator /beheer/accounts?stand=gestopt", "coordinator /beheer/accounts",
            "coordinator post /beheer/accounts",
        ),
        also=["coordinator /beheer/accounts?stand=x"],
    ),
    "GET /beheer/accounts/nieuw": Route(
        [Case("/beheer/accounts/nieuw", KEEP)],
        States(
            "coordinator /beheer/accounts/nieuw", None, "coordinator post /beheer/accounts/nieuw",
        ),
    ),
    "POST /beheer/accounts/nieuw": Route([Case("/beheer/accounts/nieuw", KEEP_WRONG)]),
    "GET /beheer/accounts/<int:account_id>": Route(
        [
            Case("/beheer/accounts/{own}", KEEP_NOT_THERE, "own"),
            Case("/beheer/accounts/{reader}", KEEP, "other"),
            Case("/beheer/accounts/{administrator}", KEEP_NOT_THERE, "of an administrator"),
        ],
        States(None, "coordinator /beheer/accounts/1", "coordinator /beheer/accounts/999"),
    ),
    "POST /beheer/accounts/<int:account_id>": Route(
        [
            Case("/beheer/accounts/{own}", KEEP_NOT_THERE, "own"),
            Case("/beheer/accounts/{reader}", KEEP_WRONG, "other"),
        ],
    ),
    "POST /beheer/accounts/<int:account_id>/tweede-stap": Route(
        [
            Case("/beheer/accounts/{own}/tweede-stap", KEEP_NOT_THERE, "own"),
            Case("/beheer/accounts/{member}/tweede-stap", KEEP_NOT_THERE, "without one"),
            # That of a reader, with a reason missing; the form is for a coordinator's.
            Case("/beheer/accounts/{reader}/tweede-stap", KEEP_WRONG, "other"),
            Case("/beheer/accounts/{administrator}/tweede-stap", KEEP_NOT_THERE,
                 "of an administrator"),
        ],
    ),
    "POST /beheer/accounts/<int:account_id>/opnieuw": Route(
        [
            Case("/beheer/accounts/{own}/opnieuw", KEEP_NOT_THERE, "own"),
            Case("/beheer/accounts/{reader}/opnieuw", KEEP_DONE, "other"),
        ],
    ),
    "GET /bevestigen/<secret:token>": Route(
        [
            Case("/bevestigen/x", NOWHERE, "forged"), Case("/bevestigen/{question}", ALL, "ours"),
            Case("/bevestigen/{seen}", NOWHERE, "signed for something else"),
        ],
        States(None, None, "/bevestigen/x"),
    ),
    "POST /bevestigen/<secret:token>": Route(
        [
            Case("/bevestigen/x", NOWHERE, "forged"),
            Case("/bevestigen/{question}", statuses(409, 409, 403, 409, 409, 403, 403),
                 "of facts that it does not name; signed in as another"),
        ],
    ),
    "GET /beheer/bellen": Route(
        [Case("/beheer/bellen", KEEP)],
        States("coordinator /beheer/bellen", None, None),
        counted=["coordinator /beheer/bellen"],
    ),
    "GET /beheer/bellen/<int:number>": Route(
        [Case("/beheer/bellen/999", KEEP_NOT_THERE)],
        States(None, None, "coordinator /beheer/bellen/999"),
    ),
    "POST /beheer/bellen/<int:number>": Route([Case("/beheer/bellen/999", KEEP_NOT_THERE)]),
    "GET /beheer/bevestigen": Route(
        [Case("/beheer/bevestigen", KEEP)],
        States("coordinator /beheer/bevestigen", None, None),
        counted=["coordinator /beheer/bevestigen"],
    ),
    "GET /organisatie/bevestigen": Route(
        [Case("/organisatie/bevestigen", statuses(302, 302, 403, 403, 200, 404, 404))],
        States("editor /organisatie/bevestigen", None, None),
        counted=["editor /organisatie/bevestigen"],
    ),
    "GET /<any(beheer,organisatie):room>/bevestigen/<int:confirmation>": Route(
        [
            Case("/beheer/bevestigen/{silent_coordinator}", KEEP),
            Case("/beheer/bevestigen/{silent_editor}", KEEP_NOT_THERE, "the organisation asks"),
            Case("/organisatie/bevestigen/{silent_editor}",
                 statuses(302, 302, 403, 403, 200, 404, 404)),
            Case("/organisatie/bevestigen/{silent_coordinator}", EDIT_NOT_THERE, "other"),
        ],
        States(None, None, "coordinator /beheer/bevestigen/99999"),
    ),
    "POST /<any(beheer,organisatie):room>/bevestigen/contactpunt/<int:point>": Route(
        [
            Case("/beheer/bevestigen/contactpunt/99999", KEEP_NOT_THERE),
            Case("/organisatie/bevestigen/contactpunt/99999", EDIT_NOT_THERE),
        ],
    ),
    "POST /<any(beheer,organisatie):room>/bevestigen/<int:confirmation>": Route(
        [
            Case("/beheer/bevestigen/{silent_coordinator}",
                 statuses(302, 302, 403, 403, 403, 409, 409)),
            Case("/organisatie/bevestigen/{silent_coordinator}", EDIT_NOT_THERE, "other"),
        ],
    ),
    "GET /uitnodigen": Route(
        [Case("/uitnodigen", EDIT)],
        States("editor /uitnodigen", "coordinator /uitnodigen", None),
        counted=["coordinator /uitnodigen"],
    ),
    "POST /uitnodigen": Route(
        # The demo lists no domain: its editor can invite nobody.
        [Case("/uitnodigen", statuses(302, 302, 403, 403, 302, 422, 422))],
    ),
    "POST /beheer/accounts/domeinen": Route([Case("/beheer/accounts/domeinen", KEEP_WRONG)]),
    "POST /beheer/accounts/domeinen/<int:domain_id>/weg": Route(
        [Case("/beheer/accounts/domeinen/99/weg", KEEP_NOT_THERE)],
    ),
    "GET /beheer/spoor": Route(
        [Case("/beheer/spoor", KEEP)],
        States(
            "coordinator /beheer/spoor?tot=1-1-2000", "coordinator /beheer/spoor",
            "coordinator /beheer/spoor?soort=x&vanaf=x",
        ),
    ),
    "GET /beheer/spoor.csv": Route([Case("/beheer/spoor.csv", KEEP)]),
    "GET /beheer/gezien": Route(
        [Case("/beheer/gezien", KEEP)],
        States(
            "coordinator /beheer/gezien?vanaf=1-1-2000&tot=2-1-2000",
            "coordinator /beheer/gezien?wie=4", "coordinator /beheer/gezien?vanaf=x&tot=y",
        ),
        counted=["coordinator /beheer/gezien"],
    ),
    "GET /beheer/gezien/meldblad": Route(
        [Case("/beheer/gezien/meldblad", KEEP)],
        States(None, "coordinator /beheer/gezien/meldblad", None),
    ),
    "GET /beheer/handboek": Route(
        [Case("/beheer/handboek", KEEP)], States(None, "coordinator /beheer/handboek", None)
    ),
    "GET /beheer/handboek/<topic>": Route(
        [
            Case("/beheer/handboek/datalek", KEEP),
            Case("/beheer/handboek/niets", KEEP_NOT_THERE),
        ],
        States(None, "coordinator /beheer/handboek/terugzetten", None),
    ),
    "GET /beheer/spoor/<int:number>/vertellen": Route(
        [
            Case("/beheer/spoor/99/vertellen", KEEP_NOT_THERE),
            Case("/beheer/spoor/{import}/vertellen", KEEP, "import"),
        ],
        States(None, "coordinator /beheer/spoor", None),
    ),
    "POST /beheer/spoor/<int:number>/vertellen": Route(
        [
            Case("/beheer/spoor/99/vertellen", KEEP_NOT_THERE),
            Case("/beheer/spoor/{import}/vertellen", KEEP_WRONG, "import"),
        ],
    ),
    "GET /beheer/verdeling": Route(
        [Case("/beheer/verdeling", KEEP)],
        States(
            "coordinator /beheer/verdeling?functie=schoolcoach",
            "coordinator /beheer/verdeling?functie=zorgcoordinator",
            "coordinator /beheer/verdeling?functie=zorgcoordinator&dag=gisteren",
        ),
        also=["coordinator /beheer/verdeling?functie=zorgcoordinator&persoon=x"],
    ),
    "POST /beheer/verdeling": Route([Case("/beheer/verdeling", KEEP_DONE)]),
    "GET /beheer/verdeling.xlsx": Route([Case("/beheer/verdeling.xlsx", KEEP)]),
    "GET /organisatie/verdeling.xlsx": Route([Case("/organisatie/verdeling.xlsx", EDIT)]),
    "GET /beheer/verdeling/controle": Route(
        [Case("/beheer/verdeling/controle", KEEP)],
        States("coordinator /beheer/verdeling/controle", None, None),
    ),
    "POST /beheer/verdeling/controle": Route([Case("/beheer/verdeling/controle", KEEP)]),
    "GET /organisatie/verdeling": Route(
        [Case("/organisatie/verdeling", EDIT)],
        States(None, "coordinator /organisatie/verdeling?functie=zorgcoordinator", None),
    ),
    "POST /organisatie/verdeling": Route([Case("/organisatie/verdeling", EDIT_DONE)]),
    "GET /organisatie/verdeling/controle": Route(
        [Case("/organisatie/verdeling/controle", EDIT)],
        States("coordinator /organisatie/verdeling/controle", None, None),
    ),
    "POST /organisatie/verdeling/controle": Route([Case("/organisatie/verdeling/controle", EDIT)]),
    "GET /bewerkingen/<int:number>/terugdraaien": Route(
        [
            Case("/bewerkingen/99/terugdraaien", MEMBER_NOT_THERE),
            Case("/bewerkingen/{import}/terugdraaien", statuses(302, 302, 403, 404, 404, 200, 200)),
        ],
        States(None, "coordinator /bewerkingen/{import}/terugdraaien", None),
    ),
    "POST /bewerkingen/<int:number>/terugdraaien": Route(
        [Case("/bewerkingen/99/terugdraaien", statuses(302, 302, 403, 404, 404, 409, 409))],
    ),
    "GET /beheer/scholen": Route(
        [Case("/beheer/scholen", KEEP)],
        States(
            "coordinator /beheer/scholen?zoek=qqq", "coordinator /beheer/scholen?welke=nummer",
            "coordinator /beheer/scholen?welke=x",
        ),
    ),
    "GET /beheer/mensen": Route(
        [Case("/beheer/mensen", KEEP)],
        States(
            "coordinator /beheer/mensen?zoek=qqqq", "coordinator /beheer/mensen?ontbreekt=account",
            "coordinator /beheer/mensen?ontbreekt=x",
        ),
    ),
    "GET /organisatie": Route(
        [Case("/organisatie", EDIT)],
        States(
            "coordinator /organisatie", "editor /organisatie", "editor /organisatie?ontbreekt=x",
        ),
    ),
    "POST /klopt": Route([Case("/klopt", statuses(302, 302, 404, 404, 404, 404, 404))]),
    "GET /klopt-niet/<owner>": Route(
        [Case("/klopt-niet/p1", READ), Case("/klopt-niet/p99999", NOT_THERE)],
        States(None, "/klopt-niet/p1?school=16LF00", "post /klopt-niet/p1"),
        also=["/klopt-niet/s16LF00", "/klopt-niet/c1"],
    ),
    "POST /klopt-niet/<owner>": Route(
        [Case("/klopt-niet/p1", statuses(302, 422, 422, 422, 422, 422, 422))],
    ),
    "GET /gemeld/<owner>": Route(
        [Case("/gemeld/p1", READ), Case("/gemeld/x", NOT_THERE)],
        States(None, "/gemeld/p1?school=16LF00&zichtbaar=ja", "/gemeld/x"),
    ),
    "GET /beheer/gemeld": Route(
        [Case("/beheer/gemeld", KEEP)], States("coordinator /beheer/gemeld", None, None)
    ),
    "GET /organisatie/gemeld": Route(
        [Case("/organisatie/gemeld", EDIT)], States("editor /organisatie/gemeld", None, None)
    ),
    "GET /<any(beheer,organisatie):room>/gemeld/<int:number>": Route(
        [
            Case("/organisatie/gemeld/{report}", EDIT), Case("/beheer/gemeld/{report}", KEEP),
            Case("/organisatie/gemeld/99999", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/gemeld/{report}", "coordinator post /beheer/gemeld/{report}",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/gemeld/<int:number>": Route(
        [
            Case("/organisatie/gemeld/{report}", EDIT_WRONG),
            Case("/beheer/gemeld/{report}", KEEP_WRONG),
        ],
    ),
    "GET /beheer/plekken/<school>/<role>": Route(
        [
            Case("/beheer/plekken/16LF00/gedragsconsulent", KEEP),
            Case("/beheer/plekken/16LF00/x", KEEP_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/plekken/16LF00/gedragsconsulent",
            "coordinator post /beheer/plekken/16LF00/gedragsconsulent",
        ),
    ),
    "POST /beheer/plekken/<school>/<role>": Route(
        [Case("/beheer/plekken/16LF00/gedragsconsulent", KEEP_WRONG)],
    ),
    "GET /<any(beheer,organisatie):room>/vacatures/nieuw": Route(
        [
            Case("/organisatie/vacatures/nieuw", EDIT), Case("/beheer/vacatures/nieuw", KEEP),
        ],
        States(
            "editor /organisatie/vacatures/nieuw", "coordinator /beheer/vacatures/nieuw",
            "coordinator post /beheer/vacatures/nieuw",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/vacatures/nieuw": Route(
        [
            Case("/organisatie/vacatures/nieuw", EDIT_WRONG),
            Case("/beheer/vacatures/nieuw", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/vacatures/<int:number>": Route(
        [
            Case("/beheer/vacatures/1", KEEP), Case("/organisatie/vacatures/99999", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/vacatures/1", "coordinator post /beheer/vacatures/1",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/vacatures/<int:number>": Route(
        [Case("/beheer/vacatures/1", KEEP_WRONG)],
    ),
    "GET /mijn-werktijd": Route(
        [Case("/mijn-werktijd", statuses(302, 302, 403, 200, 404, 404, 404))],
        States(None, "member /mijn-werktijd", None),
    ),
    "POST /mijn-werktijd": Route(
        [Case("/mijn-werktijd", statuses(302, 302, 403, 409, 404, 404, 404))],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/nieuw": Route(
        [
            Case("/organisatie/mensen/nieuw", EDIT), Case("/beheer/mensen/nieuw", KEEP),
        ],
        States(
            "editor /organisatie/mensen/nieuw", None,
            "coordinator post /beheer/mensen/nieuw",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/nieuw": Route(
        [
            Case("/organisatie/mensen/nieuw", EDIT_WRONG),
            Case("/beheer/mensen/nieuw", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>": Route(
        [
            Case("/organisatie/mensen/1", EDIT), Case("/beheer/mensen/1", KEEP),
            Case("/organisatie/mensen/99999", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/mensen/1",
            "coordinator post /beheer/mensen/1",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>": Route(
        [
            Case("/organisatie/mensen/1", EDIT_STALE),
            Case("/beheer/mensen/1", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/gegevens/nieuw": Route(
        [
            Case("/organisatie/mensen/1/gegevens/nieuw", EDIT),
            Case("/beheer/mensen/1/gegevens/nieuw", KEEP),
        ],
        States(
            "coordinator /beheer/mensen/1/gegevens/nieuw", None,
            "coordinator post /beheer/mensen/1/gegevens/nieuw",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/gegevens/nieuw": Route(
        [
            Case("/organisatie/mensen/1/gegevens/nieuw", EDIT_WRONG),
            Case("/beheer/mensen/1/gegevens/nieuw", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/gegevens/<int:detail>": Route(
        [
            Case("/organisatie/mensen/1/gegevens/34", EDIT),
            Case("/beheer/mensen/1/gegevens/34", KEEP),
            Case("/organisatie/mensen/1/gegevens/38", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/mensen/1/gegevens/34",
            "coordinator post /beheer/mensen/1/gegevens/34",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/gegevens/<int:detail>": Route(
        [
            Case("/organisatie/mensen/1/gegevens/34", EDIT_STALE),
            Case("/beheer/mensen/1/gegevens/34", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/samenvoegen": Route(
        [
            Case("/organisatie/mensen/1/samenvoegen", EDIT),
            Case("/beheer/mensen/1/samenvoegen", KEEP),
        ],
        States(
            "coordinator /beheer/mensen/1/samenvoegen", None,
            "coordinator post /beheer/mensen/1/samenvoegen",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/samenvoegen": Route(
        [Case("/organisatie/mensen/1/samenvoegen", EDIT_WRONG)],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/plekken/nieuw": Route(
        [
            Case("/organisatie/mensen/1/plekken/nieuw", EDIT),
            Case("/beheer/mensen/1/plekken/nieuw", KEEP),
        ],
        States(
            "coordinator /beheer/mensen/1/plekken/nieuw", None,
            "coordinator post /beheer/mensen/1/plekken/nieuw",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/plekken/nieuw": Route(
        [
            Case("/organisatie/mensen/1/plekken/nieuw", EDIT_WRONG),
            Case("/beheer/mensen/1/plekken/nieuw", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/plekken/<int:post>": Route(
        [
            Case("/organisatie/mensen/1/plekken/1", EDIT), Case("/beheer/mensen/1/plekken/1", KEEP),
            Case("/organisatie/mensen/1/plekken/12", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/mensen/1/plekken/1",
            "coordinator post /beheer/mensen/1/plekken/1",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/plekken/<int:post>": Route(
        [
            Case("/organisatie/mensen/1/plekken/1", EDIT_WRONG),
            Case("/beheer/mensen/1/plekken/1", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/afwezigheid/nieuw": Route(
        [
            Case("/organisatie/mensen/1/afwezigheid/nieuw", EDIT),
            Case("/beheer/mensen/1/afwezigheid/nieuw", KEEP),
        ],
        States(
            "coordinator /beheer/mensen/1/afwezigheid/nieuw", None,
            "coordinator emptied post /beheer/mensen/1/afwezigheid/nieuw",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/afwezigheid/nieuw": Route(
        [
            Case("/organisatie/mensen/1/afwezigheid/nieuw", EDIT_WRONG),
            Case("/beheer/mensen/1/afwezigheid/nieuw", KEEP_WRONG),
        ],
    ),
    "GET /<any(beheer,organisatie):room>/mensen/<int:person>/afwezigheid/<int:absence>": Route(
        [
            Case("/beheer/mensen/20/afwezigheid/1", KEEP),
            Case("/organisatie/mensen/1/afwezigheid/1", EDIT_NOT_THERE),
        ],
        States(
            None, "coordinator /beheer/mensen/20/afwezigheid/1",
            "coordinator emptied post /beheer/mensen/20/afwezigheid/1",
        ),
    ),
    "POST /<any(beheer,organisatie):room>/mensen/<int:person>/afwezigheid/<int:absence>": Route(
        [Case("/beheer/mensen/20/afwezigheid/1", KEEP_WRONG)],
    ),
    **edited("/beheer/scholen/<key>", "/beheer/scholen/16LF00"),
    "GET /beheer/organisaties": Route(
        [Case("/beheer/organisaties", KEEP)], States(None, "coordinator /beheer/organisaties", None)
    ),
    **edited("/beheer/mensen/<int:person>/vergeten", "/beheer/mensen/1/vergeten"),
    **edited("/beheer/organisaties/nieuw", "/beheer/organisaties/nieuw"),
    **edited("/beheer/organisaties/<key>", "/beheer/organisaties/altra"),
    "GET /beheer/contactpunten": Route(
        [Case("/beheer/contactpunten", KEEP)],
        States(None, "coordinator /beheer/contactpunten", None),
    ),
    **edited("/beheer/contactpunten/nieuw", "/beheer/contactpunten/nieuw"),
    **edited("/beheer/contactpunten/<key>", "/beheer/contactpunten/leerplein"),
    **edited(
        "/beheer/contactpunten/<key>/nummers/nieuw", "/beheer/contactpunten/leerplein/nummers/nieuw"
    ),
    **edited(
        "/beheer/contactpunten/<key>/nummers/<int:number>",
        "/beheer/contactpunten/cjg-haarlem-zandvoort/nummers/1",
    ),
    "GET /beheer/functies": Route(
        [Case("/beheer/functies", KEEP)], States(None, "coordinator /beheer/functies", None)
    ),
    **edited("/beheer/functies/<key>", "/beheer/functies/jeugdarts"),
    **edited(
        "/beheer/functies/<key>/<slug>/<sector>", "/beheer/functies/leerplichtambtenaar/velsen/alle"
    ),
    "GET /beheer/vakanties": Route(
        [Case("/beheer/vakanties", KEEP)], States(None, "coordinator /beheer/vakanties", None)
    ),
    **edited("/beheer/vakanties/nieuw", "/beheer/vakanties/nieuw"),
    **edited("/beheer/vakanties/<int:number>", "/beheer/vakanties/1"),
    **edited("/beheer/vakanties/<int:number>/weg", "/beheer/vakanties/1/weg"),
    **edited("/beheer/instellingen", "/beheer/instellingen"),
    "GET /beheer/aanvragen": Route(
        [Case("/beheer/aanvragen", KEEP)],
        States(
            "coordinator /beheer/aanvragen?gemeente=velsen&soort=verwijsindex",
            "coordinator /beheer/aanvragen?staat=alle", "coordinator /beheer/aanvragen?staat=x",
        ),
    ),
    "GET /beheer/aanvragen/export.csv": Route([Case("/beheer/aanvragen/export.csv", KEEP)]),
    "GET /beheer/aanvragen/<int:number>": Route(
        [
            Case("/beheer/aanvragen/{number}", KEEP),
            Case("/beheer/aanvragen/{unconfirmed}", KEEP_NOT_THERE, "not confirmed"),
        ],
        States(None, "coordinator /beheer/aanvragen/1", "coordinator post /beheer/aanvragen/3"),
        also=["coordinator /beheer/aanvragen/4"],
    ),
    "POST /beheer/aanvragen/<int:number>/<step>": Route(
        [
            Case("/beheer/aanvragen/{number}/plannen", KEEP_WRONG),
            Case("/beheer/aanvragen/{number}/x", KEEP_NOT_THERE, "no step"),
        ],
    ),
    "GET /beheer/aanvragen/overzicht": Route(
        [Case("/beheer/aanvragen/overzicht", KEEP)],
        States(
            None, "coordinator /beheer/aanvragen/overzicht",
            "coordinator /beheer/aanvragen/overzicht?schooljaar=1999",
        ),
    ),
    "GET /beheer/aanvragen/aanbod": Route(
        [Case("/beheer/aanvragen/aanbod", KEEP)],
        States(None, "coordinator /beheer/aanvragen/aanbod", None),
    ),
    "GET /beheer/aanvragen/aanbod/nieuw": Route(
        [Case("/beheer/aanvragen/aanbod/nieuw", KEEP)],
        States(
            "coordinator /beheer/aanvragen/aanbod/nieuw", None,
            "coordinator post /beheer/aanvragen/aanbod/nieuw",
        ),
    ),
    "POST /beheer/aanvragen/aanbod/nieuw": Route(
        [Case("/beheer/aanvragen/aanbod/nieuw", KEEP_WRONG)],
    ),
    "GET /beheer/aanvragen/aanbod/<int:subject_id>": Route(
        [Case("/beheer/aanvragen/aanbod/1", KEEP)],
        States(
            None, "coordinator /beheer/aanvragen/aanbod/3",
            "coordinator /beheer/aanvragen/aanbod/999",
        ),
    ),
    "POST /beheer/aanvragen/aanbod/<int:subject_id>": Route(
        [Case("/beheer/aanvragen/aanbod/1", KEEP_WRONG)],
    ),
    "GET /beheer/aanvragen/mailboxen": Route(
        [Case("/beheer/aanvragen/mailboxen", KEEP)],
        States(None, "coordinator /beheer/aanvragen/mailboxen", None),
    ),
    "POST /beheer/aanvragen/mailboxen": Route([Case("/beheer/aanvragen/mailboxen", KEEP_WRONG)]),
}  # fmt: skip
