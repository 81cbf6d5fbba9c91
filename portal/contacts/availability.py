"""Whether somebody works on a day, by their working days, in Dutch words."""

from datetime import date, timedelta

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def availability(days: str, on: date, today: date) -> str:
    """ "werkt vandaag niet, morgen wel" for somebody who works on `days` (ISO weekdays: "124") but
    not on the day `on`. Empty where they do work then, or where their days are unknown."""
    if not days or str(on.isoweekday()) in days:
        return ""
    ahead = next(n for n in range(1, 8) if str((on + timedelta(n)).isoweekday()) in days)
    weekday = _DAYS[(on + timedelta(ahead)).weekday()]
    if on != today:
        return f"werkt niet op {_DAYS[on.weekday()]}, wel op {weekday}"
    return f"werkt vandaag niet, {'morgen' if ahead == 1 else weekday} wel"
