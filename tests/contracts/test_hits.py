"""Questions about hits: what a brute-force reading of the written rules finds is what both databases find, in one order."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from monitor.model.hit import Hit, Match
from monitor.model.notification import Notification, Suppression
from monitor.model.paging import Cursor
from monitor.model.records import HitQuery, HitRecord
from monitor.model.story import Signature
from monitor.store.read import hits
from monitor.store.read.queries import SqlReader
from monitor.store.read.timeline import HOUR, QUARTER
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import NOW, Finding, Reading, article, keep, later, render

WORDS = (
    *(
        "카카오",
        "카카",
        "오픈AI",
        "오픈",
        "AI",
        "OpenAI",
        "스타게이트",
        "스타",
        "게이트",
        "딥시크가",
        "메타",
        "메타버스",
        "2018년",
        "18",
    ),
    *("3.5%", "가", "中國", "半導體를", "ＡＩ", "GPT-4", "a", "Straße", "é"),
)
RULES, SOURCES, LANGS = ("us", "rivals", "ai", "boss"), ("herald", "daily"), ("ko", "en", "")
TERMS = ("오픈AI", "DeepSeek", "딥시크", "스타 게이트")
FATES: tuple[tuple[Suppression | None, str], ...] = (
    (None, "pending"),
    (Suppression.BASELINE, "baseline"),
    (Suppression.SILENCED, "suppressed:silenced"),
    (Suppression.SAME_STORY, "suppressed:same_story"),
)


@dataclass(frozen=True)
class Told:
    """A hit as it was stored, by the test's own account."""

    number: int
    place: int
    rule: str
    source: str
    lang: str
    terms: frozenset[str]
    alerted: str
    seconds: int
    texts: tuple[str, ...]


def runs(text: str) -> list[str]:
    """Return the runs of a text: letters of Korean, Chinese and Japanese stand by themselves, blanks and signs part."""
    plain = text
    for _ in range(2):
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", plain).casefold())
    return re.findall(r"[가-힣ㄱ-ㆎぁ-ゖァ-ヺ㐀-䶿一-鿿]+|[^\W_가-힣ㄱ-ㆎぁ-ゖァ-ヺ㐀-䶿一-鿿]+", plain)


def dense(run: str) -> bool:
    """Return whether a run is of letters in which words are found anywhere."""
    return bool(re.match(r"[가-힣ㄱ-ㆎぁ-ゖァ-ヺ㐀-䶿一-鿿]", run))


def holds(text: str, wanted: str) -> bool:
    """Return whether a text holds what is wanted: one run anywhere in a dense run, or at the beginning of another; several
    in their order, the first to its end, the last from its beginning, those between whole."""
    there, asked = runs(text), runs(wanted)
    if not asked:
        return False
    if len(asked) == 1:
        return any(asked[0] in run if dense(asked[0]) and dense(run) else run.startswith(asked[0]) for run in there)
    for start in range(len(there) - len(asked) + 1):
        here = there[start : start + len(asked)]
        first = here[0].endswith(asked[0]) if dense(asked[0]) and dense(here[0]) else here[0] == asked[0]
        if first and here[1:-1] == asked[1:-1] and here[-1].startswith(asked[-1]):
            return True
    return False


def text_of(draw: random.Random) -> str:
    """Return a text of a few words, some run together, some decomposed as macOS writes them."""
    words = draw.choices(WORDS, k=draw.randint(1, 6))
    text = "".join(word + draw.choice((" ", " ", "", ", ", "·", "\n")) for word in words)
    return unicodedata.normalize("NFD", text) if draw.random() < 0.3 else text


async def stored(article_store: ArticleStore, draw: random.Random, articles: int) -> list[Told]:
    """Store articles with hits; return the account of them, in the order of storing."""
    told: list[Told] = []
    for place in range(articles):
        lang, source = draw.choice(LANGS), draw.choice(SOURCES)
        title, body = text_of(draw), text_of(draw)
        read = article(f"k{place}", title=title, body=body, lang=lang, source_id=source)
        seconds = place * 10
        for rule in draw.sample(RULES, draw.randint(1, 3)):
            terms = draw.sample(TERMS, draw.randint(1, 2))
            reason, alerted = draw.choice(FATES)
            matches = tuple(Match(term, "", "body", 0, 1, term.lower(), "bare") for term in terms)
            found = Finding(Hit(rule, rule.upper(), "v1", matches, "…"), (Notification("desk", rule, reason),))
            # Each rule comes by itself, as one that was added later does: the index has to learn of it.
            await keep(article_store, Reading(None, read, Signature(), (found,)), render, later(seconds))
            told.append(
                Told(len(told) + 1, place, rule, source, lang, frozenset(terms), alerted, seconds, (title, body))
            )
            seconds += 1
    return told


def fits(hit: Told, query: HitQuery) -> bool:
    """Return whether a hit is what a query asks for, by the words of HitQuery."""
    fate = hit.alerted.split(":")[0] if query.alerted == "suppressed" else hit.alerted
    return (
        query.rule in {"", hit.rule}
        and (query.rules is None or hit.rule in query.rules)
        and query.source in {"", hit.source}
        and query.lang in {"", hit.lang}
        and query.alerted in {"", fate}
        and (not query.term or query.term.casefold() in {term.casefold() for term in hit.terms})
        and (query.since is None or later(hit.seconds) >= query.since)
        and (query.until is None or later(hit.seconds) < query.until)
        and (not query.text or any(holds(text, query.text) for text in hit.texts))
    )


def asked(draw: random.Random, most: int) -> HitQuery:
    """Return a query of some filters."""

    def maybe(chance: float, *values: str) -> str:
        return draw.choice(values) if draw.random() < chance else ""

    moments = sorted(NOW + timedelta(seconds=draw.randrange(-50, 10 * most + 50)) for _ in range(2))
    return HitQuery(
        rule=maybe(0.3, *RULES),
        source=maybe(0.3, *SOURCES),
        since=moments[0] if draw.random() < 0.3 else None,
        until=moments[1] if draw.random() < 0.3 else None,
        text=text_of(draw)[: draw.randint(1, 8)].strip() if draw.random() < 0.4 else "",
        limit=draw.choice((3, 20, 1000)),
        term=maybe(0.2, *TERMS, "deepseek", "ＤＥＥＰＳＥＥＫ", "없음"),
        lang=maybe(0.2, "ko", "en"),
        alerted=maybe(0.2, "pending", "baseline", "suppressed", "suppressed:silenced", "sent"),
        rules=tuple(draw.sample(RULES, draw.randint(0, 3))) if draw.random() < 0.2 else None,
    )


def counted(hits: list[Told], minutes: int) -> Counter[tuple[datetime, str]]:
    """Return how many of the hits were stored in each piece of so many minutes, by rule."""
    moments = ((later(hit.seconds), hit.rule) for hit in hits)
    return Counter(
        (at.replace(minute=at.minute - at.minute % minutes, second=0, microsecond=0), rule) for at, rule in moments
    )


def paged(reader: SqlReader, query: HitQuery) -> list[HitRecord]:
    """Return all pages of a list."""
    found: list[HitRecord] = []
    while True:
        page = reader.hit_page(query)
        assert len(page.hits) <= query.limit
        found += page.hits
        if page.next is None:
            return found
        assert len(page.hits) == query.limit
        query = replace(query, after=page.next)


async def test_every_filter_finds_what_the_words_say(article_store: ArticleStore, url: str) -> None:
    draw = random.Random(7)
    told = await stored(article_store, draw, 150)
    newest = sorted(told, key=lambda hit: (hit.place, hit.rule), reverse=True)
    with SqlReader(url) as reader:
        for _ in range(200):
            query = asked(draw, 150)
            if query.term == "ＤＥＥＰＳＥＥＫ":
                meant = [hit for hit in newest if fits(hit, replace(query, term="deepseek"))]
            else:
                meant = [hit for hit in newest if fits(hit, query)]
            assert [one.id for one in paged(reader, query)] == [hit.number for hit in meant], query
            assert reader.count_hits(query, 40) == min(len(meant), 40), query
            for minutes in (HOUR, QUARTER):
                assert reader.hit_counts(query, minutes) == counted(meant, minutes), query
            last = draw.randrange(len(told))
            later_ones = sorted(hit.number for hit in meant if hit.number > last)
            since = reader.hits_since(query, last)
            assert [one.id for one in since.hits] == later_ones[: query.limit], query
            assert (since.through is None) == (len(later_ones) <= query.limit)


async def test_what_came_is_looked_through_in_steps_that_lead_on(
    article_store: ArticleStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who comes back after a million hits with a filter that few of them fit is not held up at one place for ever."""
    monkeypatch.setattr(hits, "_MOST", 5)
    monkeypatch.setattr(hits, "_PIECES_WALKED", 2)
    told = await stored(article_store, random.Random(7), 40)
    with SqlReader(url) as reader:
        for query in (HitQuery(alerted="suppressed:none"), HitQuery(limit=3), HitQuery(limit=10), HitQuery(limit=100)):
            seen: list[int] = []
            last, steps = 0, 0
            while True:
                page = reader.hits_since(query, last)
                seen += [one.id for one in page.hits]
                if page.through is None:
                    break
                assert last < page.through <= last + 10
                last, steps = page.through, steps + 1
            assert seen == ([] if query.alerted else sorted(one.number for one in told)), query
            assert steps >= len(told) // 10, query


async def test_ten_thousand_terms_find_what_stands_there(
    article_store: ArticleStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 200 articles is asked for 60 texts: pieces of texts, words in other spellings and spacings."""
    monkeypatch.setattr(hits, "_READ", 7)  # of a single letter the newest are read, the index has the rest
    draw = random.Random(11)
    told = await stored(article_store, draw, 200)
    texts = {hit.place: hit.texts for hit in told}
    with SqlReader(url) as reader:
        for _ in range(60):
            source = draw.choice(draw.choice(list(texts.values())))
            start = draw.randrange(len(source))
            wanted = draw.choice(
                (
                    source[start],
                    source[start : start + draw.randint(1, 12)],
                    " ".join(draw.choices(WORDS, k=draw.randint(1, 2))),
                )
            )
            if draw.random() < 0.2:
                wanted = unicodedata.normalize("NFD", wanted).upper()
            meant = {place for place, fields in texts.items() if any(holds(text, wanted) for text in fields)}
            found = {one.article.url for one in paged(reader, HitQuery(text=wanted or "?", limit=100))}
            assert found == {f"https://news.example/k{place}" for place in meant}, wanted


async def test_pages_give_each_hit_once_while_others_come(article_store: ArticleStore, url: str) -> None:
    draw = random.Random(3)
    told = await stored(article_store, draw, 40)
    seen: list[int] = []
    after: Cursor | None = None
    with SqlReader(url) as reader:
        for number in range(100):
            page = reader.hit_page(HitQuery(limit=3, after=after))
            seen += [one.id for one in page.hits]
            after = page.next
            if after is None:
                break
            late = article(f"late{number}", title="늦은 기사")
            found = (Finding(Hit("us", "US", "v1", (), "…"), ()),)
            await keep(article_store, Reading(None, late, Signature(), found), render, later(10_000 + number))
    assert sorted(seen) == [hit.number for hit in told]
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("text", ["…", "  ", "%", "'"])
async def test_a_text_without_a_letter_finds_nothing(article_store: ArticleStore, url: str, text: str) -> None:
    await stored(article_store, random.Random(1), 3)
    with SqlReader(url) as reader:
        assert reader.hit_page(HitQuery(text=text, rule="us")).hits == ()
        assert reader.count_hits(HitQuery(text=text), 10) == 0


async def test_an_empty_database_has_no_hits(article_store: ArticleStore, url: str) -> None:
    del article_store
    with SqlReader(url) as reader:
        assert reader.hit_page(HitQuery(until=NOW)).hits == ()
        assert (reader.last_hit(), reader.count_hits(HitQuery(rule="us"), 5)) == (0, 0)
