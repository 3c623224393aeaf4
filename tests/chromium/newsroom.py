"""A desk in the middle of a morning: stories told by many outlets, a critical one, a shut channel, an ill source, hostile headlines."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from monitor.cluster.choice import choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.match.excerpt import excerpt
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.hit import Hit
from monitor.model.notification import Notification
from monitor.model.plan import Rule
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import Finding, Reading, keep, render
from tests.journeys.forked import Forked
from tests.journeys.installation import Installation, stop, until
from tests.journeys.test_web import address

OUTLETS: Final = ("너울통신", "새벽강일보", "가람재경", "한여울신문", "펜슬테크", "별뫼IT", "달구름매일", "솔마루방송")
RULES: Final = (
    Rule("crisis", "우리 위기", "해솔소프트 NEAR/10 노출", severity="critical", tags=("us",)),
    Rule("us", "우리 회사", "해솔소프트", tags=("us",)),
    Rule("rival", "경쟁사", "두물클라우드 OR 나래챗", tags=("rival",)),
    Rule("deepseek", "딥시크", "딥시크", tags=("ai",)),
)
NAMES: Final = {rule.id: rule.name for rule in RULES}
HOSTILE: Final = (
    "<script>document.title='bad'</script><img src=x onerror=alert(1)> 딥시크 \u202eevil\u202c 🙂 " + "긴" * 240
)
STORIES: Final = (
    ("해솔소프트 고객 상담 기록 일부 외부 노출… “오늘 중 경위 설명”", 8, 3.0),
    ("두물클라우드, 공공 부문 단가 18% 인하… 업계 “출혈 경쟁 신호”", 4, 2.0),
    ("딥시크 써 본 공공기관 12곳 설문… “내부망 한정” 답이 절반", 6, 5.0),
    ("해솔소프트 김가람 대표 “내년 상반기 온디바이스 비서 공개”", 3, 8.0),
    ("나래챗, 광고 요금제 도입 검토… 월 이용자 420만", 1, 9.0),
    ("[부고] 박두레(해솔소프트 상무)씨 모친상", 1, 20.0),
    ("딥시크 공개 코드, 국내 스타트업 세 곳이 먼저 옮겼다", 2, 26.0),
    (HOSTILE, 1, 1.0),
)
FILLER: Final = "호점 협약"
FILLERS: Final = 30
"""Further stories of one outlet, so that a list has more than a window holds."""


@dataclass
class Desk:
    """A running daemon that serves pages at `url`."""

    installation: Installation
    url: str
    process: Forked

    def tell(self, title: str, outlet: int = 0) -> None:
        """Have one more article stored, a story of its own, as the daemon does when it finds one."""
        moment = datetime.now(UTC)  # noqa: TID251 - real processes, real clock
        elsewhere(_told(f"sqlite:///{self.installation.database}", [(title, outlet, moment)], alone=True))


@contextmanager
def morning(folder: Path, password: str = "") -> Iterator[Desk]:
    """Run a daemon over two days of invented news for the block; with a `password` it asks who is there."""
    made = Installation(folder, webhook="http://127.0.0.1:9/in/verysecret", channels=("desk", "pager"))
    made.settings = {"web": {"listen": "127.0.0.1:0", "password": password}, "max_age": "7d"}
    feeds = [
        {
            "id": f"s{number}",
            "name": name,
            "kind": "feed",
            "url": f"http://127.0.0.1:9/{number}",
            "every": "1h",
            "tier": 1 + number % 3,
        }
        for number, name in enumerate(OUTLETS)
    ]
    rules = [
        {
            "id": one.id,
            "name": one.name,
            "match": one.expression,
            "severity": one.severity,
            "tags": list(one.tags),
            "channels": ["desk"],
        }
        for one in RULES
    ]
    made.write(feeds, rules)
    made.database.parent.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{made.database}"
    upgrade(url)
    elsewhere(_told(url, list(_news(datetime.now(UTC)))))  # noqa: TID251 - real processes, real clock
    process = made.start()
    try:
        elsewhere(until(lambda: address(made) != "", what="a web server"))
        yield Desk(made, address(made), process)
    finally:
        stop(process)


def elsewhere(work: Coroutine[Any, Any, None]) -> None:
    """Run something in a thread of its own: the browser's own loop runs in this one."""
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, work).result()


def _news(now: datetime) -> Iterator[tuple[str, int, datetime]]:
    """Yield headlines with their outlets and moments, oldest first."""
    told = [
        (title, place, now - timedelta(hours=age) + timedelta(minutes=9 * place))
        for title, outlets, age in STORIES
        for place in range(outlets)
    ]
    dice = random.Random(5)
    places = ("서울", "부산", "대전", "광주", "세종", "제주")
    things = ("사옥", "물류", "급식", "도서관", "배움터", "정류장", "공방", "시장")
    for number in range(FILLERS):
        title = f"해솔소프트 {dice.choice(places)} {dice.choice(things)} {number}{FILLER}, 주민 {number * 7 + 3}명 참여"
        told.append((title, number % len(OUTLETS), now - timedelta(hours=10 + number)))
    return iter(sorted(told, key=lambda one: one[2]))


async def _told(url: str, news: list[tuple[str, int, datetime]], *, alone: bool = False) -> None:
    database = Database(url)
    store = ArticleStore(database, choose, timedelta(days=3))
    rules = compile_rules(RULES, {})
    try:
        for title, outlet, moment in news:
            body = f"{title}. {OUTLETS[outlet]}의 기자가 전한 소식이다. 담당자는 {title[:20]}에 대해 자료를 확인하는 대로 알리겠다고 말했다.\n둘째 문단이다."
            key = f"{outlet}-{moment.timestamp():.0f}-{abs(hash(title)) % 10_000}"
            article = Article(
                key=key, url=f"https://news.example/{key}", source_id=f"s{outlet}", title=title, first_seen_at=moment,
                body=body, authors=("김솔빛",), published_at=moment - timedelta(minutes=4), lang="ko",
            )  # fmt: skip
            findings = tuple(
                Finding(Hit(rule, NAMES[rule], "v1", matches, excerpt(article, matches)), (Notification("desk", rule),))
                for rule, matches in rules.match(article)
            )
            signature = Signature() if FILLER in title or alone else sign(article, shipped())
            await keep(store, Reading(None, article, signature, findings), render, moment)
    finally:
        await database.aclose()
