"""The reasons to refuse a form: another site sent it, its origin is hidden, no cookie, no token."""

from werkzeug.exceptions import HTTPException

# Why a form cannot be trusted: title, advice.
REFUSALS = {
    "foreign": (
        "Dit formulier komt van een andere website",
        "Je browser zegt dat een andere website dit formulier verstuurde. Daarom is er niets mee "
        "gedaan. Ga naar Kernwijzer en vul het daar in. Gebeurt dit op Kernwijzer zelf? Dan geeft "
        "de webserver ervoor een verkeerd adres door: meld het aan de beheerder.",
    ),
    "untold": (
        "Je browser vertelt niet waar dit formulier vandaan komt",
        "Daarom is het nog niet verstuurd. Iets haalt het weg: een instelling of uitbreiding voor "
        "privacy, of het netwerk van je organisatie. Zet voor Kernwijzer de ‘Referer’ of ‘Origin’ "
        "aan, of gebruik een andere browser.",
    ),
    "cookies": (
        "Je browser stuurde ons cookie niet mee",
        "Daarom is dit nog niet verstuurd. Sta cookies toe voor Kernwijzer, en open het op het "
        "adres dat met https begint. Laat deze pagina open, log zo nodig in een ander tabblad in "
        "en verstuur het dan opnieuw.",
    ),
    "token": (
        "De beveiligingscode van dit formulier klopt niet",
        "Daarom is het nog niet verstuurd. De pagina was te oud, of je logde in een ander tabblad "
        "opnieuw in. Hieronder staat het met een nieuwe code: kijk het na en verstuur het. Lukt "
        "dat niet? Sluit dan de andere tabbladen van Kernwijzer.",
    ),
}
# A form that another site filled in gets no button.
REPEATABLE = set(REFUSALS) - {"foreign"}


class FormRefused(HTTPException):
    """A form that cannot be trusted; `cause` is a key of REFUSALS."""

    code = 403

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.cause = cause
