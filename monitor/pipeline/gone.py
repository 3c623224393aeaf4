"""Was an article removed, as far as one look shows? Pure.

To say of an article that it was removed, when it was not, is worse than to say it late or never. A page is only taken for
gone that says so: status 404 or 410, an answer that ends on the front page, or a page without a line of the article that
says that it was deleted or is not there. Whatever a wall answers (401, 403, 429, 5xx, a login, a robot check) is none of
these. It counts once it was found twice, `CONFIRM` apart (`CONFIRM_FRONT` where it is the front page that answers: a site
under repair sends everybody there, and where nothing else of the site was read meanwhile), and not while most of what its
source was told of is gone as well.
"""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Final

from monitor.extract.page.listed import is_front
from monitor.model.article import Article
from monitor.notify.difference import matter, stands_in

CONFIRM: Final = timedelta(minutes=5)
"""How long after it was found gone an article is looked at once more before anybody is told."""

CONFIRM_FRONT: Final = timedelta(hours=1)
"""The same of an article whose address ends on the front page, and of one that nothing else tells from a site that is broken."""

STATUSES: Final = frozenset({404, 410})

_FEW: Final = 3  # articles of a source that are gone at once, from which it may be the site that changed
_TINY: Final = 200  # letters that are shown by a page which says what it says in a script: alert('…'); history.back()
_PAGE: Final = 200_000  # characters of a page that are read; a page that says this much is no notice

_THING: Final = r"(?:기사|뉴스|게시물|게시글|콘텐츠|컨텐츠|페이지)"
_SAID: Final = re.compile(
    rf"삭제\s*(?:된|되었거나|됐거나|처리된|되거나)\s+(?:\S{{1,8}}\s+){{0,3}}?{_THING}"
    rf"|(?:존재하지\s*않는|찾을\s*수\s*없는|유효하지\s*않은)\s*{_THING}"
    rf"|{_THING}(?:가|이|를|을|은|는)?\s*(?:\S{{1,8}}\s+){{0,2}}?(?:삭제\s*(?:되었|됐|처리)|존재하지\s*않|찾을\s*수\s*없)"
    r"|\b(?:article|story|page|post|content)\b.{0,30}\b(?:(?:has been|was|were|been)\s+(?:removed|deleted|withdrawn)"
    r"|no longer (?:available|exists?)|(?:could |can)?not (?:be )?(?:found|exist))",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile(
    r"<(script|style|template|noscript)\b[^>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^>]{0,2000}>")


def says_gone(text: str, arrived_at: str, stored: Article) -> bool:
    """Return whether a page of status 200 shows that the stored article is not there any more.

    `text` is the page as it came, `arrived_at` the URL that answered.
    """
    shown = html.unescape(_TAG.sub(" ", _HIDDEN.sub(" ", text[:_PAGE])))
    letters = matter(shown)
    if stands_in(stored, letters):
        return False
    if is_front(arrived_at, stored.url):
        return True
    if matter(stored.title) in letters and matter(stored.title):
        return False
    said = shown if len(letters) >= _TINY else html.unescape(_TAG.sub(" ", text[:_PAGE].replace("script", " ")))
    return bool(_SAID.search(" ".join(said.split())))


def confirmed_after(arrived_at: str, stored: Article) -> timedelta:
    """Return how long after a page that `says_gone` another one has to, before anybody is told."""
    return CONFIRM_FRONT if is_front(arrived_at, stored.url) else CONFIRM


def told_after(confirm: timedelta, there: int, *, fresh: bool) -> timedelta:
    """Return how long an article has to be gone before anybody is told, where a look by itself asks for `confirm`.

    `there` other articles of its source were found since, and new ones read from their pages (`fresh`). With neither it may be
    that no page of the site answers.
    """
    return confirm if there or fresh else max(confirm, CONFIRM_FRONT)


def is_of_site(gone: int, there: int, *, fresh: bool) -> bool:
    """Return whether it is rather the site that changed: so many other articles of it are gone, so many are there.

    `fresh`: new ones were read since. A second one that is gone tells of the site as long as nothing else of it was seen.
    """
    nothing_seen = there == 0 and not fresh
    return (gone > 0 and nothing_seen) or (gone >= _FEW and gone > there)
