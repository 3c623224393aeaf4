"""Each body keeps to the published schema, whatever stands on the page."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from monitor.channels.words.edition import read_card
from monitor.channels.words.render import MAX_BODY, MAX_MATCHES, render
from monitor.model.article import Article
from monitor.model.delivery import MessageContext
from monitor.model.hit import Hit, Match
from monitor.model.plan import Lang
from monitor.model.story import Act, Story, StoryLink
from tests.channels.samples import ARTICLE, CONTEXT, HIT, MATCH, NOW, STORY

SCHEMA: dict[str, Any] = json.loads(
    files("monitor.channels.words").joinpath("hit.created.schema.json").read_text("utf-8")
)


def closed(schema: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the schema with every object closed, so that a key nobody published is found."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    extra = {"additionalProperties": False} if schema.get("type") == "object" else {}
    return {name: closed(part) for name, part in schema.items()} | extra


VALIDATOR = Draft202012Validator(closed(SCHEMA))


def read(context: MessageContext, seq: int = 17) -> dict[str, Any]:
    """Render, hold against the schema and the size, and read back."""
    raw = render(context, seq)
    assert len(raw) <= MAX_BODY
    body: dict[str, Any] = json.loads(raw)
    VALIDATOR.validate(body)
    return body


def with_article(**changes: Any) -> MessageContext:  # noqa: ANN401 - fields of Article
    return replace(CONTEXT, article=replace(ARTICLE, **changes))


def with_matches(*matches: Match) -> MessageContext:
    return replace(CONTEXT, hit=replace(HIT, matches=matches))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_whole_body() -> None:
    assert read(CONTEXT) == {
        "type": "hit.created",
        "version": "1",
        "timestamp": "2026-11-24T00:29:58.000Z",
        "seq": 17,
        "data": {
            "created_at": "2026-11-24T00:30:05.120Z",
            "rule": {"id": "openai", "name": "OpenAI"},
            "article": {
                "id": 9,
                "url": "https://www.mediapen.com/news/view/1",
                "title": "오픈AI, 스타게이트에 투자",
                "source": "mediapen",
                "source_name": "미디어펜",
                "author": "김하나, Lee Dul",
                "published_at": "2026-11-24T00:28:00.000Z",
                "first_seen_at": "2026-11-24T00:29:58.000Z",
            },
            "matches": [
                {
                    "term": "openai",
                    "alias": "오픈AI",
                    "field": "title",
                    "start": 0,
                    "end": 4,
                    "surface": "오픈AI",
                    "reason": "particle 는",
                }
            ],
            "matches_total": 1,
            "excerpt": "… 오픈AI는 5일 …",
            "story": {
                "id": "0193-story",
                "title": "오픈AI, 스타게이트에 투자",
                "articles": 2,
                "outlets": 1,
                "first_seen_at": "2026-11-24T00:30:05.120Z",
            },
            "latency": {"published_to_seen": 118_000, "seen_to_matched": 7_120, "matched_to_made": 0},
        },
    }


@pytest.mark.parametrize(
    ("published", "seen", "made", "told"),
    [
        (timedelta(0), timedelta(seconds=2), timedelta(minutes=5), (2_000, 1_000, 297_000)),
        (None, timedelta(seconds=2), timedelta(seconds=3), (None, 1_000, 0)),
        (timedelta(days=-400), timedelta(0), timedelta(seconds=3), (34_560_000_000, 3_000, 0)),
        (timedelta(hours=9), timedelta(0), timedelta(seconds=3), (None, 3_000, 0)),
        (timedelta(0), timedelta(seconds=4), timedelta(seconds=3), (4_000, None, 0)),
        (timedelta(0), timedelta(0), timedelta(seconds=2), (0, 3_000, None)),
        (timedelta(0), timedelta(microseconds=999), timedelta(seconds=3), (0, 2_999, 0)),
    ],
)
def test_the_way_is_told_in_whole_milliseconds_and_never_made_up(
    published: timedelta | None, seen: timedelta, made: timedelta, told: tuple[int | None, ...]
) -> None:
    """It was matched after three seconds."""
    article = replace(ARTICLE, published_at=None if published is None else NOW + published, first_seen_at=NOW + seen)
    context = replace(CONTEXT, article=article, created_at=NOW + timedelta(seconds=3))
    body = json.loads(render(context, 1, NOW + made))
    VALIDATOR.validate(body)
    names = ("published_to_seen", "seen_to_matched", "matched_to_made")
    assert body["data"]["latency"] == dict(zip(names, told, strict=True))


def test_the_bytes_are_compact_readable_and_always_the_same() -> None:
    raw = render(CONTEXT, 17)
    assert raw == render(CONTEXT, 17)
    assert raw.startswith(
        b'{"type":"hit.created","version":"1","timestamp":"2026-11-24T00:29:58.000Z","seq":17,"data":{'
    )
    assert "오픈AI, 스타게이트에 투자".encode() in raw


def test_a_page_without_date_or_byline() -> None:
    article = read(with_article(published_at=None, authors=()))["data"]["article"]
    assert (article["published_at"], article["author"]) == (None, "")


@pytest.mark.parametrize("name", ["published_at", "first_seen_at"])
def test_a_naive_moment_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="naive"):
        render(with_article(**{name: NOW.replace(tzinfo=None)}), 17)


def test_hostile_characters_go_and_markup_stays_inert() -> None:
    title = '속보\u202e<script>{{7*7}}</script>\x00\r\n@everyone \u200b\u2066"닫힘\\\ud800'
    data = read(replace(with_article(title=title), hit=replace(HIT, excerpt=title)))["data"]
    shown = '속보<script>{{7*7}}</script> @everyone "닫힘\\'
    assert (data["article"]["title"], data["excerpt"]) == (shown, shown)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//host/path",
        "",
        "https://",
        "http://[",
        "https://h/" + "a" * 2000,
    ],
)
def test_only_a_whole_web_address_is_passed_on(url: str) -> None:
    assert read(with_article(url=url))["data"]["article"]["url"] == ""


@pytest.mark.parametrize("url", ["http://h/a?b=1&c=한글#x", "https://h/" + "a" * 1990])
def test_a_web_address_is_passed_on_whole(url: str) -> None:
    assert read(with_article(url=url))["data"]["article"]["url"] == url


def test_the_seed_sized_hits_are_listed_whole() -> None:
    for count in (3, 10, 11, MAX_MATCHES):
        data = read(with_matches(*[MATCH] * count))["data"]
        assert (len(data["matches"]), data["matches_total"]) == (count, count)


def test_more_matches_are_counted_and_not_listed() -> None:
    matches = [MATCH._replace(start=place, end=place + 4) for place in range(MAX_MATCHES + 1)]
    data = read(with_matches(*matches))["data"]
    assert data["matches_total"] == MAX_MATCHES + 1
    assert [match["start"] for match in data["matches"]] == list(range(MAX_MATCHES))


def test_long_matches_are_listed_as_far_as_they_fit() -> None:
    long = Match("긴" * 500, "긴" * 500, "body", 0, 500, "긴" * 500, "긴" * 500)
    raw = render(with_matches(*[long] * 40), 17)
    listed = read(with_matches(*[long] * 40))["data"]["matches"]
    one = len(json.dumps(listed[0], ensure_ascii=False, separators=(",", ":")).encode())
    assert MAX_BODY - len(raw) < one + 10
    assert 1 < len(listed) < 40


@pytest.mark.parametrize("tie", ["continues", "related"])
@pytest.mark.parametrize("char", ["𝔸", '"', "\\", "가", "\u0301"])
def test_the_worst_of_everything_still_fits_with_one_match(char: str, tie: str) -> None:
    many = char * 30_000
    link = StoryLink(many, many, NOW)
    tied: dict[str, Any] = {"continues": Act(link, link)} if tie == "continues" else {"related": link}
    worst = MessageContext(
        1,
        10**15,
        NOW,
        Article(many, "https://h/" + char * 1990, many, many, NOW, authors=(many, many), published_at=NOW),
        Hit(many, many, "v", (Match(many, many, many, 10**9, 10**9, many, many),) * 100, many),
        Story(many, many, 10**9, 10**9, NOW, **tied),
        many,
    )
    data = read(worst, 10**15)["data"]
    assert len(data["matches"]) >= 1
    assert data["matches_total"] == 100


TEXT = st.text(st.characters(), max_size=120)  # lone surrogates too
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.timezones())  # noqa: DTZ001 - bounds
MATCHES = st.builds(Match, TEXT, TEXT, TEXT, st.integers(0, 10**6), st.integers(0, 10**6), TEXT, TEXT)
ARTICLES = st.builds(
    Article,
    key=TEXT,
    url=TEXT | TEXT.map("https://h/".__add__),
    source_id=TEXT,
    title=TEXT,
    first_seen_at=MOMENTS,
    authors=st.lists(TEXT, max_size=3).map(tuple),
    published_at=st.none() | MOMENTS,
)
LINKS = st.builds(StoryLink, TEXT, TEXT, MOMENTS)
STAMPS = st.builds(
    MessageContext,
    hit_id=st.integers(1),
    article_id=st.integers(1, 2**53),
    created_at=MOMENTS,
    article=ARTICLES,
    hit=st.builds(Hit, TEXT, TEXT, TEXT, st.lists(MATCHES, min_size=1, max_size=6).map(tuple), TEXT),
    story=st.builds(
        Story,
        TEXT,
        TEXT,
        st.integers(1, 10**9),
        st.integers(1, 10**9),
        MOMENTS,
        continues=st.none() | st.builds(Act, LINKS, LINKS),
        related=st.none() | LINKS,
    ),
)


@given(STAMPS, st.integers(1, 2**53))
def test_any_article_gives_a_body_of_the_published_shape(context: MessageContext, seq: int) -> None:
    body = read(context, seq)
    assert body["data"]["matches_total"] == len(context.hit.matches)
    assert body["seq"] == seq
    stated = (body["timestamp"], body["data"]["created_at"])
    for moment, text in zip((context.article.first_seen_at, context.created_at), stated, strict=True):
        assert datetime.fromisoformat(text).tzinfo == UTC
        assert timedelta(0) <= moment - datetime.fromisoformat(text) < timedelta(milliseconds=1)


def test_a_story_is_told_as_it_stands() -> None:
    story = read(replace(CONTEXT, story=replace(STORY, articles=7, outlets=3)))["data"]["story"]
    assert (story["articles"], story["outlets"]) == (7, 3)
    assert story.keys().isdisjoint({"continues", "related"}), "only where there is such a story"


FIRST = StoryLink("0190-first", "수수료 공개법 발의", datetime(2026, 11, 20, 0, 12, 30, tzinfo=UTC))
BEFORE = StoryLink("0191-before", "수수료 공개법, 상임위 통과", datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("tied", "told", "korean", "english"),
    [
        (
            {"continues": Act(BEFORE, FIRST)},
            {
                "continues": {
                    "id": "0191-before",
                    "title": "수수료 공개법, 상임위 통과",
                    "first": {"id": "0190-first", "title": "수수료 공개법 발의"},
                }
            },
            "새 국면: 수수료 공개법 발의",
            "new act of: 수수료 공개법 발의",
        ),
        (
            {"continues": Act(FIRST, FIRST)},
            {
                "continues": {
                    "id": "0190-first",
                    "title": FIRST.title,
                    "first": {"id": "0190-first", "title": FIRST.title},
                }
            },
            "새 국면: 수수료 공개법 발의",
            "new act of: 수수료 공개법 발의",
        ),
        (
            {"related": FIRST},
            {"related": {"id": "0190-first", "title": FIRST.title, "first_seen_at": "2026-11-20T00:12:30.000Z"}},
            "관련: 수수료 공개법 발의 (09:12 첫 보도)",
            "related: 수수료 공개법 발의 (first at 09:12)",
        ),
        ({}, {}, None, None),
    ],
)
def test_what_a_story_goes_on_from_is_told_in_body_and_card(
    tied: dict[str, Any], told: dict[str, Any], korean: str | None, english: str | None
) -> None:
    context = replace(CONTEXT, story=replace(STORY, **tied))
    body, story = render(context, 17), read(context)["data"]["story"]
    assert {key: story[key] for key in ("continues", "related") if key in story} == told
    languages: tuple[tuple[Lang, str | None], ...] = (("ko", korean), ("en", english))
    for lang, words in languages:
        footing = read_card(body, "Asia/Seoul", lang).footing()
        assert words in footing if words else all(mark not in footing for mark in ("국면", "관련", "act", "related"))
