"""Who looks at a page, and how they want it: language, colours, name, the moment of the last visit. All but the first is theirs to set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from fastapi.responses import Response

from monitor.model.access import Grant, Scope
from monitor.model.handling import LONGEST_NAME
from monitor.model.plan import Plan
from monitor.service.clock import utc_now
from monitor.service.desk import Desk
from monitor.web.pages.texts import LANGUAGES, Texts
from monitor.web.permission import require

THEMES: Final = ("auto", "light", "dark")
_YEAR: Final = 365 * 86_400
_LONGEST: Final = 2_000  # letters of what a browser remembers
AWAY: Final = timedelta(minutes=30)
"""Who has not looked for so long comes for a new visit."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at a page at `now`, what they may do, and how they want it. `name` is how they call themselves, "" without one.

    `critical` are the rules of that severity.
    """

    grant: Grant
    plan: Plan
    lang: str
    theme: str
    name: str
    now: datetime
    zone: ZoneInfo
    texts: Texts
    critical: frozenset[str] = frozenset()

    @property
    def author(self) -> str:
        """Return in whose name they act."""
        return self.name or self.grant.name

    def is_critical(self, rules: Iterable[tuple[str, str]]) -> bool:
        """Return whether one of some rules, each (id, name), is critical."""
        return any(rule_id in self.critical for rule_id, _ in rules)

    def may(self, scope: str) -> bool:
        """Return whether they may do what needs that scope."""
        return self.grant.scope.covers(Scope(scope))


def viewer(scope: Scope) -> Any:  # noqa: ANN401 - as FastAPI types what stands for a value
    """Return the dependency of a page that those with `scope` may see; its value is the Viewer."""

    async def seen(request: Request, grant: Grant = require(scope)) -> Viewer:  # noqa: B008 - a dependency
        desk: Desk = request.app.state.desk
        plan = await desk.queries.plan()
        return Viewer(
            grant=grant,
            plan=plan,
            lang=language(request),
            theme=theme(request),
            name=remembered(request, "monitor_name")[:LONGEST_NAME],
            now=utc_now(),
            zone=ZoneInfo(plan.zone),
            texts=Texts(language(request)),
            critical=frozenset(rule.id for rule in plan.all_rules if rule.severity == "critical"),
        )

    return Depends(seen)


def language(request: Request) -> str:
    """Return the language of the pages: as the address says, else as was chosen, else as the browser prefers; Korean at last."""
    for chosen in (request.query_params.get("ui", ""), remembered(request, "monitor_lang")):
        if chosen in LANGUAGES:
            return chosen
    for part in request.headers.get("accept-language", "")[:200].lower().split(","):
        tag = part.partition(";")[0].strip().partition("-")[0]
        if tag in LANGUAGES:
            return tag
    return LANGUAGES[0]


def theme(request: Request) -> str:
    """Return the colours that were chosen."""
    chosen = remembered(request, "monitor_theme")
    return chosen if chosen in THEMES else THEMES[0]


def remembered(request: Request, name: str) -> str:
    """Return what a browser was told to remember; "" for nothing."""
    return unquote(request.cookies.get(name, "")[:_LONGEST], errors="replace").strip()


def remember(answer: Response, request: Request, name: str, value: str) -> None:
    """Have a browser remember something for a year; no script reads it."""
    secure = request.state.asker.scheme == "https"
    answer.set_cookie(name, quote(value), max_age=_YEAR, secure=secure, httponly=True, samesite="lax")


def visits(given: str, now: datetime) -> tuple[datetime | None, str]:
    """Return when the visit before this one ended, None for the first, and what is to be remembered.

    `given` is what was remembered: the end of the visit before, and the last look of this one, in seconds.
    """
    try:
        before, last = (int(part) for part in given.split(".", 1))
    except ValueError:
        return None, f"0.{int(now.timestamp())}"
    if not 0 <= before <= last <= now.timestamp():
        return None, f"0.{int(now.timestamp())}"
    if now.timestamp() - last > AWAY.total_seconds():
        before = last
    ended = datetime.fromtimestamp(before, now.tzinfo) if before else None
    return ended, f"{before}.{int(now.timestamp())}"
