"""E-mail: what a letter holds, that strangers' text stays text and out of the headers, how replies are read, what may be written."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.kinds.email import KIND, PATIENCE, mail_server, mailbox
from monitor.channels.words.card import shortened
from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.channels.words.render import MAX_BODY, render
from monitor.channels.words.visible import visible_line
from monitor.model.delivery import Delivery, MessageDraft, Verdict
from monitor.model.errors import ConfigError, InvalidValueError, MessageError
from monitor.model.letter import MailServer
from monitor.service.configuration import load
from tests.channels.kinds.receivers import part, read_letter, receiver_of
from tests.channels.kinds.test_chats import HOSTILE, hit_body
from tests.channels.samples import ARTICLE, CONTEXT, NOW, answered

DESK = receiver_of("email")
INJECTION = "속보\r\nBcc: evil@example.com\r\n\r\n<script>alert(1)</script>\u2028\u202e\x00끝"
HEADERS = {
    "from", "to", "subject", "date", "message-id", "in-reply-to", "references", "list-id",
    "auto-submitted", "mime-version", "content-type",
}  # fmt: skip


def delivery(body: bytes, attempt: int = 1, identity: str = "0193-delivery") -> Delivery:
    first = NOW if attempt > 1 else None
    return Delivery(identity, "desk", 17, body, attempt, "test", NOW, first)


def body(**data: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    """Return a frozen body that holds what no renderer of ours would let through."""
    frozen = json.loads(hit_body("제목"))
    frozen["data"] |= data
    return json.dumps(frozen).encode()


class Tags(HTMLParser):
    """Collects tags and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str | None]] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.attributes |= set(attrs)


def test_a_letter_says_it_in_text_and_in_html() -> None:
    letter = KIND.compose(delivery(hit_body("오픈AI, 스타게이트에 투자")), DESK, NOW)
    assert letter.server == MailServer("mail.example", 465, "tls", "desk", "pa$$word")
    assert (letter.sender, letter.recipients) == ("desk@example.com", ("a@example.com", "b@example.com"))
    read = read_letter(letter.content)
    assert read["Subject"] == "[OpenAI] 오픈AI, 스타게이트에 투자"
    assert read["From"].addresses[0].display_name == "편집국"
    assert [one.addr_spec for one in read["To"].addresses] == ["a@example.com", "b@example.com"]
    assert read["Date"].datetime == NOW.replace(microsecond=0)
    assert read["Message-ID"] == "<0193-delivery@example.com>"
    assert read["List-Id"] == "<desk.monitor.example.com>"
    for told in (part(read, "plain"), html.unescape(re.sub("<[^>]*>", "", part(read, "html")))):
        for word in (
            "OpenAI",
            "오픈AI, 스타게이트에 투자",
            "… 오픈AI는 5일 …",
            "미디어펜",
            "2026-11-24 09:28 KST",
            "김하나",
        ):
            assert word in told
    assert ARTICLE.url in part(read, "plain")
    assert ("href", ARTICLE.url) in Tags(part(read, "html")).attributes
    assert "<mark>오픈AI</mark>" in part(read, "html")


def test_every_attempt_is_the_same_letter_and_its_secrets_stay() -> None:
    first = KIND.compose(delivery(hit_body("제목")), DESK, NOW)
    later = KIND.compose(delivery(hit_body("제목"), 4), DESK, NOW + timedelta(hours=5))
    assert first.content == later.content
    assert "pa$$word" not in repr(first)
    assert b"pa$$word" not in first.content


def test_a_story_is_one_thread_in_each_channel() -> None:
    def root(story: str, channel: str = "desk") -> str:
        read = read_letter(
            KIND.compose(delivery(body(story={"id": story, "articles": 1})), replace(DESK, id=channel), NOW).content
        )
        assert read["References"] == read["In-Reply-To"]
        return str(read["References"])

    assert root("s1") == root("s1")
    assert len({root("s1"), root("s2"), root("s1", "other"), root("가\r\nBcc: x@y.z")}) == 4
    alone = {"type": "source.broken", "timestamp": "2026", "seq": 1, "data": {
        "source": None, "sources": 3, "since": "2026-11-24T00:00:00Z", "summary": {"ko": "가", "en": "a"}, "action": {"ko": "나", "en": "b"}}}  # fmt: skip
    assert read_letter(KIND.compose(delivery(json.dumps(alone).encode()), DESK, NOW).content)["References"] is None


def test_recipients_are_waited_for_and_not_for_ever() -> None:
    def patient(attempt: int, after: timedelta) -> bool:
        return KIND.compose(delivery(hit_body("제목"), attempt), DESK, NOW + after).patient

    assert patient(1, timedelta(0))
    assert patient(2, PATIENCE - timedelta(seconds=1))
    assert not patient(3, PATIENCE)
    assert patient(1, timedelta(days=3)), "a message that waited its turn has not waited for its recipients"


@pytest.mark.parametrize(
    "hostile", [HOSTILE, INJECTION, "\ud800\udfff", "=?utf-8?b?QmNjOiB4QHkueg==?=", "가" * 5000, "x" * 5000]
)
def test_strangers_text_stays_text(hostile: str) -> None:
    frozen = body(rule={"id": "r", "name": hostile}, excerpt=hostile, matches=[{"surface": hostile}])
    data = json.loads(frozen)
    data["data"]["article"] |= {
        "title": hostile,
        "author": hostile,
        "url": 'javascript:alert(1)"><img src=https://evil.example/>',
    }
    content = KIND.compose(delivery(json.dumps(data).encode()), DESK, NOW).content
    read = read_letter(content)
    assert {name.lower() for name in read} <= HEADERS
    assert [one.addr_spec for one in read["To"].addresses] == ["a@example.com", "b@example.com"]
    seen = Tags(part(read, "html"))
    assert seen.tags <= {"html", "head", "meta", "body", "p", "h3", "mark", "small"}
    assert not read.defects


@given(
    title=st.text(max_size=400), rule=st.text(max_size=90), story=st.text(max_size=40), identity=st.text(max_size=60)
)
def test_whatever_is_written_no_line_of_a_letter_is_a_strangers(
    title: str, rule: str, story: str, identity: str
) -> None:
    data = json.loads(body(rule={"id": "r", "name": rule}, story={"id": story, "articles": 2}))
    data["data"]["article"]["title"] = title
    content = KIND.compose(delivery(json.dumps(data).encode(), identity=identity), DESK, NOW).content
    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    head = content.split(b"\r\n\r\n", 1)[0].decode("ascii")
    names = [line.partition(":")[0].lower() for line in head.split("\r\n") if line[:1] not in {" ", "\t"}]
    assert len(names) == len(set(names))
    assert set(names) <= HEADERS


@given(
    st.text(max_size=300)
    | st.text(st.sampled_from("가나 ab'\"<>()@,.:;=?_-·…“”👩🏽é\\[]/&%"), max_size=300)
    | st.sampled_from(
        ["=?utf-8?b?QmNjOiB4QHkueg==?=", "=?utf-8?q?=0D=0ABcc:_x@y.z?= 가", "오픈AI " * 40, "a " * 150, "x" * 290]
    )
)
def test_every_mail_program_reads_the_subject_as_it_is(title: str) -> None:
    data = json.loads(body())
    data["data"]["article"]["title"] = title
    frozen = json.dumps(data).encode()
    card = read_card(frozen, DESK.zone)
    told = visible_line(f"[{shortened(card.label, 60)}] {shortened(card.title, 200)}", 260)
    content = KIND.compose(delivery(frozen), DESK, NOW).content
    assert str(read_letter(content)["Subject"]) == told
    older = message_from_bytes(content)["Subject"].replace("\r\n", "")
    assert str(make_header(decode_header(older))) == told
    assert all(len(line) <= 78 for line in f"Subject: {message_from_bytes(content)['Subject']}".split("\r\n"))


def test_a_letter_is_not_much_larger_than_its_message() -> None:
    frozen = render(replace(CONTEXT, article=replace(ARTICLE, title="가" * 9000)), 1)
    assert len(KIND.compose(delivery(frozen), DESK, NOW).content) < 3 * MAX_BODY


@pytest.mark.parametrize(("number", "title"), [(9, "짧은 제목"), (60, '"인용" <b>굵게</b> & 더'), (200, "가" * 300)])
def test_a_digest_has_every_headline_with_its_link(number: int, title: str) -> None:
    items = tuple(
        replace(
            CONTEXT,
            article_id=each,
            article=replace(
                ARTICLE, url=f"https://a.example/{each}/?a=1&b=2", title=f"{each}: {title}", body="나" * 5000
            ),
        )
        for each in range(number)
    )
    letter = read_letter(KIND.compose(delivery(compose(MessageDraft(1, NOW, items))), DESK, NOW).content)
    plain, marked_up = part(letter, "plain").replace("\r\n", "\n"), part(letter, "html")
    for each in range(number):
        line = f"[OpenAI] {each}: {title[:80]}"
        assert re.search(re.escape(line) + rf"[^\n]*\nhttps://a\.example/{each}/\?a=1&b=2$", plain, re.MULTILINE)
        assert f'<li><a href="https://a.example/{each}/?a=1&amp;b=2">{html.escape(line)}' in marked_up
    assert "외 " not in plain


@pytest.mark.parametrize("hostile", ["javascript:alert(1)", "data:text/html,x", '" onclick="x'])
def test_a_headline_of_a_digest_leads_to_the_web_or_nowhere(hostile: str) -> None:
    items = tuple(replace(CONTEXT, article_id=each, article=replace(ARTICLE, url=hostile)) for each in (1, 2))
    letter = read_letter(KIND.compose(delivery(compose(MessageDraft(1, NOW, items))), DESK, NOW).content)
    assert "<a" not in part(letter, "html")


@pytest.mark.parametrize(
    ("code", "verdict", "wait"),
    [
        (250, Verdict.DELIVERED, None),
        (421, Verdict.RETRY, 30.0),
        (450, Verdict.RETRY, 120.0),
        (451, Verdict.RETRY, 120.0),
        (452, Verdict.RETRY, None),
        (454, Verdict.RETRY, None),
        (530, Verdict.RETRY, None),
        (535, Verdict.RETRY, None),
        (550, Verdict.REJECTED, None),
        (552, Verdict.REJECTED, None),
        (554, Verdict.REJECTED, None),
        (354, Verdict.RETRY, None),
    ],
)
def test_replies(code: int, verdict: Verdict, wait: float | None) -> None:
    said = answered(code, body="5.7.1 안녕 pa$$word desk".encode())
    outcome = KIND.judge(said, DESK, NOW)
    assert (outcome.verdict, outcome.status, outcome.retry_after) == (verdict, code, wait)
    assert outcome.detail.startswith(f"{code}: 5.7.1 안녕")
    assert "pa$$word" not in outcome.detail


def test_who_was_left_out_is_told() -> None:
    said = answered(250, {"left-out": "b@example.com: 550 5.1.1 pa$$word unknown"}, b"2.0.0 taken")
    outcome = KIND.judge(said, DESK, NOW)
    assert (outcome.verdict, outcome.left_out) == (Verdict.DELIVERED, "b@example.com: 550 5.1.1 [hidden] unknown")
    assert outcome.detail == f"250: not for {outcome.left_out}: 2.0.0 taken"
    assert KIND.judge(answered(250), DESK, NOW).left_out == ""


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://mail.example", MailServer("mail.example", 465, "tls")),
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls")),
        (
            "smtp://me%40naver.com:p%2Fw@smtp.naver.com",
            MailServer("smtp.naver.com", 587, "starttls", "me@naver.com", "p/w"),
        ),
        (
            "smtps://me@naver.com:pw@smtp.naver.com:4650/",
            MailServer("smtp.naver.com", 4650, "tls", "me@naver.com", "pw"),
        ),
        ("smtp://relay:25?tls=none", MailServer("relay", 25, "none")),
        ("smtp://u:p@127.0.0.1:25?tls=none", MailServer("127.0.0.1", 25, "none", "u", "p")),
        ("smtp://u:p@[::1]?tls=none", MailServer("::1", 587, "none", "u", "p")),
    ],
)
def test_servers(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "https://mail.example", "mail.example", "smtp://", "smtp://h:0", "smtp://h:70000", "smtp://h/inbox", "smtp://h#x",
        "smtp://h?tls=off", "smtps://h?tls=none", "smtp://h?tls=none&tls=none", "smtp://u:p@mail.example?tls=none",
        "smtp://h\r\nx", "smtp://a b", "smtp://u:%0d%0aQUIT@h", "smtp://u:p@127.0.0.1.evil.example?tls=none", "smtp://[::1",
    ],
)  # fmt: skip
def test_what_is_no_server(url: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        mail_server(url)
    assert url == "smtp://" or url not in str(caught.value)


@pytest.mark.parametrize("text", ["a@b.kr", "데스크 <a@b.kr>", '"Desk, 1" <a.b+c@b-c.co.kr>', "<a@b.kr>"])
def test_mailboxes(text: str) -> None:
    assert mailbox(text).domain in {"b.kr", "b-c.co.kr"}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a@",
        "@b",
        "a@b,c@d",
        "a@b\r\nBcc: c@d",
        "x <a@b> <c@d>",
        "한@b.kr",
        "a@한.kr",
        "a b@c.kr",
        "<>",
        "a@b..kr",
        "a..b@c.kr",
    ],
)
def test_what_is_no_mailbox(text: str) -> None:
    with pytest.raises(InvalidValueError):
        mailbox(text)


@pytest.mark.parametrize("missing", ["url", "from", "to"])
def test_a_channel_without_its_parts_sends_nothing(missing: str) -> None:
    options = tuple((key, value) for key, value in DESK.options if key != missing)
    with pytest.raises(MessageError) as caught:
        KIND.compose(
            delivery(hit_body("제목")), replace(DESK, options=options, url="" if missing == "url" else DESK.url), NOW
        )
    assert missing in str(caught.value)
    assert "pa$$word" not in str(caught.value)


WRITTEN = """channels:
  - id: desk
    kind: email
    url: smtps://desk:canary7pw@mail.example
    from: 편집국 <desk@example.com>
    to: [a@example.com, "나 <b@example.com>"]
"""


def test_a_channel_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    (tmp_path / "channels.yaml").write_text(WRITTEN, "utf-8")
    (channel,) = load(tmp_path, {}).plan.channels
    letter = KIND.compose(delivery(hit_body("제목")), channel, NOW)
    assert letter.recipients == ("a@example.com", "b@example.com")


@pytest.mark.parametrize("mark", ["${MAIL_SERVER:-}", "", "FILE"])
def test_a_server_may_stand_elsewhere_or_not_be_set_up_yet(tmp_path: Path, mark: str) -> None:
    told = "url_file: server" if mark == "FILE" else f"url: '{mark}'"
    (tmp_path / "server").write_text("smtp://desk:canary7pw@mail.example\n", "utf-8")
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    text = WRITTEN.replace("url: smtps://desk:canary7pw@mail.example", told)
    (tmp_path / "channels.yaml").write_text(text, "utf-8")
    (channel,) = load(tmp_path, {}).plan.channels
    assert channel.url == ("smtp://desk:canary7pw@mail.example" if mark == "FILE" else "")
    assert "canary7pw" not in repr(channel)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    from: 편집국 <desk@example.com>\n", "", "needs `from`"),
        ('    to: [a@example.com, "나 <b@example.com>"]\n', "", "needs `to`"),
        ("desk@example.com>", "desk>", "must be a mailbox"),
        ("smtps://desk:canary7pw@mail.example", "https://canary7pw.example/", "smtps://user:password@host"),
        ("smtps://", "smtp://", "?tls=none"),
        ("kind: email", "kind: smtp", "email"),
    ],
)
def test_what_is_written_wrongly_is_said_with_its_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = WRITTEN.replace(old, new)
    text = text.replace("mail.example", "mail.example?tls=none") if said == "?tls=none" else text
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    (tmp_path / "channels.yaml").write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert said in str(caught.value)
    assert "canary7pw" not in str(caught.value)
