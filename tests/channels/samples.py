"""What the tests of this room send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from time import perf_counter

from monitor.channels.carrier import Carrier
from monitor.channels.kind import ChannelKind, Mailer, Poster, PostRequest, Relay
from monitor.channels.registry import CHANNEL_KINDS
from monitor.channels.sender import ChannelSender
from monitor.model.article import Article
from monitor.model.delivery import Delivery, MessageContext
from monitor.model.hit import Hit, Match
from monitor.model.letter import Letter
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.model.story import Story

NOW = datetime(2026, 11, 24, 0, 30, 5, 120_999, tzinfo=UTC)
KST = timezone(timedelta(hours=9))
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

MATCH = Match("openai", "오픈AI", "title", 0, 4, "오픈AI", "particle 는")
ARTICLE = Article(
    key="mediapen:1",
    url="https://www.mediapen.com/news/view/1",
    source_id="mediapen",
    title="오픈AI, 스타게이트에 투자",
    first_seen_at=datetime(2026, 11, 24, 9, 29, 58, tzinfo=KST),
    body="오픈AI는 5일 …",
    authors=("김하나", "Lee Dul"),
    published_at=datetime(2026, 11, 24, 9, 28, tzinfo=KST),
)
HIT = Hit("openai", "OpenAI", "v1", (MATCH,), "… 오픈AI는 5일 …")
STORY = Story("0193-story", "오픈AI, 스타게이트에 투자", 2, 1, NOW)
CONTEXT = MessageContext(4, 9, NOW, ARTICLE, HIT, STORY, "미디어펜")


def answered(status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Response:
    """Return a response as an HTTP client gives it."""
    return Response("https://hooks.example/desk", status, headers or {}, body, 1.0)


def channel(url: str = "https://hooks.example/desk", *secrets: str) -> Channel:
    """Return a webhook channel."""
    return Channel("desk", "webhook", url, secrets)


def delivery(body: bytes = b'{"type":"hit.created"}', attempt: int = 1) -> Delivery:
    """Return a claimed delivery."""
    return Delivery("0193-delivery", "desk", 17, body, attempt, "test", NOW)


def posted(kind: ChannelKind, message: Delivery, receiver: Channel) -> PostRequest:
    """Return the post that a kind makes of a message."""
    request = kind.compose(message, receiver, NOW)
    assert isinstance(request, PostRequest)
    return request


class NoWay:
    """A client that nobody may use."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Refuse."""
        raise AssertionError(f"{url} {len(body)} {len(headers)}")

    async def change(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Refuse."""
        raise AssertionError(f"{method} {url} {len(body)} {len(headers)}")

    async def mail(self, letter: Letter) -> Response:
        """Refuse."""
        raise AssertionError(letter.server.name)

    async def relay(self, url: str, title: str, text: str) -> None:
        """Refuse."""
        raise AssertionError(f"{url} {title} {text}")


def sending(
    poster: Poster | None = None,
    mailer: Mailer | None = None,
    relay: Relay | None = None,
    *,
    timer: Callable[[], float] = perf_counter,
    kinds: Mapping[str, ChannelKind] = CHANNEL_KINDS,
) -> ChannelSender:
    """Return a sender with these ways out and no other."""
    return ChannelSender(Carrier(poster or NoWay(), mailer or NoWay(), relay or NoWay(), 10.0), timer, kinds)
