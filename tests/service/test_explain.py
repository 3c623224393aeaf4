"""Why something was told, or not: prepared cases through the real line and a real store, each with its true reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from monitor.model.article import Article
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import FetchError, FetchReason, MonitorError
from monitor.model.explained import AddressFate, Explained
from monitor.model.notification import NewSilence
from monitor.model.plan import Channel, Interval, Rule, Source
from monitor.model.policy import NotifyPolicy, QuietHours, StoryPolicy, Throttle
from monitor.model.task import Poll
from monitor.service.explain import ExplainQuery, Ground, explain_stored, rule_records
from monitor.store.write.silence_store import SilenceStore
from tests.pipeline.app import DESK, LIST, OPENAI, START, App, build, plan

POLL = Poll("paper", at_once=True)
SEOUL = Rule("seoul", "서울", "서울역 EXCEPT 서울역사박물관", (), ("desk",), stories=StoryPolicy("all"))
WITHOUT_RULES = "https://paper.example/news/view/1002"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    """A paper with one article of old, read once, by two rules and one channel."""
    made = await build(tmp_path, plan(rules=(OPENAI, SEOUL)))
    made.press.listing(1)
    made.press.article(1, "오픈AI 하나.")
    await made.run(POLL)
    made.clock.pass_(minutes=5)
    yield made
    await made.database.aclose()


async def appears(app: App, body: str, number: int = 2) -> str:
    """Let an article appear on the list, and poll it; return its address."""
    app.press.listing(*range(number, 0, -1))
    url = app.press.article(number, body)
    app.clock.pass_(seconds=1)
    await app.run(POLL)
    return url


def asked(app: App, target: str, rule: str = "") -> Explained:
    with app.reader() as reader:
        in_force = reader.plan_in_force()
        return explain_stored(reader, ExplainQuery(target, rule, app.clock()), Ground(in_force, app.current_plan.plan))


def words(found: Explained) -> str:
    return "; ".join(cause.words for cause in found.why)


async def test_sent(app: App) -> None:
    url = await appears(app, "오픈AI 둘.")
    found = asked(app, url)
    assert (found.fate, words(found)) == (AddressFate.SENT, "desk: sent, its receiver answered 200, at")
    assert found.why[0].at == app.clock()
    (told,) = found.told
    assert [(one.n, one.status, one.state) for one in told.attempts] == [(1, 200, "done")]
    (listed,) = found.listed
    assert (listed.source, listed.source_name, listed.state, listed.baseline) == ("paper", "신문", "done", False)
    assert found.read is not None
    assert found.read.article.body.startswith("오픈AI 둘.")
    (rule,) = found.rules
    assert (rule.rule, rule.since, [match.surface for match in rule.mentions]) == ("openai", "same", ["오픈AI"])
    assert found.others == 1
    assert found.place is not None
    assert (found.place.first, found.place.act, found.place.story.articles) == (False, 1, 2)
    before = asked(app, "https://paper.example/news/view/1001").place
    assert before is not None
    assert before.first
    assert asked(app, str(told.hit_id)).told == found.told


@pytest.mark.parametrize(
    "spelling",
    [
        "http://paper.example/news/view/1002",
        "https://www.paper.example/news/view/1002/?utm_source=x",
        "  https://paper.example/news/view/1002#top",
        "paper.example/news/view/1002?fbclid=1",
    ],
)
async def test_any_spelling_of_an_address_will_do(app: App, spelling: str) -> None:
    url = await appears(app, "오픈AI 둘.")
    assert asked(app, spelling).told == asked(app, url).told != ()


async def test_baseline(app: App) -> None:
    found = asked(app, "https://paper.example/news/view/1001")
    assert found.fate == AddressFate.SUPPRESSED
    assert "when the source was read for the first time" in words(found)
    assert found.listed[0].baseline


async def test_found_late(app: App) -> None:
    url = app.press.article(2, "오픈AI 둘.")
    link = "<item><title>기사 번호 2 의 충분히 긴 제목입니다</title><link>{}</link><pubDate>{}</pubDate></item>"
    day = format_datetime(app.clock() - timedelta(hours=5))
    app.press.pages["https://paper.example/rss"] = (
        f"<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{link.format(url, day)}</channel></rss>"
    )
    feed = Source("feed", "피드", "feed", ("https://paper.example/rss",), Interval(300.0), first_run="alert")
    await app.put(plan(version="v2", sources=(feed,), rules=(OPENAI, SEOUL)))
    await app.run(Poll("feed"))
    found = asked(app, url)
    assert found.fate == AddressFate.SENT
    assert found.why[-1].words == "found late: a list of feed showed it 5 h after it was published, at"
    assert found.why[-1].at == found.listed[0].first_seen_at


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (FetchReason.ROBOTS, "robots.txt disallows it"),
        (FetchReason.CONTENT_TYPE, "application/pdf"),
        (FetchReason.BLOCKED_ADDRESS, "private"),
    ],
)
async def test_a_page_that_may_not_be_read_leaves_the_headline_and_its_reason(
    app: App, reason: FetchReason, said: str
) -> None:
    app.press.listing(2, 1)
    app.press.pages[WITHOUT_RULES] = FetchError(WITHOUT_RULES, reason, said, transient=False)
    await app.run(POLL)
    found = asked(app, WITHOUT_RULES)
    assert found.fate == AddressFate.NO_HIT
    assert f"its page was not read, only what the list said of it: {reason.value}: {said}" in words(found)
    assert found.read is not None
    assert found.read.failure == f"{reason.value}: {said}"


async def test_a_page_that_does_not_answer_yet_says_how_many_tries_are_left(app: App) -> None:
    app.press.listing(2, 1)
    app.press.pages[WITHOUT_RULES] = FetchError(WITHOUT_RULES, FetchReason.TIMEOUT, "no answer within 20 s")
    await app.run(POLL)
    found = asked(app, WITHOUT_RULES)
    assert found.fate == AddressFate.NOT_READ
    assert (
        words(found)
        == "paper: its page could not be read yet: timeout: no answer within 20 s; 5 tries are left, the next"
    )
    assert found.why[0].at == found.listed[0].next_attempt_at
    for _ in range(6):
        app.clock.pass_(hours=8)
        await app.run(POLL)
    given_up = asked(app, WITHOUT_RULES)
    assert given_up.fate == AddressFate.NO_HIT
    assert "its page was not read" in words(given_up)
    assert "no answer within 20 s" in words(given_up)


async def test_a_stub_of_a_pay_wall(app: App) -> None:
    app.press.listing(2, 1)
    title = "기사 번호 2 의 충분히 긴 제목입니다"
    app.press.pages[WITHOUT_RULES] = (
        f"<html lang=ko><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        "<p>이 기사의 뒷부분은 구독자만 읽을 수 있습니다. 로그인해 주십시오.</p></article></body></html>"
    )
    await app.run(POLL)
    found = asked(app, WITHOUT_RULES)
    assert found.fate == AddressFate.NO_HIT
    assert "characters of text: a flash, a notice, or what a pay-wall leaves" in words(found)


@pytest.mark.parametrize(
    ("body", "rule", "reason"),
    [
        ("오픈AI스러운 일이 있었다.", "openai", "part of 오픈AI스러운"),
        ("서울역사박물관에서 전시가 열린다.", "seoul", "서울역사박물관"),
        ("딥시크와 서울역사박물관 이야기.", "seoul", "서울역사박물관"),
    ],
)
async def test_refused_occurrences_say_why(app: App, body: str, rule: str, reason: str) -> None:
    url = await appears(app, body)
    found = asked(app, url)
    assert found.fate == AddressFate.NO_HIT
    (record,) = [one for one in found.rules if one.rule == rule]
    assert record.hit_id is None
    assert reason in " ".join(refusal.reason for refusal in record.refusals)
    assert f"rule {rule}: «" in words(found)


async def test_an_exception_drops_the_occurrence(app: App) -> None:
    changed = replace(SEOUL, expression='메타 EXCEPT "메타 버스"')
    await app.put(plan(version="v2", rules=(OPENAI, changed)))
    found = asked(app, await appears(app, "메타 버스 정류장에서 만났다."))
    assert found.fate == AddressFate.NO_HIT
    assert "excluded by EXCEPT: 메타 버스" in words(found)


async def test_a_rule_that_looks_elsewhere_and_one_that_was_changed(app: App) -> None:
    elsewhere = replace(SEOUL, expression="부산", sources=("daily",))
    await app.put(plan(version="v2", rules=(OPENAI, elsewhere)))
    url = await appears(app, "부산에서 열렸다.")
    assert words(asked(app, url)) == "rule seoul: its words are there, but it looks only at daily"
    app.clock.pass_(minutes=1)
    here = (OPENAI, replace(elsewhere, sources=()), Rule("busan", "부산", "부산", (), ("desk",)))
    await app.put(plan(version="v3", rules=here))
    found = asked(app, url)
    assert [(rule.rule, rule.since) for rule in found.rules] == [("seoul", "changed"), ("busan", "new")]
    assert "the rule was changed since" in words(found)
    assert "the rule was not there" in words(found)
    assert words(asked(app, url, "openai")) == "rule openai: missing: @openai"


async def test_silenced(app: App) -> None:
    now = app.clock()
    until = now + timedelta(hours=2)
    number = await SilenceStore(app.database).add(
        NewSilence(created_at=now, ends_at=until, author="kim", why="launch day", rule_id="openai")
    )
    found = asked(app, await appears(app, "오픈AI 둘."))
    assert found.fate == AddressFate.SUPPRESSED
    assert words(found) == f"desk: kept back by silence {number} of kim (launch day), which ends"
    assert found.why[0].at == until


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        (NotifyPolicy(quiet=QuietHours(days=tuple(range(7)))), "desk: held by its quiet hours, until"),
        (NotifyPolicy(digest="0 8 * * *"), "desk: held for its digest, until"),
        (NotifyPolicy(throttle=Throttle(1, 3600.0)), "desk: held by its throttle, until"),
    ],
)
async def test_held(app: App, policy: NotifyPolicy, said: str) -> None:
    await app.put(plan(version="v2", rules=(OPENAI, SEOUL), channels=(replace(DESK, policy=policy),)))
    await appears(app, "오픈AI 둘.")
    found = asked(app, await appears(app, "오픈AI 셋.", 3))
    assert (found.fate, words(found)) == (AddressFate.HELD, said)
    assert found.why[0].at is not None
    assert found.why[0].at > app.clock()


async def test_a_channel_that_its_receiver_shut(app: App) -> None:
    app.post.answers = [Outcome(Verdict.CHANNEL_GONE, 410, "gone for good", 2.0)]
    found = asked(app, await appears(app, "오픈AI 둘."))
    assert found.fate == AddressFate.WAITING
    assert "desk: waits, because its receiver shut the channel (" in words(found)
    assert "monitor channels open desk" in words(found)
    assert [(one.status, one.detail) for one in found.told[0].attempts] == [(410, "gone for good")]


async def test_a_story_that_was_told_names_the_message_that_did(app: App) -> None:
    await app.put(plan(version="v2", rules=(replace(OPENAI, stories=StoryPolicy()),)))
    text = "오픈AI는 서울에 사무소를 열고 직원 쉰 명을 뽑는다고 밝혔다. 한국 시장을 넓히려는 것이다."
    await appears(app, text)
    found = asked(app, await appears(app, text, 3))
    assert found.fate == AddressFate.SUPPRESSED
    assert words(found) == "desk: its story was told already, with «기사 번호 2 의 충분히 긴 제목입니다», at"
    assert found.told[0].earlier is not None
    assert found.told[0].earlier.url == "https://paper.example/news/view/1002"
    assert found.place is not None
    assert not found.place.first


async def test_nobody_is_to_hear(app: App) -> None:
    await app.put(plan(version="v2", rules=(replace(OPENAI, channels=()),)))
    found = asked(app, await appears(app, "오픈AI 둘."))
    assert found.fate == AddressFate.NOBODY
    assert words(found) == "rule openai: no channel is to hear of it by the rule or the routes"


async def test_what_a_first_run_leaves_out(app: App) -> None:
    source = replace(app.current_plan.plan.sources[0], id="other", first_run="ignore")
    await app.put(plan(version="v2", sources=(source,)))
    app.press.listing(9)
    await app.run(Poll("other"))
    found = asked(app, "https://paper.example/news/view/1009")
    assert found.fate == AddressFate.IGNORED
    assert "first_run: ignore" in words(found)


async def test_never_listed(app: App) -> None:
    found = asked(app, "https://paper.example/news/view/4711")
    assert (found.fate, words(found)) == (
        AddressFate.NEVER_LISTED,
        "no list or feed has shown it; sources of its host: paper",
    )
    assert found.sources == ("paper",)
    foreign = asked(app, "https://elsewhere.example/1")
    assert "no source is of the host elsewhere.example; monitor add https://elsewhere.example/1" in words(foreign)
    listing = asked(app, "http://www.paper.example/list")
    assert (listing.fate, listing.lists) == (AddressFate.LIST, ("paper",))


@pytest.mark.parametrize(
    "target", ["4711", "0", "no address", "ftp://paper.example/x", "http://[::1", "file:///etc/passwd"]
)
async def test_what_is_neither_an_address_nor_a_hit_is_refused(app: App, target: str) -> None:
    with pytest.raises(MonitorError, match=r"no hit|neither an address"):
        asked(app, target)


def many(number: int, expression: str) -> tuple[Rule, ...]:
    return tuple(Rule(f"r{one}", "", expression.format(one), (), ("desk",)) for one in range(number))


@pytest.mark.parametrize(
    ("expression", "shown"),
    [("(단어{0} OR 카카오) AND 광고{0}", 10), ("단어{0} AND 광고{0}", 0), ("카카오 AND 뉴스{0}", 10)],
)
def test_of_hundreds_of_rules_the_nearest_are_shown(expression: str, shown: int) -> None:
    text = Article("k", "https://n.kr/1", "paper", "카카오 이야기", START, body="카카오가 새 소식을 냈다.")
    met = Rule("met", "", "소식")
    one_plan = plan(rules=(*many(150, expression), met))
    records, others = rule_records(text, (), Ground(one_plan, one_plan), "")
    assert next((one.rule, one.matches) for one in records) == ("met", True)
    assert (len(records), others) == (1 + shown, 150 - shown)


def test_a_regular_expression_and_a_rule_that_cannot_be_read_are_not_left_out() -> None:
    text = Article("k", "https://n.kr/1", "paper", "카카오 이야기", START, body="문의 02-123-4567")
    rules = (
        Rule("number", "", r"scan_all(/\d{2}-\d{3}-\d{4}/)"),
        Rule("broken", "", "@nobody"),
        Rule("other", "", r"scan_all(/\d{9}/)"),
    )
    one_plan = plan(rules=rules)
    records, others = rule_records(text, (), Ground(one_plan, one_plan), "")
    assert [(one.rule, one.matches) for one in records] == [("number", True), ("broken", False)]
    assert "no alias group @nobody" in records[1].missing[0]
    assert others == 1


@pytest.mark.parametrize("off", [replace(DESK, enabled=False), replace(DESK, url="")])
async def test_a_channel_that_the_plan_shut_is_not_said_to_be_shut_by_its_receiver(app: App, off: Channel) -> None:
    app.post.answers = [Outcome(Verdict.RETRY, 503, "busy", 2.0)]
    url = await appears(app, "오픈AI 둘.")
    assert words(asked(app, url)) == "desk: waits after 1 attempts (503: busy), next try"
    await app.put(plan(version="v2", rules=(OPENAI, SEOUL), channels=(off,)))
    found = asked(app, url)
    assert found.fate == AddressFate.WAITING
    assert words(found).startswith("desk: waits, because the channel is off (")
    assert "monitor reload" in words(found)


async def test_a_message_behind_another_one_and_one_that_was_given_up(app: App) -> None:
    app.post.answers = [Outcome(Verdict.RETRY, 503, "busy", 2.0)]
    first = await appears(app, "오픈AI 둘.")
    second = await appears(app, "오픈AI 셋.", 3)
    assert words(asked(app, second)) == "desk: waits behind message #1 of the channel, next try"
    assert asked(app, second).why[0].at == asked(app, first).why[0].at
    app.post.answers = [Outcome(Verdict.DELIVERED, 200, "", 1.0), Outcome(Verdict.REJECTED, 422, "no such field", 1.0)]
    for _ in range(4):
        app.clock.pass_(minutes=40)
        await app.tick()
    assert words(asked(app, first)) == "desk: sent, its receiver answered 200 to attempt 2, at"
    rejected = asked(app, second)
    assert "no such field" in "".join(one.detail for one in rejected.told[0].attempts)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("서울역를 떠났다.", "particle 를 does not agree with the last sound of 서울역"),
        ("어제 서울역는 붐볐다.", "particle 는 does not agree with the last sound of 서울역"),
        ("오픈AI스러운 날.", "part of 오픈AI스러운"),
    ],
)
async def test_a_particle_that_does_not_fit_is_the_reason(app: App, body: str, said: str) -> None:
    found = asked(app, await appears(app, body))
    assert found.fate == AddressFate.NO_HIT
    assert said in words(found)


@pytest.mark.parametrize("mode", ["held", "page"])
async def test_an_old_article_and_a_headline_that_did_not_wait_for_its_page(app: App, mode: str) -> None:
    if mode == "page":
        title = "오픈AI 서울 사무소"
        app.press.pages[LIST] = (
            f'<html><body><ul><li><a href="/news/view/1002">{title} 소식을 전하는 긴 제목</a></li></ul></body></html>'
        )
        app.press.pages[WITHOUT_RULES] = FetchError(WITHOUT_RULES, FetchReason.TIMEOUT, "no answer within 20 s")
        await app.run(POLL)
        found = asked(app, WITHOUT_RULES)
        assert (found.fate, found.listed[0].state, found.listed[0].last_error) == (
            AddressFate.SENT,
            "pending",
            "timeout: no answer within 20 s",
        )
    else:
        elsewhere = Source("feed", "피드", "feed", ("https://paper.example/rss",), Interval(300.0), first_run="alert")
        day = format_datetime(app.clock() - timedelta(days=30))
        url = app.press.article(2, "오픈AI 둘.")
        app.press.pages["https://paper.example/rss"] = (
            "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item><title>기사 번호 2 의 충분히 긴 제목입니다</title>"
            f"<link>{url}</link><pubDate>{day}</pubDate></item></channel></rss>"
        )
        await app.put(plan(version="v2", sources=(elsewhere,), rules=(OPENAI, SEOUL)))
        await app.run(Poll("feed"))
        found = asked(app, url)
        assert found.fate == AddressFate.SUPPRESSED
        assert "published long before it was seen (max_age)" in words(found)
        assert "found late: a list of feed showed it 30 d after it was published" in words(found)
