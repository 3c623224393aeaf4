"""Rules that come, change and return, through the real daemon: nothing is lost in a gap, nothing is told twice."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.plan import Rule
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.journeys.installation import Installation, source_of, stop, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

NAMES = ("deepseek", "openai", "stargate")
ARTICLES, RULES = 1_100, 2_000
SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허"
COMMON = ("공개", "판교", "클라우드", "반도체", "로봇", "대표", "올해", "서비스")


def rule(name: str) -> dict[str, Any]:
    return {"id": name, "name": name, "match": f"@{name}", "channels": ["desk"]}


def logged(installation: Installation, event: str) -> list[dict[str, Any]]:
    return [line for line in installation.log() if line["event"] == event]


async def reload(installation: Installation, pid: int, paper: Newsroom, *names: str) -> None:
    """Put these rules in force, as an operator would."""
    before = len(logged(installation, "reloaded"))
    installation.write([source_of(paper)], [rule(name) for name in names])
    os.kill(pid, signal.SIGHUP)
    await until(lambda: len(logged(installation, "reloaded")) > before, what="the reload")


async def test_a_rule_that_was_lost_from_the_file_for_a_while_tells_what_it_missed_once(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    assert (await installation.command("run", "--once")).returncode == 0
    missed = replace(
        writer.piece(now + timedelta(minutes=1)),
        paragraphs=("오픈AI가 서울에 사무소를 연다.",),
        title="서울에 여는 사무소",
    )
    async with installation.running() as process:
        await until(lambda: bool(logged(installation, "started")), what="the daemon's start")
        await reload(installation, process.pid, paper, "deepseek")
        paper.publish(missed)
        stored = "SELECT 1 FROM article WHERE title = ?"
        await until(lambda: bool(installation.rows(stored, missed.title)), what="the article of the gap")
        assert receiver.posts == []
        await reload(installation, process.pid, paper, *NAMES)
        (post,) = await receiver.received(1)
        data = json.loads(post.body)["data"]
        assert (data["rule"]["id"], data["article"]["title"]) == ("openai", missed.title)
        await until(lambda: bool(logged(installation, "rule.rematched")), what="the end of the walk")
        await reload(installation, process.pid, paper, "deepseek", "openai")
        await reload(installation, process.pid, paper, *NAMES)
    assert (await installation.command("run", "--once")).returncode == 0
    of_it = "SELECT alerted FROM v_hits WHERE rule_id = 'openai' AND title = ?"
    assert installation.rows(of_it, missed.title) == [("sent",)]
    assert len(receiver.posts) == 1


def archive(count: int, now: datetime) -> list[Article]:
    """Return invented news that was read before."""
    pieces = Writer(seed=3, rate=0.0).day(count, now)
    return [
        Article(f"k{n}", f"https://paper.example/{n}", "paper", piece.title, now, body="\n".join(piece.paragraphs))
        for n, piece in enumerate(pieces)
    ]


def many_rules(count: int) -> dict[str, str]:
    """Return expressions by id: every fiftieth is a word of that news, the others nobody writes."""
    chance = random.Random(1)

    def word() -> str:
        return "".join(chance.choice(SYLLABLES) for _ in range(3))

    return {
        f"r{number}": COMMON[number // 50 % len(COMMON)] if number % 50 == 0 else f'"{word()} {word()}"'
        for number in range(count)
    }


async def fill(installation: Installation, articles: list[Article]) -> None:
    """Store articles that no rule has met."""
    installation.database.parent.mkdir(exist_ok=True)
    url = f"sqlite:///{installation.database}"
    upgrade(url)
    database = Database(url)
    store = ArticleStore(database, choose, WINDOW)
    writes = (ArticleWrite(None, article, Signature(), ()) for article in articles)
    await asyncio.gather(*(store.commit(one, lambda _: (), compose, one.article.first_seen_at) for one in writes))
    await database.aclose()


@pytest.mark.long
async def test_two_thousand_new_rules_are_walked_once_and_a_stop_in_the_middle_costs_a_page(
    installation: Installation, receiver: Receiver, now: datetime
) -> None:
    articles, rules = archive(ARTICLES, now), many_rules(RULES)
    await fill(installation, articles)
    nowhere = {"id": "quiet", "name": "조용", "kind": "feed", "url": ["http://127.0.0.1:9/feed"]}
    listed = [{"id": key, "match": match, "channels": ["desk"]} for key, match in rules.items()]
    installation.write([nowhere], listed)
    position = "SELECT min(matched_to), count(matched_at) FROM rule_state"
    process = installation.start()
    await until(lambda: bool(installation.rows(position)[0][0]), what="the first pages")
    assert await asyncio.to_thread(stop, process) == 0
    ((reached, done),) = installation.rows(position)
    assert 0 < reached < ARTICLES
    assert done == 0
    assert logged(installation, "rule.rematched") == []
    async with installation.running():
        await until(lambda: bool(logged(installation, "rule.rematched")), what="the end of the walk")
    (line,) = logged(installation, "rule.rematched")
    assert line["articles"] == ARTICLES - reached, "it went on from its last page"
    assert len(line["rules"]) + line["more"] == RULES
    matcher = compile_rules([Rule(key, key, match) for key, match in rules.items()], {})
    expected = {(article.title, met) for article in articles for met, _ in matcher.match(article)}
    found = installation.rows("SELECT title, rule_id, alerted FROM v_hits")
    assert {(title, rule_id) for title, rule_id, _ in found} == expected
    assert {alerted for _, _, alerted in found} == {"suppressed:rematch"}
    assert receiver.posts == []
