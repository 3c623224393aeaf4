"""Which hits and deliveries are meant: the query parameters of every list, stream and feed of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from monitor.model.delivery import DeliveryState
from monitor.model.errors import BoundsError, InvalidValueError
from monitor.model.paging import read
from monitor.model.records import ALERTED, DeliveryQuery, HitQuery
from monitor.present import timefmt
from monitor.service.clock import utc_now
from monitor.service.desk import Desk
from monitor.service.named import Named
from monitor.web.problems import ProblemError

_WORD: Final = 200  # letters of one filter


class HitFilters(BaseModel):
    """Filters of hits; all must hold."""

    model_config = ConfigDict(extra="forbid")

    rule: str = Field("", max_length=_WORD, description="id of the rule that was met", examples=["openai"])
    source: str = Field("", max_length=_WORD, description="id of the source", examples=["mediapen"])
    tag: str = Field("", max_length=_WORD, description="a tag of the rule in force", examples=["rival"])
    severity: str = Field("", pattern="^(info|warning|critical)?$", description="severity of the rule in force")
    since: str = Field(
        "",
        max_length=_WORD,
        description="stored at or after: RFC 3339, 2026-11-01, 2h, 어제 09:00",
        examples=["2026-11-01T00:00:00Z"],
    )
    until: str = Field(
        "", max_length=_WORD, description="stored before; a day is included", examples=["2026-12-01T00:00:00Z"]
    )
    text: str = Field("", max_length=_WORD, description="stands in headline, body or captions", examples=["데이터센터"])
    term: str = Field("", max_length=_WORD, description="was found, as the rule or the article writes it")
    lang: str = Field("", max_length=_WORD, description="language of the article", examples=["ko"])
    alerted: str = Field(
        "",
        pattern=f"^({ALERTED})?$",
        max_length=_WORD,
        description="what became of it: sent, pending, held, dead, baseline, suppressed, suppressed:REASON",
        examples=["sent"],
    )
    story: str = Field("", max_length=_WORD, description="id of any act of its story, or the end of it")
    handling: str = Field(
        "",
        pattern="^(new|kept|ignored|handled)?$",
        description="what somebody said last of it or of its story; new: nobody has said anything",
    )

    feedback: str = Field(
        "", pattern="^(meant|not_meant|none)?$", description="whether it was meant, as somebody said; none: nobody says"
    )

    @field_validator("*")
    @classmethod
    def _is_text(cls, value: object) -> object:
        """Refuse what no database takes for a text."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("no text has the character NUL")
        return value


class DeliveryFilters(BaseModel):
    """Which deliveries are wanted; all must hold."""

    model_config = ConfigDict(extra="forbid")

    state: DeliveryState | None = Field(None, description="where it stands; without it whatever was to be sent")
    channel: str = Field("", max_length=_WORD, description="id of the channel", examples=["desk"])
    rule: str = Field("", max_length=_WORD, description="id of the rule", examples=["openai"])
    source: str = Field("", max_length=_WORD, description="id of the source", examples=["mediapen"])
    since: str = Field("", max_length=_WORD, description="made at or after", examples=["2026-11-01"])
    until: str = Field("", max_length=_WORD, description="made before", examples=["2026-12-01"])
    hit: int | None = Field(None, ge=1, le=2**63 - 1, description="number of a hit")
    article: int | None = Field(None, ge=1, le=2**63 - 1, description="number of an article")

    @field_validator("*", mode="before")
    @classmethod
    def _is_choice(cls, value: object, info: ValidationInfo) -> object:
        """Take what a form sends of a field that was left empty for nothing, and refuse what no database takes for a text."""
        if isinstance(value, str) and "\0" in value:
            raise ValueError("no text has the character NUL")
        return None if value == "" and info.field_name in {"state", "hit", "article"} else value


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The hits that a request is about. `words` are its filters as they were written: a cursor holds for them alone."""

    query: HitQuery
    tag: str
    severity: str
    words: str


async def hits_asked_for(request: Request, filters: HitFilters, limit: int = 50, cursor: str = "") -> AskedFor:
    """Return which hits a request is about. Raises ProblemError for a time, a cursor or a story that is none, UnknownNameError."""
    desk: Desk = request.app.state.desk
    since, until = await moments(request, filters.since, filters.until, utc_now())
    await desk.queries.insist_on(Named(rule=filters.rule, source=filters.source, tag=filters.tag))
    words = repr(sorted(filters.model_dump().items()))
    query = HitQuery(
        rule=filters.rule,
        source=filters.source,
        since=since,
        until=until,
        text=filters.text,
        limit=limit,
        story=await _story(desk, filters.story),
        term=filters.term,
        lang=filters.lang,
        alerted=filters.alerted,
        handling=filters.handling,
        feedback=filters.feedback,
    )
    if cursor:
        with cursor_faults():
            after = read(cursor, words)
        query = replace(query, after=after, since=after.since, until=after.until)
    return AskedFor(query, filters.tag, filters.severity, words)


async def deliveries_asked_for(request: Request, filters: DeliveryFilters) -> DeliveryQuery:
    """Return which deliveries a request is about, whatever their state. Raises ProblemError for a time that is none, UnknownNameError."""
    desk: Desk = request.app.state.desk
    since, until = await moments(request, filters.since, filters.until, utc_now())
    await desk.queries.insist_on(Named(channel=filters.channel, rule=filters.rule, source=filters.source))
    return DeliveryQuery(filters.channel, filters.rule, filters.source, since, until, filters.hit, filters.article)


@contextmanager
def cursor_faults() -> Iterator[None]:
    """Answer what is wrong with a cursor that is read in the block. Raises ProblemError."""
    try:
        yield
    except InvalidValueError as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, f"cursor: {error}") from None


async def moments(request: Request, since: str, until: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return the bounds of time that a request names, UTC, None for none.

    Raises ProblemError for what is no time, and where nothing lies between the two.
    """
    desk: Desk = request.app.state.desk
    zone = ZoneInfo((await desk.queries.plan()).zone)
    try:
        return timefmt.parse_bounds(since, until, now, zone)
    except BoundsError as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error.empty else HTTPStatus.BAD_REQUEST
        raise ProblemError(status, f"{error.bound}: {error}") from None


async def _story(desk: Desk, given: str) -> str:
    """Return the id of the story that is meant, "" for none. Raises ProblemError for one that there is not."""
    try:
        return await desk.queries.story_called(given) if given else ""
    except InvalidValueError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"story: {error}") from None
