"""What is known of one address, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.model.article import Entry, ListWrite
from monitor.model.delivery import AttemptResult, DeliveryState
from monitor.model.notification import NewSilence, Notification, Suppression
from monitor.model.page import Validators
from monitor.model.plan import Plan, Rule
from monitor.model.story import Signature
from monitor.model.story_records import StoryQuery
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.outbox import Outbox
from monitor.store.write.silence_store import SilenceStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import (
    LEASE,
    LIST,
    NOW,
    UNTOLD,
    Finding,
    Reading,
    article,
    channel,
    hit,
    keep,
    later,
    source,
)

KEY = "https://news.example/1"


@pytest.fixture
async def known(db: Database, article_store: ArticleStore, source_store: SourceStore, outbox: Outbox, url: str) -> str:
    """An address that two sources listed, with a hit that one channel took at the second attempt, and one is silent about."""
    rule = Rule("openai", "OPENAI", "OpenAI", channels=("desk", "phone"))
    plan = Plan("v1", (source(), source("daily", name="Daily")), (rule,), (channel(), channel("phone")))
    await source_store.sync_plan(plan, NOW - timedelta(days=1))
    for source_id, seconds in (("daily", -60.0), ("herald", 0.0)):
        entry = Entry(KEY, KEY, "오픈AI, 서울에 사무소")
        listing = ListWrite(source_id, LIST, (entry,), Validators(), first=False)
        await source_store.commit_list(listing, later(seconds), baseline=source_id == "daily", ignore=False)
    silence = await SilenceStore(db).add(
        NewSilence(created_at=NOW, ends_at=later(3600), author="kim", why="launch", rule_id="openai")
    )
    (pending,) = await source_store.pending_entries("herald", NOW, 9)
    told = (
        Notification("desk", "openai"),
        Notification("phone", "openai", Suppression.SILENCED, silence_id=silence),
    )
    read = replace(article("elsewhere"), key="https://news.example/canonical/1", url=KEY)
    await keep(
        article_store,
        Reading(pending.id, read, Signature(), (Finding(hit(), told),)),
        lambda *_: b"{}",
        NOW,
    )
    for seconds, state, status in ((1.0, DeliveryState.PENDING, 503), (60.0, DeliveryState.DONE, 200)):
        (row_id,) = await outbox.due_deliveries(later(seconds), 9)
        delivery = await outbox.claim_delivery(row_id, "me", later(seconds), LEASE)
        assert delivery
        due = later(30) if state is DeliveryState.PENDING else None
        await outbox.complete_delivery(
            delivery, AttemptResult(state, status, "", 12.0, due_at=due), later(seconds), UNTOLD
        )
    return url


@pytest.mark.parametrize(
    ("keys", "hit_id"), [((KEY,), None), (("https://news.example/canonical/1",), None), ((), 1), ((KEY, "x"), None)]
)
async def test_all_that_is_known_by_any_key_and_by_the_hit(
    known: str, keys: tuple[str, ...], hit_id: int | None
) -> None:
    with SqlReader(known) as reader:
        trail = reader.trail(keys, hit_id, later(90))
    assert trail is not None
    listed = [(one.source, one.state, one.baseline, one.first_seen_at) for one in trail.listed]
    assert listed[-1] == ("herald", "done", False, NOW)
    if KEY in keys:
        assert listed[0] == ("daily", "pending", True, later(-60))
    assert trail.article is not None
    assert trail.article.url == KEY
    assert [(one.rule, one.plan_version, one.mentions[0].surface) for one in trail.hits] == [("openai", "v1", "오픈AI")]
    desk, phone = trail.told
    assert (desk.channel, desk.message.state, desk.message.seq) == ("desk", "done", 1)
    assert [(one.n, one.status, one.at) for one in desk.attempts] == [(1, 503, later(1)), (2, 200, later(60))]
    assert (phone.channel, phone.message.reason, phone.message.silence_author) == ("phone", "silenced", "kim")
    assert (phone.message.silence_why, phone.message.silence_ends_at, phone.attempts) == ("launch", later(3600), ())
    assert trail.place is not None
    assert (trail.place.first, trail.place.act) == (True, 1)


async def test_what_nobody_knows(known: str) -> None:
    with SqlReader(known) as reader:
        assert reader.trail((), 4711, NOW) is None
        nothing = reader.trail(("https://news.example/2", "%", "https://news.example/"), None, NOW)
        assert nothing is not None
        assert (nothing.listed, nothing.article, nothing.told) == ((), None, ())


async def test_plans_of_the_past_are_known_by_version_and_by_moment(known: str, source_store: SourceStore) -> None:
    newer = Plan("v2", (source(),), (Rule("openai", "OPENAI", "오픈AI"),), (channel(),))
    await source_store.sync_plan(newer, later(600))
    with SqlReader(known) as reader:
        named, then = reader.plans_then(["v1", "v9"], later(599))
        assert {version: plan.rules[0].expression for version, plan in named.items()} == {"v1": "OpenAI"}
        assert then.version == "v1"
        assert reader.plans_then([], later(600))[1].version == "v2"
        assert reader.plans_then([], NOW - timedelta(days=2))[1].version == ""


async def test_the_members_of_near_stories_are_found_as_the_writing_half_finds_them(
    url: str, article_store: ArticleStore
) -> None:
    read = article(
        "k1",
        title="배달 요금 공개법, 상임위 통과",
        body="배달 요금 공개법이 3일 국회 상임위원회를 통과했다. 벌금은 매출의 2%까지다.",
    )
    await article_store.commit(
        ArticleWrite(None, read, sign(read, shipped()), (hit(),)), lambda _: (), lambda _: b"{}", NOW
    )
    with SqlReader(url) as reader:
        (member,) = reader.members_near(sign(read, shipped()), later(60), timedelta(days=3))
        assert reader.story(member.story_id, StoryQuery(), NOW) is not None
        assert reader.told_of_story(member.story_id) == {}
        stranger = article("k2", title="프로야구 개막전 매진", body="잠실 구장의 표가 다 팔렸다.")
        assert reader.members_near(sign(stranger, shipped()), later(60), timedelta(days=3)) == []
        assert reader.members_near(sign(read, shipped()), NOW + timedelta(days=9), timedelta(days=3)) == []
