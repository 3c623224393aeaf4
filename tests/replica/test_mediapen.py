"""The MediaPen-like pages hold what is known of the real ones, every trap included."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from statistics import median

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.replica.asking import ask
from tests.replica.mediapen import STALE, body_lines
from tests.replica.newspapers import Drift, Newspapers, Newsroom, Writer, mediapen, mobilepen, seed_piece
from tests.replica.penlists import AFTER_THE_END, COMMENTED_OUT, HEADLINE_WITHOUT_LINK

NOW = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)
LINK = re.compile(r"/news/view/(\d+)")


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    """A newspaper of forty articles with its mobile twin."""
    room = mediapen(Writer(5, rate=0.3).day(40, NOW))
    with Newspapers(room, mobilepen(room)).threaded(120):
        yield room


def anchors(html: str) -> dict[int, list[str]]:
    """Group the texts of anchors by article number, as a reader would."""
    found = defaultdict(list)
    for anchor in LexborHTMLParser(html).css("a[href]"):
        if number := LINK.search(anchor.attributes["href"] or ""):
            found[int(number[1])].append(anchor.text())
    return found


def test_a_list_sets_all_nine_traps(room: Newsroom) -> None:
    html = ask(room.lists[1]).text
    found = anchors(html)
    newest = room.shelf.newest()[:20]
    titles = {piece.number: piece.title for piece in newest}
    entry = {number: max(found[number], key=len) for number in titles}
    assert all("" in found[number] and len(found[number]) >= 3 for number in titles)  # 1: image, title, entry
    assert f'<a href="#">{HEADLINE_WITHOUT_LINK}</a>' in html  # 2
    assert html.count('id="con_t_news"') == 3  # 3
    assert "/news/lists?series_cd=" in html.partition("</html>")[2]  # 4
    assert f"/news/view/{AFTER_THE_END}" in html.partition("</html>")[2]
    assert COMMENTED_OUT not in found  # 5: there, and only in a comment
    assert f"/news/view/{COMMENTED_OUT}" in html
    assert all(text.endswith("...") and len(text) > len(titles[number]) for number, text in entry.items())  # 6
    assert any(text.endswith("  ") for texts in found.values() for text in texts)  # 7
    assert ",  " in html
    assert f'<a href="{room.base}/news/lists?series_cd=20050">' in html  # 8
    old = min(found)
    assert median(found) - old > STALE - 5_000  # 9
    assert set(found) - {old} == set(titles)


def test_the_popup_leads_to_a_real_page_that_names_every_term(room: Newsroom) -> None:
    old = min(room.shelf.pieces)
    assert ask(room.url(old)).status == 200
    assert set(room.shelf.pieces[old].terms) == {"deepseek", "openai", "stargate"}
    assert all(piece.number != old for piece in room.shelf.newest())


def test_lists_can_be_filtered_and_turned(room: Newsroom) -> None:
    it = {number for number in anchors(ask(room.lists[0]).text) if number > min(room.shelf.pieces)}
    assert {room.shelf.pieces[number].section for number in it} == {"40023"}
    second = anchors(ask(room.lists[1] + "&page=2").text)
    assert len(set(second) & {piece.number for piece in room.shelf.newest()[20:40]}) == 20
    assert ask(room.base + "/news/lists?page=x").status == 200


def test_the_home_page_has_an_empty_og_title(room: Newsroom) -> None:
    assert '<meta property="og:title" content="">' in ask(room.base + "/").text


def read_body(html: str, container: str) -> str:
    """Read a body by the published rules (drop figures, scripts, marked lines, the anchor), blanks removed."""
    node = LexborHTMLParser(html).css_first(container)
    assert node is not None
    for drop in node.css("figure, img, script, iframe"):
        drop.decompose()
    for child in node.css("div"):
        if child.text(strip=True).startswith(("▲", "▶")):
            child.decompose()
    for anchor in node.css("a"):
        if "다른기사보기" in anchor.text():
            anchor.decompose()
    return re.sub(r"\s+", "", node.text())


@pytest.mark.parametrize(("layout", "container"), [("", "div#articleBody"), ("v2", "div.article-body")])
def test_a_body_reads_back_whole(room: Newsroom, layout: str, container: str) -> None:
    piece = replace(room.shelf.newest()[3], layout=layout, note="이 기사는 세 차례로 나누어 싣는다")
    html = room.publish(piece) and ask(room.url(piece.number)).text
    assert read_body(html, container) == re.sub(r"\s+", "", "".join(body_lines(piece)))
    assert ("date-repoter" in html, 'id="articleBody"' in html) == (layout == "", layout == "")
    assert f"news_{piece.number}_{piece.unix}_m.jpg" in html
    assert "article:published_time" not in html
    assert "딥시크 앱 내려받기" in html  # the most-read list stands outside and names a term


def test_the_amp_twin_has_the_same_words(room: Newsroom) -> None:
    piece = room.shelf.newest()[4]
    html = ask(f"{room.base}/newsamp/view/{piece.number}").text
    assert html.startswith("<!doctype html><html amp")
    assert read_body(html, "div.article-body") == re.sub(r"\s+", "", "".join(body_lines(piece)))
    assert f'<link rel="canonical" href="{room.url(piece.number)}">' in html


def test_the_seed_article_reads_back_character_by_character(room: Newsroom, seed_text: str) -> None:
    piece = seed_piece(seed_text)
    room.publish(piece, hidden=True)
    html = ask(room.url(piece.number)).text
    given = seed_text.splitlines()[2:]
    kept = "".join(line for line in given if not line.strip().startswith("▲")).replace("▶다른기사보기", "")
    assert read_body(html, "div#articleBody") == re.sub(r"\s+", "", kept)


def test_the_mobile_twin_sells_from_the_same_shelf(room: Newsroom) -> None:
    twin = mobilepen(room, "127.0.1.9")
    with Newspapers(twin).threaded(60):
        html = ask(twin.lists[0]).text
        items = LexborHTMLParser(html).css("ul.main-list > li")
        assert len(items) == 16
        assert sum("ad_text660" in (item.attributes.get("class") or "") for item in items) == 1
        newest = room.shelf.newest()[0]
        assert items[0].text().split() == [*newest.title.split(), *newest.kst[:16].split()]
        page = LexborHTMLParser(ask(twin.url(newest.number)).text)
        author = page.css_first("a.news_author")
        assert author is not None
        assert author.text().endswith(newest.kst[:16])
        assert len(page.css("div.news_contents p")) == len(body_lines(newest))


def test_drift_renames_containers_and_lets_lists_leak() -> None:
    room = mediapen(Writer(5).day(6, NOW), "127.0.1.10")
    with Newspapers(room).threaded(60):
        url = room.url(room.shelf.newest()[0].number)
        etag = ask(url).headers["etag"]
        room.drift = Drift({"date-repoter": "date-reporter", "articleBody": "newsBody"}, related_in_body=True)
        reply = ask(url, if_none_match=etag)
        assert reply.status == 200
        assert 'class="date-reporter"' in reply.text
        assert "딥시크앱내려받기" in read_body(reply.text, "div#newsBody")
        room.drift = Drift(empty_og_title=True)
        assert '<meta property="og:title" content="">' in ask(url).text


def test_furniture_gives_pages_their_real_weight() -> None:
    light, heavy = (
        mediapen(Writer(5).day(20, NOW), "127.0.1.11"),
        mediapen(Writer(5).day(20, NOW), "127.0.1.12", size=45_000),
    )
    with Newspapers(light, heavy).threaded(60):
        number = light.shelf.newest()[0].number
        small, big = ask(light.url(number)), ask(heavy.url(number))
        assert len(small.body) < 10_000
        assert 45_000 < len(big.body) < 60_000
        assert read_body(small.text, "div#articleBody") == read_body(big.text, "div#articleBody")
        zipped = ask(heavy.url(number), accept_encoding="gzip")
        assert int(zipped.headers["content-length"]) < 20_000
