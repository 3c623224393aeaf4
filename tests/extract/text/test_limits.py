from __future__ import annotations

from contextlib import nullcontext, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.text.limits import FEED, PAGE, SLOW_FEED, Bounds, check
from monitor.model.errors import ExtractError

URL = "https://ex.kr/a"
TIGHT = Bounds(size=1_000_000, tags=10_000, depth=50, attributes=20)


def _attributes(count: int, form: str = "a{n}") -> str:
    return " ".join(form.replace("{n}", str(number)) for number in range(count))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * (PAGE.size + 1), "longer"),
        ("<br>" * (PAGE.tags + 1), "tags"),
        ("<div>" * 20_000, "nested"),
        ("<div></x>" * 20_000, "nested"),  # stray end tags close nothing
        ("<div><!--</div>-->" * 12_000, "nested"),  # nor do those in comments
        ("<div><script></div></script>" * 8_000, "nested"),  # or in scripts
        ('<div a="</div>">' * 20_000, "nested"),  # or in values
        ("<DIV></div><Div>" * 10_000, "nested"),
        ("<a><b><i><u>" * 4_000, "nested"),
        (f"<div {_attributes(40_000)}>", "attributes"),
        (f"<div {_attributes(40_000, 'a{n}=1')}>", "attributes"),
        (f"""<div {_attributes(40_000, 'a{n}=">"')}>""", "attributes"),  # `>` in a value does not end the tag
        (f"""<div {_attributes(9_000, "a{n}='<'")}>""", "attributes"),
        (f"<div {_attributes(20_000, 'a{n}=<')}>", "attributes"),
        (f"<div {_attributes(40_000).replace(' ', '/')}>", "attributes"),
        (f"<!-- x --><div {_attributes(40_000)}", "attributes"),  # a tag without an end
        (f"<script>var a='<div>'</script><div {_attributes(20_000)}>", "attributes"),
        (f"<script {_attributes(20_000)}>1</script>", "attributes"),
    ],
)
def test_what_would_hang_a_parser_is_refused(text: str, words: str) -> None:
    with pytest.raises(ExtractError, match=words) as caught:
        check(text, URL)
    assert caught.value.url == URL


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<p>글</p>" * 20_000,
        "<li>하나<li>둘" * 10_000,  # items close each other
        "<div>글</div>" * 20_000,
        "<div><p>글</div>" * 15_000,
        '<img src="data:image/png;base64,' + "Ab+/" * 100_000 + '">',
        "<script>" + 'if (a<b && c>d) x="y";' * 10_000 + "</script>",
        "<style>" + "a > b { c: d } " * 10_000 + "</style>",
        "<!--" + "a " * 100_000 + "-->",
        "<textarea>" + "<div> a b c " * 10_000 + "</textarea>",
        "글 < 그림 > 글 " * 10_000,
        """<a href="x"">x</a>""" * 10_000 + "말" * 70_000,  # a stray quote opens no value
        "<div " + _attributes(1_000) + ">" + "x" * 70_000,
        "<div>" * 3_000 + "</div>" * 3_000,
    ],
)
def test_what_is_only_big_passes(text: str) -> None:
    check(text, URL)


@pytest.mark.parametrize(("count", "passes"), [(50, True), (51, False)])
def test_the_depth_bound_is_exact(count: int, *, passes: bool) -> None:
    text = "<div>" * count + "x" + "</div>" * count
    if passes:
        check(text, URL, TIGHT)
    else:
        with pytest.raises(ExtractError, match="nested more than 50 deep"):
            check(text, URL, TIGHT)


@pytest.mark.parametrize(("count", "passes"), [(20, True), (21, False)])
def test_the_attribute_bound_counts_attributes(count: int, *, passes: bool) -> None:
    padding = "x" * 70_000
    text = f"""<div {_attributes(count, 'a{n}="' + "v" * 100 + '"')}>{padding}"""
    if passes:
        check(text, URL, TIGHT)
    else:
        with pytest.raises(ExtractError, match="more than 20 attributes"):
            check(text, URL, TIGHT)


def test_depth_counts_what_is_open_at_once() -> None:
    check("<div><b>x</b></div>" * 2_000, URL, TIGHT)
    with pytest.raises(ExtractError, match="nested"):
        check("<div><b>" * 26 + "x", URL, TIGHT)


def test_feeds_may_hold_more_tags_and_the_slow_parser_gets_less() -> None:
    feed = "<item><title>x</title></item>" * 60_000
    check(feed, URL, FEED)
    with pytest.raises(ExtractError):
        check(feed, URL, SLOW_FEED)
    with pytest.raises(ExtractError, match="nested"):
        check("<x>" * 1_500, URL, SLOW_FEED)


@given(st.text(alphabet="<>/!-abdivscript=\"' \n", max_size=400))
def test_answers_or_refuses_and_nothing_else(text: str) -> None:
    bounds = Bounds(size=300, tags=20, depth=5, attributes=3)
    fits = len(text) <= bounds.size and text.count("<") <= bounds.depth
    with nullcontext() if fits else suppress(ExtractError):
        check(text, URL, bounds)
