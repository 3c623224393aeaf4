"""A printing press for benchmarks: 300 newspapers on loopback addresses, one process, pages made beforehand.

    python -m tests.bench.press --hosts 300 --articles 8 --max-seconds 300

Every address 127.0.x.y of one port is a newspaper: `/list` shows its articles by their titles, `/news/view/N` is one of them, about
50 KB of HTML (some 10 KB gzipped, as the real thing), robots.txt is a 404. Prints `{"port": ...}` when ready.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import sys

VARIANTS = 40
NOUNS = [
    "시장",
    "기업",
    "정부",
    "투자",
    "연구",
    "개발",
    "서비스",
    "플랫폼",
    "반도체",
    "통신",
    "협력",
    "전략",
    "매출",
    "규제",
    "인공지능",
    "클라우드",
    "모델",
    "데이터",
]
VERBS = ["밝혔다", "전했다", "설명했다", "강조했다", "나섰다", "늘었다", "줄었다", "공개했다", "내다봤다", "분석했다"]
JOSA = ["은", "는", "이", "가", "을", "를", "에서", "으로", "와", "과"]
WATCHED = ("딥시크", "오픈AI", "스타게이트")


def sentence(rng: random.Random) -> str:
    words = [rng.choice(NOUNS) + rng.choice(JOSA) for _ in range(rng.randint(6, 14))]
    return " ".join(words) + f" {rng.choice(VERBS)}."


def article(number: int, rng: random.Random) -> tuple[str, str]:
    """Build one article: its title and its page; every tenth mentions a watched name."""
    paragraphs = [" ".join(sentence(rng) for _ in range(4)) for _ in range(9)]
    title = f"{rng.choice(NOUNS)} {rng.choice(NOUNS)} {number}호 {sentence(rng)[:24]}"
    if number % 10 == 0:
        paragraphs[2] = f"{rng.choice(WATCHED)}는 {paragraphs[2]}"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": "2025-02-05T14:21:33+09:00",
        "author": {"@type": "Person", "name": "홍길동"},
    }
    menu = "".join(
        f'<li class="gnb-{i}"><a href="/section/{i}" class="depth-{i % 4}" data-track="gnb_{i}">{rng.choice(NOUNS)} '
        f"{i}</a></li>"
        for i in range(220)
    )
    related = "".join(
        f'<li class="rank"><a href="/news/view/{9_000_000 + i}"><span class="num">{i}</span><em>{sentence(rng)[:30]}'
        "</em></a></li>"
        for i in range(60)
    )
    script = "<script>window.__layer=" + json.dumps({f"key_{i}": i * 7919 for i in range(500)}) + "</script>"
    body = "".join(f"<div>{text}</div><br><br>" for text in paragraphs)
    return title, (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{title} - 신문</title>'
        f'<meta property="og:title" content="{title}"><script type="application/ld+json">'
        f"{json.dumps(data, ensure_ascii=False)}</script>{script}</head><body><nav><ul>{menu}</ul></nav>"
        f'<div id="wrap"><h1>{title}</h1><div id="articleBody">{body}</div></div>'
        f"<aside><ol>{related}</ol></aside></body></html>"
    )


def response(body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK") -> bytes:
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\nConnection: keep-alive\r\n\r\n"
    )
    return head.encode() + body


class Press:
    """All answers, made before anybody asks."""

    def __init__(self, articles: int, seed: int = 7) -> None:
        rng = random.Random(seed)
        made = [article(i, rng) for i in range(VARIANTS)]
        self.pages = [response(gzip.compress(page.encode(), 6)) for _, page in made]
        links = "".join(
            f'<li><a href="/news/view/{1000 + i}"><img src="/t.png"></a>'
            f'<a href="/news/view/{1000 + i}">{made[(1000 + i) % VARIANTS][0]}</a></li>'
            for i in range(articles)
        )
        text = f'<!doctype html><html lang="ko"><body><ul>{links}</ul></body></html>'
        self.listing = response(gzip.compress(text.encode(), 6))
        self.missing = response(gzip.compress(b"no"), "text/plain", "404 Not Found")
        self.asked = 0

    def answer(self, path: bytes) -> bytes:
        self.asked += 1
        if path.startswith(b"/news/view/"):
            return self.pages[int(path.rsplit(b"/", 1)[1]) % VARIANTS]
        return self.listing if path.startswith(b"/list") else self.missing


class Connection(asyncio.Protocol):
    """HTTP/1.1 keep-alive, GET only: enough for clients that behave."""

    def __init__(self, press: Press, latency: float) -> None:
        self._press = press
        self._later = asyncio.get_running_loop().call_later
        self._latency = latency
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            path = self._buffer.split(b" ", 2)[1]
            self._buffer = self._buffer[end + 4 :]
            self._later(self._latency, self._transport.write, self._press.answer(path))


def addresses(hosts: int) -> list[str]:
    """Return that many loopback addresses, each a host of its own."""
    return [f"127.0.{1 + i // 250}.{1 + i % 250}" for i in range(hosts)]


async def main(arguments: argparse.Namespace) -> None:
    press = Press(arguments.articles)
    loop = asyncio.get_running_loop()
    first, *others = addresses(arguments.hosts)
    server = await loop.create_server(lambda: Connection(press, arguments.latency), first, 0)
    port = server.sockets[0].getsockname()[1]
    await loop.create_server(lambda: Connection(press, arguments.latency), others, port)
    print(json.dumps({"port": port}), flush=True)
    await asyncio.sleep(arguments.max_seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=300)
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--latency", type=float, default=0.1, help="seconds before each answer")
    parser.add_argument("--max-seconds", type=float, default=300.0)
    try:
        asyncio.run(main(parser.parse_args()))
    except KeyboardInterrupt:
        sys.exit(0)
