"""What stands around an article on a real page: menus, most-read lists, scripts, banners. It must not leak."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from functools import cache

# Headlines of the most-read list name watched terms on purpose: a reader that takes them for the body finds false hits.
MOST_READ = (
    "딥시크 앱 내려받기 다시 1위",
    "오픈AI 새 요금제 살펴보니",
    "스타게이트 투자 계획 어디까지 왔나",
    "겨울 전력 수요 역대 최고",
    "설 연휴 열차표 예매 시작",
    "수도권 아파트 거래 석 달째 감소",
)
SECTIONS = [
    "정치",
    "경제",
    "사회",
    "국제",
    "미디어",
    "산업",
    "금융",
    "부동산",
    "유통",
    "IT",
    "게임",
    "바이오",
    "문화",
    "스포츠",
    "연예",
    "사설",
]


@dataclass(frozen=True, slots=True)
class Furniture:
    """HTML for three places of a page: in the head, before the content, after it."""

    head: str
    before: str
    after: str


@cache
def furniture(outlet: str, size: int) -> Furniture:
    """Build the surroundings of every page of an outlet, about `size` bytes of UTF-8 together; 0 gives the least."""
    rng = random.Random(f"{outlet}:{size}")
    menu = "".join(f'<li><a href="/section/{i}">{name}</a></li>' for i, name in enumerate(SECTIONS))
    return Furniture(
        _script(rng, size * 4 // 10),
        f'<nav id="gnb"><ul class="gnb_list">{menu}{_menu(rng, size * 3 // 10)}</ul></nav>',
        f'<footer><p class="copy">{outlet} 등록번호 서울아00000 발행인 온누리</p>{_footer(rng, size * 3 // 10)}</footer>',
    )


def most_read(href: str) -> str:
    """Return the most-read list; `href` is a template with `{number}`, far above every number in use."""
    items = "".join(
        f'<li><em>{rank + 1}</em> <a href="{href.format(number=9_000_001 + rank)}">{headline}</a></li>'
        for rank, headline in enumerate(MOST_READ)
    )
    return f'<div class="aside_rank"><h3>많이 본 기사</h3><ol>{items}</ol></div>'


def _menu(rng: random.Random, size: int) -> str:
    parts, length = [], 0
    while length < size:
        number = rng.randint(100, 999)
        part = f'<li class="depth{number % 4}"><a href="/section/{number}" data-track="gnb_{number}">{rng.choice(SECTIONS)} {number}</a></li>'
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def _script(rng: random.Random, size: int) -> str:
    if size <= 0:
        return ""
    settings = {f"slot_{i}": rng.getrandbits(40) for i in range(size // 25)}
    return f"<script>window.__ads={json.dumps(settings)};</script>"


def _footer(rng: random.Random, size: int) -> str:
    parts, length = [], 0
    while length < size:
        tail = f"{rng.getrandbits(24):06x}"
        part = f'<div class="banner_{tail}"><img src="/img/{tail}.png" alt="" width="300" height="250"></div>'
        parts.append(part)
        length += len(part)
    return "".join(parts)
