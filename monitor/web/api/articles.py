"""/articles/{id}: an article, met by a rule or not, and what it has said."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.present.shapes import Json, article_object
from monitor.present.versions import version_object, version_records
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown
from monitor.web.api.contract import seen
from monitor.web.api.models import OneArticleShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["articles"])

ArticleNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="number of the article", examples=[4711])]


@router.get(
    "/articles/{number}",
    summary="One article",
    responses=seen(OneArticleShape, not_found="There is no article of that number."),
    dependencies=[admit(Scope.READ)],
)
async def one_article(request: Request, number: ArticleNumber) -> Response:
    """Return an article and its versions, oldest first, with as much of the text as is kept."""
    found = await desk_of(request).queries.article_by_number(number)
    if found is None:
        raise ProblemError(404, f"there is no article {number}; article.id of /api/v1/hits shows which there are")
    record, history = found
    versions: list[Json] = [version_object(one) for one in version_records(history)]
    return shown(request, {"article": article_object(record), "versions": versions})
