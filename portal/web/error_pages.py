"""Error pages in Dutch: the cause, and the next step for the reader."""

import logging
import secrets
from collections.abc import Callable

from flask import Flask, current_app, render_template, request
from werkzeug.exceptions import HTTPException

from portal.config import current_config
from portal.text import clean
from portal.web.form_refusals import REFUSALS, REPEATABLE
from portal.web.form_size import takes_file
from portal.web.forms import list_sent

logger = logging.getLogger(__name__)

# Status: title, advice.
_TEXTS = {
    400: (
        "Deze vraag begrijpen we niet",
        "Er is iets mis met het adres of met wat je browser stuurde. Ga terug en probeer het opnieuw.",
    ),
    403: ("Deze pagina is niet voor jou", "Je hebt geen toegang tot deze pagina."),
    404: (
        "Deze pagina bestaat niet",
        "Misschien is het adres verkeerd getypt, of is de pagina verhuisd. Zoek hieronder naar "
        "de school, plaats of persoon die je nodig hebt.",
    ),
    405: ("Dat kan hier niet", "Je browser vroeg iets wat deze pagina niet kan. Ga terug en probeer het opnieuw."),
    410: (
        "Deze link werkt niet meer",
        "Wat hier stond, is gewist of al een tijd voorbij. Zoek wat je nodig hebt op de zoekpagina.",
    ),
    413: ("Dat is te veel tekst", "Wat je stuurde is te groot. Ga terug, maak de tekst korter en stuur die opnieuw."),
    429: (
        "Dat ging te snel",
        "Je opende heel veel pagina’s achter elkaar. Wacht tien minuten en ga dan verder. Zo kan "
        "niemand alle gegevens in één keer overnemen.",
    ),
    500: (
        "Er ging iets mis bij ons",
        "Het ligt niet aan jou. Probeer het over een paar minuten opnieuw. Lukt het dan nog niet? "
        "Geef dan de code hieronder door.",
    ),
    503: ("Kernwijzer is even niet bereikbaar", "Probeer het over een paar minuten opnieuw."),
}
# The same where a form was submitted: its fields stay on the page.
_FORM_TEXTS = {
    429: (
        "Dit is nog niet verstuurd",
        "Er wachten al veel formulieren op iemand die inlogt. Wat je invulde, staat hieronder. "
        "Laat deze pagina open en log in een ander tabblad in. Verstuur het dan opnieuw.",
    ),
    503: (
        "Dit is nog niet bewaard",
        "Kernwijzer kan nu niets bewaren. Wat je invulde, staat hieronder. Laat deze pagina open "
        "en probeer het over een paar minuten opnieuw. Zoeken kan vaak wel: doe dat in een ander "
        "tabblad.",
    ),
}
# The same where the form may hold a file.
_TOO_LARGE_A_FILE = (
    "Dit bestand is te groot",
    "Een bestand mag hoogstens 5 MB groot zijn. Ga terug en kies een kleiner bestand: zet alleen "
    "de bladen en kolommen die nodig zijn in een nieuw bestand.",
)


def register_error_pages(app: Flask, is_temporary: Callable[[Exception], bool]) -> None:
    """Answer every error with a page in the layout of the portal.

    Errors for which `is_temporary` holds answer 503: the same request may succeed later, and the
    page keeps the typed text.
    """

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
        status = error.code or 500
        if status < 400:
            return error
        seconds = getattr(error, "retry_after", None)
        page = _page(status, cause=getattr(error, "cause", ""))
        return page, status, {"Retry-After": str(seconds)} if seconds else {}

    @app.errorhandler(Exception)
    def apologise(error: Exception) -> tuple[str, int]:
        reference = secrets.token_hex(4)
        logger.exception("error %s", reference)
        status = 503 if is_temporary(error) else 500
        return _page(status, reference), status


def _page(status: int, reference: str = "", cause: str = "") -> str:
    title, advice = REFUSALS.get(cause) or _TEXTS.get(status, _TEXTS[400 if status < 500 else 500])
    can_repeat = cause in REPEATABLE
    if not cause and status in _FORM_TEXTS and request.form:
        title, advice = _FORM_TEXTS[status]
        can_repeat = True
    if status == 413 and takes_file(current_app.view_functions.get(request.endpoint or "")):
        title, advice = _TOO_LARGE_A_FILE
    typed = [(name, clean(value)) for name, value in list_sent()] if can_repeat else []
    context = {
        "title": title, "advice": advice, "reference": reference, "status": status,
        "path": request.full_path.rstrip("?"), "typed": typed,
        "can_repeat": can_repeat,
    }  # fmt: skip
    try:
        return render_template("web/error.html", **context)
    except Exception:
        # The layout queries the database for the user, so the same error may break it.
        logger.exception("error page for %s", reference or status)
        bare = current_app.jinja_env.get_template("web/error_bare.html")
        return bare.render(settings=current_config(), **context)
