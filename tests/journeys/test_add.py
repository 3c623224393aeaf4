"""monitor add and monitor doctor SOURCE: real processes against sites on loopback."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from tests.journeys.installation import Installation
from tests.net.raw_server import Caller, RawServer, http, serving
from tests.replica.newspapers import Newspapers, Newsroom, rss_paper
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

HTML = "Content-Type: text/html; charset=euc-kr"
XML = "Content-Type: application/xml"
FRESH = (datetime.now(UTC) - timedelta(hours=1)).isoformat()  # noqa: TID251 - real processes, real clock


@asynccontextmanager
async def site(pages: Mapping[str, bytes]) -> AsyncIterator[RawServer]:
    async def talk(caller: Caller) -> None:
        await caller.say(pages.get(caller.path, http(b"", "404 Not Found")))

    async with serving(talk) as server:
        yield server


def page(title: str, body: str, head: str = "") -> bytes:
    text = f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"
    return http(text.encode("cp949"), "200 OK", HTML)


def links(*numbers: int) -> str:
    return "".join(f'<a href="/news/{n}">{n} 번째 똠방각하 기사의 넉넉한 제목</a>' for n in numbers)


def feed(*numbers: int) -> str:
    items = "".join(
        f"<item><title>{n} 번째 기사</title><link>/news/{n}</link><pubDate>{FRESH}</pubDate></item>" for n in numbers
    )
    return f"<rss version='2.0'><channel>{items}</channel></rss>"


async def test_an_advertised_feed_is_proposed_and_written_once(installation: Installation) -> None:
    alternate = '<link rel="alternate" type="application/rss+xml" href="/sub/all.xml">'
    pages = {
        "/": page("한빛일보 - 바른 뉴스", links(*range(10001, 10008)), alternate),
        "/sub/all.xml": http(feed(*range(20001, 20013)).encode(), "200 OK", XML),
    }
    async with site(pages) as server:
        done = await installation.command("add", server.url(), "--yes")
        assert done.returncode == 0, done.stderr
        again = await installation.command("add", server.url(), "--yes")
    assert "* 1  feed    " in done.stdout
    assert "list" in done.stdout
    assert done.stdout.count(" 번째 기사  http") == 10
    files = sorted((installation.config / "sources.d").iterdir())
    assert [file.name for file in files] == ["127-0-0-1-2.yaml", "127-0-0-1.yaml"]
    assert again.returncode == 0
    assert "/sub/all.xml" in again.stdout
    assert ", watched already by 127-0-0-1 (한빛일보)" in again.stdout
    assert "watched already" not in done.stdout
    (entry,) = yaml.safe_load(files[1].read_text("utf-8"))["sources"]
    assert entry == {
        "id": "127-0-0-1",
        "name": "한빛일보",
        "kind": "feed",
        "url": server.url("/sub/all.xml"),
        "every": "5m",
    }
    assert (await installation.command("check")).returncode == 0


async def test_a_packed_sitemap_that_robots_names_and_a_cp949_list_are_found(installation: Installation) -> None:
    urls = "".join(
        f"<url><loc>@HOME/news/{n}</loc><news:news><news:title>지도 {n}</news:title>"
        f"<news:publication_date>{FRESH}</news:publication_date></news:news></url>"
        for n in range(30001, 30004)
    )
    pages = {
        "/": page("문", '<a href="/list">전체기사</a>'),
        "/list": page("목록", links(*range(10001, 10008))),
        "/robots.txt": http(
            b"User-agent: *\nDisallow: /feed\nSitemap: /map.xml.gz\n", "200 OK", "Content-Type: text/plain"
        ),
    }
    async with site(pages) as server:
        body = f"<urlset>{urls}</urlset>".replace("@HOME", server.url().rstrip("/"))
        pages["/map.xml.gz"] = http(gzip.compress(body.encode()), "200 OK", "Content-Type: application/gzip")
        done = await installation.command("add", server.url(), "--pick", "2", "--id", "paper", "--yes")
        paths = [head.split(" ")[1] for head in server.heads]
    assert done.returncode == 0, done.stderr
    assert f"  1  sitemap {server.url('/map.xml.gz')}  3 articles" in done.stdout
    assert f"* 2  list    {server.url('/list')}  7 articles" in done.stdout
    assert "똠방각하" in done.stdout
    assert "/feed" not in paths  # robots.txt forbids it
    assert len(paths) <= 30
    (entry,) = yaml.safe_load((installation.config / "sources.d/paper.yaml").read_text("utf-8"))["sources"]
    assert (entry["kind"], entry["name"]) == ("list", "문")


async def test_nothing_is_written_without_a_yes_or_over_anything(installation: Installation) -> None:
    async with site({"/": http(feed(1, 2, 3).encode(), "200 OK", XML)}) as server:
        asked = await installation.command("add", server.url())
        assert asked.returncode == 1
        assert not (installation.config / "sources.d").exists()
        taken = installation.config / "sources.d" / "mine.yaml"
        taken.parent.mkdir()
        taken.write_text("sources: []\n", "utf-8")
        over = await installation.command("add", server.url(), "--id", "mine", "--yes")
        wrong = await installation.command("add", server.url(), "--id", "Not An Id", "--yes")
        double = await installation.command("add", server.url(), "--id", "mediapen", "--yes")
    assert over.returncode == 1
    assert taken.read_text("utf-8") == "sources: []\n"
    assert wrong.returncode == 2
    assert double.returncode == 2  # the plan has that id
    assert [file.name for file in taken.parent.iterdir()] == ["mine.yaml"]


async def test_private_addresses_are_refused_unless_allowed_and_an_empty_site_offers_nothing(
    installation: Installation,
) -> None:
    async with site({"/": page("빈", "<p>없음</p>")}) as server:
        none = await installation.command("add", server.url(), "--yes")
        assert none.returncode == 1
        assert "no feed, no sitemap and no list" in none.stderr
        (installation.config / "monitor.yaml").write_text("fetch: {timeout: 5s}\n", "utf-8")
        before = len(server.heads)
        refused = await installation.command("add", server.url(), "--yes")
        assert len(server.heads) == before
    assert refused.returncode == 1
    assert "blocked_address" in refused.stderr


async def test_a_source_is_tried_without_a_trace_and_confirmed(
    installation: Installation, paper: Newsroom, writer: Writer, now: datetime
) -> None:
    paper.publish(writer.piece(now + timedelta(minutes=1), terms=("openai",)))
    file = installation.config / "sources.yaml"
    entry = yaml.safe_load(file.read_text("utf-8"))["sources"][0]
    lines = [f"  {'-' if not n else ' '} {key}: {value}" for n, (key, value) in enumerate(entry.items())]
    file.write_text("# 머리말\nsources:\n" + "\n".join(lines) + "\n    unverified_live: true  # 아직\n# 끝\n", "utf-8")
    done = await installation.command("doctor", "mediapen", "--articles", "20")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "page definition mediapen" in done.stdout
    assert "body [site]" in done.stdout
    assert "rules that hit: openai" in done.stdout
    assert "monitor doctor mediapen --confirm" in done.stdout
    assert not installation.database.exists()
    sure = await installation.command("doctor", "mediapen", "--confirm")
    assert sure.returncode == 0, sure.stdout + sure.stderr
    assert file.read_text("utf-8") == "# 머리말\nsources:\n" + "\n".join(lines) + "\n# 끝\n"


async def test_what_is_half_well_is_told_apart_from_what_is_not_well_at_all(
    installation: Installation, writer: Writer, now: datetime
) -> None:
    room = rss_paper(writer.day(5, now))
    with Newspapers(room).threaded():
        installation.watch(room)
        good = await installation.command("doctor", "rsspaper")
        assert good.returncode == 0, good.stdout
        file = installation.config / "sources.yaml"
        data = yaml.safe_load(file.read_text("utf-8"))
        data["sources"][0]["url"] = [*room.feeds, f"{room.url(1)}/nothing"]
        file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        half = await installation.command("doctor", "rsspaper")
        assert half.returncode == 3, half.stdout
    dead = await installation.command("doctor", "rsspaper")
    assert dead.returncode == 1
    assert "FAIL" in dead.stdout
    assert (await installation.command("doctor", "nobody")).returncode == 2
