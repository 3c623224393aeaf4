from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.standfirst import standfirst

LEDE = "정부가 스타게이트 사업에 들어갈 돈을 다시 셈하기로 했다."
LINES = [f"한빛전자가 새 모델을 {day}일 공개했다. 관계자는 성능이 좋아졌다고 말했다." for day in range(5)]
TEXT = "".join(f"<p>{line}</p>" for line in LINES)


def _read(html: str, described: str = "") -> str:
    title = LexborHTMLParser(f"<html><body>{html}</body></html>").css_first("h1")
    return standfirst(title, LINES, described) if title is not None else ""


@pytest.mark.parametrize(
    "html",
    [
        f"<header><h1>새 모델</h1><p>{LEDE}</p></header><div>{TEXT}</div>",
        f"<div><h1>새 모델</h1><h2>{LEDE}</h2></div><div>{TEXT}</div>",
        f'<h1>새 모델</h1><p class="teaser-text">{LEDE}</p><div>{TEXT}</div>',
        f'<h1>새 모델</h1><div class=top><p class="standfirst">{LEDE}</p></div><div class="article-body">{TEXT}</div>',
        f'<h1>새 모델</h1><div><div class="sub-title">{LEDE}</div></div><div>{TEXT}</div>',
        f'<div><h1>새 모델</h1></div><div class="deck"><p>{LEDE}</p></div><p>김하늘 기자</p><div>{TEXT}</div>',
        f"<div><h1>새 모델</h1><div>{LEDE}</div></div><div>{TEXT}</div>",
        f'<h1>새 모델</h1><p class="standfirst">{LEDE.replace("스타게이트", "<strong>스타게이트</strong>")}</p><div>{TEXT}</div>',
        f'<div><h1>새 모델</h1><em class="subtitle">{LEDE}</em></div><div>{TEXT}</div>',
        f'<h1>새 모델</h1><dl><dt>부제</dt><dd class="subhead">{LEDE}</dd></dl><div>{TEXT}</div>',
        f'<h1>새 모델</h1><div><span class="sub-title">{LEDE}</span><span>2026.03.09 14:21</span></div><div>{TEXT}</div>',
        f'<h1>새 모델</h1><ul class="summary"><li>{LEDE}</li></ul><div>{TEXT}</div>',
        f'<h1>새 모델</h1><div><blockquote class="lead">{LEDE}</blockquote></div><div>{TEXT}</div>',
        f'<h1>새 모델</h1><strong class="media_end_summary">{LEDE.replace("사업에 ", "사업에<br>")}</strong><div>{TEXT}</div>',
    ],
)
def test_what_stands_under_the_headline_is_read(html: str) -> None:
    assert _read(html) == LEDE


@pytest.mark.parametrize("described", [LEDE, f"{LEDE} 그리고 더 있다."])
def test_what_the_description_repeats_is_read_whatever_it_is_called(described: str) -> None:
    html = f"<h1>새 모델</h1><section><div class=promo>{LEDE}</div></section><div>{TEXT}</div>"
    assert _read(html, described) == LEDE
    assert _read(html) == ""


@pytest.mark.parametrize(
    "html",
    [
        f"<h1>새 모델</h1><p>2026.03.09 14:21 입력 | 김하늘 기자</p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><p>Nov. 20, 2019 Updated: Nov. 20, 2019 1:35 a.m.</p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><p class=byline>{LEDE}</p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><p><a href=/2>{LEDE}</a></p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><p class=standfirst hidden>{LEDE}</p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><div class=ai-summary><p>{LEDE}</p></div><div>{TEXT}</div>",
        f"<h1>새 모델</h1><p>사진=한빛전자가 내어 준 새 모델의 모습 / 연합뉴스</p><div>{TEXT}</div>",
        f"<h1>새 모델</h1><div>{TEXT}<p class=standfirst>{LEDE}</p></div>",
        f"<p class=standfirst>{LEDE}</p>{TEXT}",
        "",
    ],
)
def test_what_else_stands_there_is_none(html: str) -> None:
    assert _read(html) == ""
