"""Moments as the pages show them: short in a row, whole beside it, and how long ago."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from monitor.web.pages.texts import Texts

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


class PageClock:
    """Writes moments for one who looks at a page at `now`."""

    def __init__(self, now: datetime, zone: ZoneInfo, texts: Texts) -> None:
        """Write them in `zone`, in the words of `texts`."""
        self._now = now
        self._zone = zone
        self._texts = texts
        self._today = now.astimezone(zone).date()
        self._locals: dict[datetime, datetime] = {}

    def short(self, moment: datetime | None) -> Markup:
        """Return the time of a moment of today, its day with others, all of it beside; "" without one."""
        if moment is None:
            return Markup()
        local = self._local(moment)
        return self._element(local, self._time(local))

    def clock(self, moment: datetime | None) -> Markup:
        """Return the time alone, where the day stands elsewhere."""
        if moment is None:
            return Markup()
        local = self._local(moment)
        return self._element(local, f"{local:%H:%M}")

    def plain(self, moment: datetime) -> str:
        """Return the time of a moment of today, its day with others, where no markup may stand."""
        return self._time(self._local(moment))

    def seconds(self, moment: datetime | None) -> Markup:
        """Return the time to the second."""
        if moment is None:
            return Markup()
        local = self._local(moment)
        day = "" if local.date() == self._today else f"{local:%m-%d} "
        return self._element(local, f"{day}{local:%H:%M:%S}")

    def ago(self, moment: datetime | None) -> Markup:
        """Return how long ago a moment was, or how far ahead it is."""
        if moment is None:
            return Markup()
        away = round((self._now - moment).total_seconds())
        tense, away = ("ago", away) if away >= 0 else ("ahead", -away)
        return self._texts(f"time.{tense}", span=self.span(away))

    def span(self, seconds: float) -> Markup:
        """Return a length of time in its largest unit."""
        for unit, size in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
            if seconds >= size:
                return self._texts(f"time.{unit}", n=round(seconds / size))
        return self._texts("time.seconds", n=max(0, round(seconds)))

    def day(self, moment: datetime) -> Markup:
        """Return the day of a moment in words, with the word for today or yesterday."""
        days, words = (self._today - self._local(moment).date()).days, self.date(moment)
        if days in (0, 1):
            return self._texts(f"time.{'today' if days == 0 else 'yesterday'}", day=words)
        return words

    def date(self, moment: datetime) -> Markup:
        """Return the day of a moment in words."""
        local = self._local(moment)
        words = self._texts("time.day", month=local.month, day=local.day, weekday=self._texts(f"weekday.{local:%u}"))
        return words if local.year == self._today.year else self._texts("time.year", year=local.year, day=words)

    def same_day(self, one: datetime, other: datetime) -> bool:
        """Return whether two moments are of one day here."""
        return self._local(one).date() == self._local(other).date()

    def _local(self, moment: datetime) -> datetime:
        """Return a moment in the zone; a list asks for each several times."""
        found = self._locals.get(moment)
        if found is None:
            found = self._locals[moment] = moment.astimezone(self._zone)
        return found

    def _time(self, local: datetime) -> str:
        if local.date() == self._today:
            return f"{local:%H:%M}"
        return f"{local:%m-%d %H:%M}" if abs(self._now - local) < timedelta(days=300) else f"{local:%Y-%m-%d}"

    def _element(self, local: datetime, shown: str) -> Markup:
        stated, whole = local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M:%S} {escape(local.tzname())}"
        return Markup(f'<time datetime="{stated}" title="{whole}">{shown}</time>')  # noqa: S704 - digits, and the zone's name
