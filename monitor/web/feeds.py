"""/feeds/hits.atom, .rss, .json: hits for feed readers, which send no header: a token may stand in the path.

Such a token is of the scope `feed`: who reads it off an address can read feeds, and nothing else.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import Field

from monitor.model.access import Grant, Scope
from monitor.model.plan import Plan
from monitor.model.records import HitRecord
from monitor.present.feeds import FORMS, HitFeed, feed_items
from monitor.service.access import Credentials
from monitor.service.desk import Desk
from monitor.web.api.admission import admit
from monitor.web.conditional import not_modified, validators
from monitor.web.filters import AskedFor, HitFilters, hits_asked_for
from monitor.web.problems import ProblemError

router = APIRouter()

_PAGE: Final = 200
_PAGES: Final = 20  # at most; an article may have met many rules
_FRESH: Final = "private, max-age=60"
Form = Literal["atom", "rss", "json"]


class FeedFilters(HitFilters):
    """Filters of a feed, and how many articles it has."""

    limit: int = Field(50, ge=1, le=200, description="articles at most")


@router.api_route(
    "/feeds/hits.{form}",
    methods=["GET", "HEAD"],
    dependencies=[admit(Scope.FEED)],
    summary="Hits as a feed",
    response_class=Response,
    responses={200: {"content": {kind: {} for kind, _ in FORMS.values()}}, 304: {"description": "nothing is new"}},
)
async def feed(request: Request, form: Form, filters: Annotated[FeedFilters, Query()]) -> Response:
    """Return the newest articles with hits that fit the filters."""
    return await _answer(request, form, filters)


def _in_path(request: Request) -> Credentials:
    return Credentials(bearer=request.path_params["token"], cookie=None, is_local=False)


def _no_feed(_request: Request, _grant: Grant | None, _scope: Scope) -> ProblemError:
    return ProblemError(HTTPStatus.NOT_FOUND, "no feed has this address; monitor token add NAME --scope feed makes one")


@router.api_route(
    "/feeds/{token}/hits.{form}",
    methods=["GET", "HEAD"],
    dependencies=[admit(Scope.FEED, _in_path, _no_feed)],
    include_in_schema=False,
)
async def feed_by_token(request: Request, form: Form, filters: Annotated[FeedFilters, Query()]) -> Response:
    """Return the same for whoever has a token in the path."""
    return await _answer(request, form, filters)


async def _answer(request: Request, form: Form, filters: FeedFilters) -> Response:
    desk: Desk = request.app.state.desk
    asked = await hits_asked_for(request, filters, limit=_PAGE)
    hits = await _newest(desk, asked, filters.limit)
    kind, write = FORMS[form]
    address = f"{request.state.asker.origin}{request.url.path}" + (f"?{request.url.query}" if request.url.query else "")
    found = HitFeed(_title(await desk.queries.plan(), asked), address, feed_items(hits, filters.limit))
    body = write(found)
    headers = {**validators(sha256(body).hexdigest()[:32], found.updated), "Cache-Control": _FRESH}
    if not_modified(request, headers):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=headers)


async def _newest(desk: Desk, asked: AskedFor, articles: int) -> list[HitRecord]:
    """Return the hits of the newest articles, of one more at least than are asked for: the last may be cut."""
    found: list[HitRecord] = []
    query = asked.query
    for _ in range(_PAGES):
        page = await desk.queries.hit_page(query, tag=asked.tag, severity=asked.severity)
        found += page.hits
        if page.next is None or len({hit.article.id for hit in found}) > articles:
            break
        query = replace(query, after=page.next)
    return found


def _title(plan: Plan, asked: AskedFor) -> str:
    """Return what a feed is called: by the rule or what else narrows it."""
    query = asked.query
    rule = plan.rule(query.rule)
    named = (rule.name or rule.id) if rule else query.rule
    words = [named, asked.tag, asked.severity, query.source, query.term, query.text, query.alerted]
    return " · ".join(("monitor", *filter(None, words)))
