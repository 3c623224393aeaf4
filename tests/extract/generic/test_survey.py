from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.naming import CAPTION, FURNITURE
from monitor.extract.generic.outline import _walk
from monitor.extract.generic.survey import Survey, survey

LONG = "The company said on Tuesday that it would open a new laboratory by the sea next spring."


def _survey(html: str) -> Survey:
    return survey(_walk(LexborHTMLParser(html), strict=False).finish())


def _number(page: Survey, tag: str) -> int:
    return next(number for number, box in enumerate(page.outline.boxes) if box.tag == tag)


def test_furniture_does_not_count() -> None:
    page = _survey(f"<main><p>{LONG}</p><p>{LONG}</p></main><aside><p>{LONG}</p></aside>")
    assert page.noise == [0, 0, FURNITURE]
    assert page.text_in(_number(page, "main")) == page.text_in(0) == page.weights[0] * 2
    assert page.text_in(_number(page, "aside")) == 0


def test_marks_are_handed_down() -> None:
    page = _survey(f"<p>{LONG}</p><p>{LONG}</p><div class=related><div class=x><p>{LONG}</p></div></div>")
    assert page.noise == [0, 0, FURNITURE]


def test_what_holds_most_of_the_page_is_no_furniture() -> None:
    page = _survey(f"<form><p>{LONG}</p><p>{LONG}</p><p>{LONG}</p></form><p>{LONG}</p>")
    assert page.noise == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "card",
    [
        "<section class=box><h3><a href=/1>{0}</a></h3><p>{1}</p></section>",
        "<li><h4><a href=/1>{0}</a></h4><div>{1}</div></li>",
    ],
)
def test_small_boxes_under_linked_headings_are_teasers(card: str) -> None:
    rest = f"<p>{LONG}</p>" * 9

    def noise(count: int, texts: int = 9) -> list[int]:
        cards = "".join(card.format(f"Weather {number}", LONG) for number in range(count))
        return _survey(f"<main>{rest[: texts * len(rest) // 9]}</main><div>{cards}</div>").noise

    assert noise(5) == [0] * 9 + [FURNITURE] * 10
    assert noise(2) == [0] * 9 + [0] * 4
    assert not any(noise(9, texts=1))  # a front page, or a list of ten things


def test_boxes_under_headings_of_their_own_are_text() -> None:
    parts = "".join(f"<section><h3>Part {number}</h3><p>{LONG}</p></section>" for number in range(5))
    assert not any(_survey(f"<main><p>{LONG}</p>{parts}</main>").noise)


def test_a_body_lifts_no_mark_above_it_but_a_declared_one_does() -> None:
    rest = f"<p>{LONG}</p>" * 3
    named = _survey(f"{rest}<aside><div class=articleBody><p>{LONG}</p></div></aside>")
    declared = _survey(f"{rest}<aside><div itemprop=articleBody><p>{LONG}</p></div></aside>")
    assert named.noise[-1] == FURNITURE
    assert declared.noise[-1] == 0


def test_captions_keep_their_mark() -> None:
    page = _survey(f"<p>{LONG}</p><p>{LONG}</p><figure><figcaption>{LONG}</figcaption></figure>")
    assert page.noise[-1] == CAPTION


@pytest.mark.parametrize(
    ("line", "clutter"),
    [("Menu", 4), ("x" * 500, 120), (LONG, 0), (f"<a href='/'>{LONG[:20]}</a>{LONG[20:]}", 20)],
)
def test_what_lines_cost(line: str, clutter: int) -> None:
    page = _survey(f"<p>{line}</p>")
    if len(line) < 500:
        assert page.clutter_in(0) == clutter
    else:
        assert page.clutter_in(0) <= clutter


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<div>", "</div>", LONG, "Menu", "<aside>", "</aside>", "<br>"]), max_size=40
    )
)
def test_sums_never_fall(parts: list[str]) -> None:
    page = _survey("".join(parts))
    assert page.prose == sorted(page.prose)
    assert page.clutter == sorted(page.clutter)
    assert len(page.prose) == len(page.outline.blocks) + 1


def test_small_articles_beside_the_text_are_cards() -> None:
    cards = f"<article><h2><a href='/'>A headline</a></h2><p>{LONG}</p></article>" * 3
    page = _survey(f"<div>{f'<p>{LONG}</p>' * 20}</div><div>{cards}</div>")
    assert {page.noise[at] for at in range(20)} == {0}
    assert {page.noise[at] for at in range(20, 26)} == {FURNITURE}


def test_a_page_made_of_small_articles_is_read() -> None:
    page = _survey(f"<article><p>{LONG}</p></article>" * 9)
    assert set(page.noise) == {0}
