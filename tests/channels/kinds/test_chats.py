"""Every chat service: what it is sent, that strangers' text stays text, that its limits hold, how its answers are read."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.chat import Chat
from monitor.channels.registry import CHANNEL_KINDS as KINDS
from monitor.channels.words.render import render
from monitor.model.delivery import Delivery, Verdict
from monitor.model.errors import MessageError
from monitor.model.hit import Match
from monitor.model.plan import Channel
from tests.channels.kinds.receivers import URL, receiver_of
from tests.channels.samples import ARTICLE, CONTEXT, HIT, NOW, answered, posted

CHATS = sorted(name for name, kind in KINDS.items() if isinstance(kind, Chat))
HOSTILE = (
    "<!channel> @everyone @here <@U123> **굵게** _기울임_ `코드` [눌러](https://evil.example) "
    "<a href='x'>링크</a> <https://evil.example|여기> # 제목 > 인용 ||숨김|| ~~줄~~ & \\ </b>"
)


def hit_body(title: str, excerpt: str = "… 오픈AI는 5일 …", surface: str = "오픈AI", rule: str = "OpenAI") -> bytes:
    """Return the frozen body of a hit."""
    match = Match("openai", "오픈AI", "title", 0, 4, surface, "bare")
    hit = replace(HIT, rule_name=rule, matches=(match,), excerpt=excerpt)
    return render(replace(CONTEXT, article=replace(ARTICLE, title=title), hit=hit), 17)


def sent(kind: str, body: bytes, attempt: int = 1) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the JSON that a kind posts."""
    channel = chat(kind)
    delivery = Delivery("0193-delivery", "desk", 17, body, attempt, "test", NOW)
    return json.loads(posted(KINDS[channel.kind], delivery, channel).body)


def chat(kind: Any, url: str = URL) -> Channel:  # noqa: ANN401 - the type checker cannot follow the parametrisation
    """Return a channel of a kind."""
    return replace(receiver_of(kind), url=url)


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    """Yield every string within a JSON value."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


def read_by_people(kind: str, body: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return all text of a request body as its service would show it."""
    joined = "\n".join(texts(body))
    if kind in {"telegram", "googlechat", "slack"}:
        joined = html.unescape(re.sub(r"</?(b|i|a)( [^>]*)?>", "", joined))
    return re.sub(r"\\(.)", r"\1", joined.replace("**", "")) if kind in {"discord", "mattermost", "jandi"} else joined


@pytest.mark.parametrize("kind", CHATS)
def test_a_hit_shows_rule_headline_link_passage_outlet_and_time(kind: str) -> None:
    body = sent(kind, hit_body("오픈AI, 스타게이트에 투자"))
    shown = read_by_people(kind, body)
    for told in ("OpenAI", "오픈AI, 스타게이트에 투자", "미디어펜", "2026-11-24 09:28 KST", "김하나"):
        assert told in shown
    assert "… 오픈AI는 5일 …" in "".join(shown.split("\n")) or kind in {"slack", "teams", "kakaowork"}
    assert any(ARTICLE.url in text for text in texts(body))


@pytest.mark.parametrize("kind", ["slack", "teams", "kakaowork"])
def test_rich_text_keeps_the_passage_in_pieces(kind: str) -> None:
    pieces = list(texts(sent(kind, hit_body("제목", "오늘 오픈AI는 말했다"))))
    at = pieces.index("오픈AI")
    assert pieces[at - 1].endswith("오늘 ") or "오늘 " in pieces
    assert "는 말했다" in pieces


@pytest.mark.parametrize(
    ("kind", "strong"),
    [
        ("discord", "**오픈AI**는"),
        ("mattermost", "**오픈AI**는"),
        ("telegram", "<b>오픈AI</b>는"),
        ("googlechat", "<b>오픈AI</b>는"),
    ],
)
def test_matched_words_are_set_off(kind: str, strong: str) -> None:
    assert any(strong in text for text in texts(sent(kind, hit_body("제목"))))


@pytest.mark.parametrize("kind", ["telegram", "googlechat"])
def test_html_has_no_tags_but_ours(kind: str) -> None:
    markup = raw_paragraphs(sent(kind, hit_body(HOSTILE, HOSTILE, "굵게", HOSTILE)))
    ours = {"<b>", "</b>", "<i>", "</i>", "</a>", f'<a href="{ARTICLE.url}">'}
    assert set(re.findall("<[^>]*>?", markup)) <= ours
    assert "<b>굵게</b>" in markup


def test_slack_has_no_markup_but_in_rich_text() -> None:
    body = sent("slack", hit_body(HOSTILE, HOSTILE, "굵게", HOSTILE))
    assert not set("<>") & set(body["text"])
    assert {block["type"] for block in body["blocks"]} == {"rich_text"}


@pytest.mark.parametrize("kind", ["discord", "mattermost"])
def test_markdown_signs_are_escaped(kind: str) -> None:
    body = sent(kind, hit_body(HOSTILE, HOSTILE, "굵게", HOSTILE))
    markup = "\n".join(text for text in texts(body) if not text.startswith(("https://", "mediapen")))
    ours = markup.replace("**", "").replace(f"]({ARTICLE.url})", "").replace("** [", "")
    assert re.search(r"(?<!\\)[<>`|~]", ours) is None
    assert re.search(r"(?<!\\)\]\(", ours) is None


@pytest.mark.parametrize("kind", ["slack", "discord", "mattermost", "telegram", "jandi", "dooray"])
def test_nobody_is_called(kind: str) -> None:
    body = sent(kind, hit_body(HOSTILE, HOSTILE, "굵게", HOSTILE))
    parsed = [body["text"]] if kind == "slack" else list(texts(body))
    assert not [text for text in parsed if re.search(r"@(everyone|here|U123)", text)]


def raw_paragraphs(body: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return what Telegram and Google Chat parse as HTML."""
    if "parse_mode" in body:
        return str(body["text"])
    return "".join(
        widget["textParagraph"]["text"]
        for card in body.get("cardsV2", [])
        for section in card["card"]["sections"]
        for widget in section["widgets"]
        if "textParagraph" in widget
    )


LIMITS = {  # what each service takes, where its documents or users have found out
    "slack": lambda body: len(body["text"]) <= 3_000 and len(json.dumps(body, ensure_ascii=False)) <= 12_000,
    "discord": lambda body: (
        len(body["content"]) <= 2_000
        and len(body["embeds"][0]["title"]) <= 256
        and len(body["embeds"][0]["description"]) <= 4_096
        and sum(len(text) for text in texts(body["embeds"])) <= 6_000
    ),
    "telegram": lambda body: len(html.unescape(re.sub("<[^>]*>", "", body["text"]))) <= 4_096,
    "teams": lambda body: len(json.dumps(body, ensure_ascii=False).encode()) <= 28_000,
    "mattermost": lambda body: len(body["text"]) <= 16_383,
    "googlechat": lambda body: len(json.dumps(body, ensure_ascii=False).encode()) <= 32_000,
    "ntfy": lambda body: len(body["message"].encode()) <= 4_096,
    "jandi": lambda body: len(json.dumps(body, ensure_ascii=False)) <= 8_000,
    "naverworks": lambda body: (
        len(body["content"].get("contentText", "")) <= 1_000
        and len(body["content"].get("link", "")) <= 1_000
        and len(body["content"].get("text", "")) <= 2_000
    ),
    "dooray": lambda body: len(body["text"]) + len(body["attachments"][0]["text"]) <= 4_000,
    "kakaowork": lambda body: (
        all(len(block.get("text", "")) <= 500 for block in body["blocks"])
        and len(body["blocks"][0]["text"]) <= 20
        and len(body["text"]) <= 500
    ),
}


@pytest.mark.parametrize("kind", CHATS)
@given(st.data())
def test_limits_hold_whatever_is_written(kind: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["가", "*", "<", "&", "👩🏽", "a "])) * data.draw(st.integers(1, 5_000))
    body = sent(kind, hit_body(text, text, text[:3] or "x", text), data.draw(st.sampled_from([1, 2])))
    assert LIMITS[kind](body)


@pytest.mark.parametrize("kind", CHATS)
@given(st.text(max_size=200))
def test_any_headline_makes_a_message(kind: str, title: str) -> None:
    assert sent(kind, hit_body(title, title, title, title))


@pytest.mark.parametrize("kind", CHATS)
def test_the_address_stays_hidden_and_a_missing_one_is_an_error(kind: str) -> None:
    channel = chat(kind)
    delivery = Delivery("0193-delivery", "desk", 17, hit_body("제목"), 1, "test", NOW)
    assert "T0-secret" not in repr(KINDS[channel.kind].compose(delivery, channel, NOW))
    with pytest.raises(MessageError, match="no URL"):
        KINDS[channel.kind].compose(delivery, replace(channel, url=""), NOW)
    with pytest.raises(MessageError, match=r"none of ours|no JSON"):
        KINDS[channel.kind].compose(replace(delivery, body=b"[]"), channel, NOW)


@pytest.mark.parametrize("kind", CHATS)
def test_answers(kind: str) -> None:
    judge, channel = KINDS[chat(kind).kind].judge, chat(kind)
    assert judge(answered(200, {}, b"ok"), channel, NOW).verdict is Verdict.DELIVERED
    assert judge(answered(204), channel, NOW).verdict is Verdict.DELIVERED
    assert judge(answered(410), channel, NOW).verdict is Verdict.CHANNEL_GONE
    assert judge(answered(400), channel, NOW).verdict is Verdict.REJECTED
    throttled = judge(answered(429, {"retry-after": "7"}), channel, NOW)
    assert (throttled.verdict, throttled.retry_after) == (Verdict.RETRY, 7.0)
    for said in (b'{"ok":false}', b'{"success":false}', b'{"header":{"isSuccessful":false}}'):
        assert judge(answered(200, {}, said), channel, NOW).verdict is Verdict.REJECTED
    for said in (b'{"ok":true}', b"[false]", b'{"header":1}', b"\xff", b"[" * 9_999):
        assert judge(answered(200, {}, said), channel, NOW).verdict is Verdict.DELIVERED


def test_throttles_in_the_dialects_of_the_services() -> None:
    said = answered(429, {}, b'{"ok":false,"parameters":{"retry_after":35}}')
    assert KINDS["telegram"].judge(said, chat("telegram"), NOW).retry_after == 35
    assert KINDS["slack"].judge(said, chat("slack"), NOW).retry_after is None
    assert KINDS["discord"].judge(answered(429, {}, b'{"retry_after":1.5}'), chat("discord"), NOW).retry_after == 1.5


@pytest.mark.parametrize(
    "kind", ["slack", "discord", "mattermost", "googlechat", "jandi", "dooray", "kakaowork", "teams", "naverworks"]
)
def test_one_404_may_be_that_of_a_relay_and_shuts_no_channel(kind: str) -> None:
    assert KINDS[chat(kind).kind].judge(answered(404), chat(kind), NOW).verdict is Verdict.REJECTED


def test_discord_mentions_nobody_and_answers_with_the_message() -> None:
    channel = chat("discord", URL + "?thread_id=7")
    delivery = Delivery("0193-delivery", "desk", 17, hit_body("@everyone"), 1, "test", NOW)
    message = posted(KINDS["discord"], delivery, channel)
    assert message.url == URL + "?thread_id=7&wait=true"
    assert json.loads(message.body)["allowed_mentions"] == {"parse": []}


def test_telegram_falls_back_to_plain_text_and_needs_a_chat() -> None:
    first, second = sent("telegram", hit_body("a < b")), sent("telegram", hit_body("a < b"), attempt=2)
    assert (first["parse_mode"], first["chat_id"]) == ("HTML", "-100123")
    assert "a &lt; b" in first["text"]
    assert "parse_mode" not in second
    assert "a < b" in second["text"]
    delivery = Delivery("0193-delivery", "desk", 17, hit_body("제목"), 1, "test", NOW)
    with pytest.raises(MessageError, match="which chat"):
        KINDS["telegram"].compose(delivery, replace(chat("telegram"), options=()), NOW)


def test_ntfy_publishes_json_at_the_root_of_the_server() -> None:
    channel = chat("ntfy", "https://ntfy.example/base/%EB%89%B4%EC%8A%A4")
    delivery = Delivery("0193-delivery", "desk", 17, hit_body("제목"), 1, "test", NOW)
    message = posted(KINDS["ntfy"], delivery, channel)
    assert message.url == "https://ntfy.example/base/"
    assert json.loads(message.body)["topic"] == "뉴스"
    assert json.loads(message.body)["click"] == ARTICLE.url
    with pytest.raises(MessageError, match="no topic"):
        KINDS["ntfy"].compose(delivery, chat("ntfy", "https://ntfy.example/"), NOW)


def test_jandi_asks_for_its_own_media_type() -> None:
    delivery = Delivery("0193-delivery", "desk", 17, hit_body("제목"), 1, "test", NOW)
    assert posted(KINDS["jandi"], delivery, chat("jandi")).headers["accept"].startswith("application/vnd.tosslab")


@pytest.mark.parametrize("kind", CHATS)
def test_news_of_a_source_is_shown_in_the_readers_language(kind: str) -> None:
    data = {
        "source": {"id": "mediapen", "name": "미디어펜"},
        "sources": 1,
        "problem": "no_entries",
        "since": "2026-11-24T00:00:00.000Z",
        "summary": {"ko": "기사가 없습니다", "en": "no article"},
        "action": {"ko": "주소를 확인하십시오", "en": "look at the address"},
    }
    for told, words in (
        ("source.broken", ("수집 이상", "주소를 확인하십시오")),
        ("source.recovered", ("수집 정상화",)),
    ):
        body = json.dumps({"type": told, "timestamp": "2026-11-24T00:00:00.000Z", "seq": 1, "data": data}).encode()
        shown = read_by_people(kind, sent(kind, body))
        for word in ("미디어펜", "기사가 없습니다", "2026-11-24 09:00 KST", *words):
            assert word in shown or kind == "kakaowork"
        assert "no article" not in shown


@pytest.mark.parametrize("kind", CHATS)
def test_a_message_without_a_link_still_goes_out(kind: str) -> None:
    body = json.dumps({"type": "later.kind", "timestamp": "2026", "seq": 1, "data": {"a": "b"}}).encode()
    assert "later.kind" in read_by_people(kind, sent(kind, body))
