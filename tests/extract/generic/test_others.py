from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.generic_body import generic_body

TITLE = "한빛전자 새 모델 공개"
OWN = "".join(
    f"<p>한빛전자가 새 모델을 {day}일 공개했다. 관계자는 성능이 {day}배 좋아졌다고 말했다.</p>" for day in range(5)
)
OTHER = "".join(
    f"<p>다른 기사가 {n}번 길게 이어진다. 바람은 {n}미터로 불었고 날씨는 맑았다고 한다.</p>" for n in range(15)
)


def _read(html: str, *titles: str) -> str:
    return "\n".join(generic_body(LexborHTMLParser(html), titles).lines)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        (f"<article><h1>{TITLE}</h1>{OWN}</article>", f"<article><h1>날씨 맑음</h1>{OTHER}</article>"),
        (f"<article><h2>{TITLE}</h2>{OWN}</article>", f"<article><h2>날씨 맑음</h2>{OTHER}</article>"),
        (
            f"<article class=a><h1>{TITLE}</h1>{OWN}</article>",
            f"<article class=b><h2>날씨 맑음</h2><div itemprop=articleBody>{OTHER}</div></article>",
        ),
        (f"<div class=news><h1>{TITLE}</h1>{OWN}</div>", f"<div class=news><h1>날씨 맑음</h1>{OTHER}</div>"),
        (f"<section class=n><h2>{TITLE}</h2>{OWN}</section>", f"<section class=n><h2>날씨 맑음</h2>{OTHER}</section>"),
    ],
)
@pytest.mark.parametrize("title", [TITLE, f"{TITLE} - 보기신문"])
@pytest.mark.parametrize("first", [True, False])
def test_the_article_with_the_title_wins(own: str, other: str, title: str, *, first: bool) -> None:
    text = _read(f"<div>{own}{other}</div>" if first else f"<div>{other}{own}</div>", title)
    assert "한빛전자가 새 모델을 4일" in text
    assert "다른 기사" not in text


@pytest.mark.parametrize(
    "html",
    [
        f"<article><h1>날씨 맑음</h1>{OTHER}</article>",
        f"<article><h1>{TITLE}</h1></article><article><h2>날씨 맑음</h2>{OTHER}</article>",
        f"<div><h1>{TITLE}</h1></div><div><h1>날씨 맑음</h1>{OTHER}</div>",
        f"<article><h1>{TITLE}</h1><div class=part><h2>첫째</h2>{OWN}</div><div class=part><h2>날씨</h2>{OTHER}</div></article>",
        f"<article><h1>{TITLE}</h1><div><h2>첫째</h2>{OWN}</div><div><h2>날씨</h2>{OTHER}</div></article>",
    ],
)
def test_where_the_title_has_no_text_of_its_own_the_text_stays(html: str) -> None:
    assert "다른 기사가 14번" in _read(html, TITLE)
