from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.candidates import choose, densest, fullest, landmark, named, readable
from monitor.extract.generic.outline import read_outline
from monitor.extract.generic.survey import Survey, survey

LINES = [
    "The company said on Tuesday that it would open a new laboratory by the sea next spring.",
    "Engineers want to cool servers with water, which saves a third of the power, they believe.",
    "Nobody has tried that at this scale before, and the ministry has yet to give its consent.",
    "The first server will start in May if nothing goes wrong, according to the people in charge.",
]
BODY = "".join(f"<p>{line}</p>" for line in LINES)
LINKS = "".join(f"<li><a href='/{n}'>Headline of some other story number {n}</a></li>" for n in range(9))


def _survey(html: str) -> Survey:
    return survey(read_outline(LexborHTMLParser(html)))


def _names(page: Survey, box: int | None) -> str:
    return "" if box is None else page.outline.boxes[box].names or page.outline.boxes[box].tag


@pytest.mark.parametrize("reader", [densest, fullest])
def test_running_text_is_found_by_itself(reader: Callable[[Survey], int | None]) -> None:
    page = _survey(f"<div class=w><div class=x>{BODY}</div><ul>{LINKS}</ul><div class=y><p>{LINES[0]}</p></div></div>")
    assert _names(page, reader(page)) == "x"


@pytest.mark.parametrize("reader", [densest, fullest])
def test_a_text_broken_by_line_feeds_is_found(reader: Callable[[Survey], int | None]) -> None:
    page = _survey(f"<div class=w><div class=x>{'<br><br>'.join(LINES)}</div><ul>{LINKS}</ul></div>")
    assert _names(page, reader(page)) == "x"


def test_names_are_believed_when_there_is_text_behind_them() -> None:
    page = _survey(
        f"<div class=articleBody><p>Short.</p></div><div class=entry-content>{BODY}</div><div class=x>{BODY}</div>"
    )
    assert _names(page, named(page)) == "entry-content"


def test_markup_is_believed_before_names() -> None:
    page = _survey(f"<div class=entry-content>{BODY}</div><div class=x itemprop=articleBody>{BODY}</div>")
    assert _names(page, named(page)) == "x"


def test_landmarks() -> None:
    cards = "".join(f"<article class=card><p>{LINES[0]}</p></article>" for _ in range(2))
    page = _survey(f"<main>{cards}<article class=x>{BODY}</article></main>")
    assert _names(page, landmark(page)) == "x"
    assert _names(page, landmark(_survey(f"<main><div>{BODY}</div></main>"))) == "main"
    assert landmark(_survey(f"<div>{BODY}</div>")) is None


@pytest.mark.parametrize("reader", [named, landmark, densest, fullest])
def test_a_page_without_text_has_no_body(reader: Callable[[Survey], int | None]) -> None:
    assert reader(_survey(f"<div class=articleBody><ul>{LINKS}</ul></div>")) is None


def test_a_body_cut_up_by_advertisements_is_put_together() -> None:
    part = "<div class='part articleBody'>{}</div><div class=ad>Buy this.</div>"
    parts = "".join(part.format(f"<p>{line}</p><p>{line}</p>") for line in LINES)
    page = _survey(f"<div class=w>{parts}</div><ul>{LINKS}</ul>")
    choice = choose(page, frozenset())
    assert choice is not None
    assert [page.outline.blocks[at].text for at in choice.blocks] == [line for line in LINES for _ in range(2)]


def test_agreement_is_high_where_all_readers_say_the_same() -> None:
    clear = choose(_survey(f"<article class=articleBody>{BODY}</article><ul>{LINKS}</ul>"), frozenset())
    torn = choose(
        _survey(f"<div class=articleBody>{BODY}</div><article><p>{'</p><p>'.join(LINES * 2)}</p></article>"),
        frozenset(),
    )
    assert clear is not None
    assert torn is not None
    assert clear.agreement == 1
    assert torn.agreement < 0.9


def test_metadata_has_a_vote() -> None:
    page = _survey(f"<div class=articleBody>{BODY}</div><article>{BODY}{BODY}</article>")
    first = choose(page, frozenset(range(4)))
    second = choose(page, frozenset(range(4, 12)))
    assert first is not None
    assert second is not None
    assert first.agreement != second.agreement


def test_readable_leaves_links_and_furniture_out() -> None:
    page = _survey(
        f"<div class=x><p>{LINES[0]}</p><p><a href='/'>Read the other story</a></p><aside><p>{LINES[1]}</p></aside>"
        f"<p><a href='/'>{LINES[2]}</a></p><p>{LINES[3]}</p><p>{LINES[1]}</p><p>{LINES[3]}</p></div>"
    )
    assert [page.outline.blocks[at].text for at in readable(page, 1)] == [
        LINES[0],
        LINES[2],
        LINES[3],
        LINES[1],
        LINES[3],
    ]


def test_nothing_is_chosen_where_nothing_is() -> None:
    assert choose(_survey(""), frozenset()) is None


PARTS = st.sampled_from(
    ["<p>", "</p>", "<div class=articleBody>", "<div>", "</div>", LINES[0], LINES[1], "<article>", "</article>", "<ul>", "</ul>", LINKS]
)  # fmt: skip


@given(st.lists(PARTS, max_size=40))
def test_any_page_gets_a_choice_or_none(parts: list[str]) -> None:
    page = _survey("".join(parts))
    choice = choose(page, frozenset())
    if choice is not None:
        assert 0 <= choice.agreement <= 1.000001
        assert choice.blocks == sorted(set(choice.blocks))
        assert all(0 <= at < len(page.outline.blocks) for at in choice.blocks)
