from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.text.scripts import follow, script_data, script_query
from monitor.model.errors import DefinitionError

DATA = {
    "headlines": {"basic": "제목"},
    "content_elements": [
        {"type": "text", "content": "첫째 <b>문단</b>"},
        {"type": "image", "caption": "설명"},
        {"type": "text", "content": "둘째"},
        "글",
    ],
    "credits": {"by": [{"name": "가"}, {"name": "나"}]},
    "deep": {"er": {"est": {"body": "깊다"}}},
    "dates": {"unix": 1738732800, "yes": True},
}


def found(path: str, data: object = DATA) -> list[str]:
    return follow(data, script_query(f"@script x {path}")[1])


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("headlines.basic", ["제목"]),
        ("content_elements[type=text].content", ["첫째 <b>문단</b>", "둘째"]),
        ("content_elements.content", ["첫째 <b>문단</b>", "둘째"]),
        ("content_elements[type=image].caption", ["설명"]),
        ("content_elements[type=none].content", []),
        ("credits.by.name", ["가", "나"]),
        ("credits.*.name", ["가", "나"]),
        ("credits.by.*.name", ["가", "나"]),
        ("**.body", ["깊다"]),
        ("**.name", ["가", "나"]),
        ("**[type=image].caption", ["설명"]),
        ("**", []),
        ("dates.unix", ["1738732800"]),
        ("dates.yes", []),
        ("headlines", []),
        ("headlines.basic.more", []),
        ("none.at.all", []),
    ],
)
def test_a_path_leads_to_texts(path: str, texts: list[str]) -> None:
    assert found(path) == texts


@pytest.mark.parametrize(
    "way", ["@script", "@script a", "@script a b c", "@script a b..c", "@script a b[c", "@other a b", "@script  b"]
)
def test_a_path_that_cannot_be_read(way: str) -> None:
    with pytest.raises(DefinitionError, match=r"expected|cannot be read"):
        script_query(way)


def page(*scripts: str) -> LexborHTMLParser:
    return LexborHTMLParser("".join(f"<script>{script}</script>" for script in scripts))


@pytest.mark.parametrize(
    "script",
    [
        'Fusion.globalContent={"a":"글"};Fusion.more={"a":1}',
        'window.x=1;\nFusion.globalContent = {"a":"글"}',
        'var y;Fusion.globalContent=\n\t{"a":"글"};}}}',
    ],
)
def test_json_assigned_to_a_variable(script: str) -> None:
    assert script_data(page("1", script), "Fusion.globalContent") == {"a": "글"}


@pytest.mark.parametrize(
    "script",
    [
        "",
        "Fusion.globalContent=null",
        "Fusion.globalContent={broken",
        "My.Fusion.globalContent={}",
        "Fusion.globalContentX={}",
    ],
)
def test_what_is_not_there_is_none(script: str) -> None:
    assert script_data(page(script), "Fusion.globalContent") is None


def test_a_script_that_is_json() -> None:
    tree = LexborHTMLParser('<script id="__NEXT_DATA__" type="application/json"> {"props":{"t":"글"}} </script>')
    assert script_data(tree, "#__NEXT_DATA__") == {"props": {"t": "글"}}
    assert script_data(tree, "#other") is None


def flight(*chunks: str) -> LexborHTMLParser:
    pushed = (f"self.__next_f.push({json.dumps([1, chunk], ensure_ascii=False)})" for chunk in chunks)
    return page("(self.__next_f=self.__next_f||[]).push([0])", *pushed)


def test_pushed_rows_are_joined_before_they_are_read() -> None:
    rows = '1:I["x",[]]\n2:{"article":{"headline":"머리","articleBody":"$3"}}\n'
    text = "긴 글의 첫 문단\n둘째 문단"
    stream = f'{rows}3:T{len(text.encode()):x},{text}4:["$","p",null,{{"reporterName":"홍길동"}}]\n'
    for cut in (1, 20, 45, len(stream) - 5):
        data = script_data(flight(stream[:cut], stream[cut:]), "__next_f")
        assert found("**.headline", data) == ["머리"]
        assert found("**.articleBody", data) == [text]
        assert found("**.reporterName", data) == ["홍길동"]


def test_a_broken_stream_gives_what_stands_before_the_break() -> None:
    data = script_data(flight('1:{"headline":"머리"}\nnot a row\n2:{"headline":"아님"}'), "__next_f")
    assert found("**.headline", data) == ["머리"]
    assert script_data(page("self.__next_f.push([1])", "self.__next_f.push(["), "__next_f") is None


def test_depth_and_breadth_are_bounded() -> None:
    deep: Any = "x"
    for _ in range(50_000):
        deep = [deep]
    assert found("**.a", deep) == []
    assert len(found("*", list(range(1, 9_000)))) == 2_000


JSONS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
)


def written(data: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield every text and number that the data holds, as text."""
    if isinstance(data, str):
        yield from (data, data.strip())
    elif isinstance(data, int) and not isinstance(data, bool):
        yield str(data)
    for inner in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from written(inner)


@given(JSONS, st.lists(st.sampled_from(["a", "b", "*", "**", "a[b=1]"]), min_size=1, max_size=4))
def test_any_path_through_any_data_ends_in_texts(data: Any, steps: list[str]) -> None:  # noqa: ANN401 - any JSON
    texts = found(".".join(steps), data)
    assert "" not in texts
    assert set(texts) <= set(written(data))


@given(st.text(max_size=60))
def test_any_script_is_read_without_a_fault(text: str) -> None:
    script_data(page(f"self.__next_f.push({text})", f"A={text}"), "__next_f")
    script_data(page(f"A={text}"), "A")


def test_rows_without_a_number_do_not_end_the_stream() -> None:
    rows = '1:"a"\n:HL["/x.css","style"]\n2:{"title":"새 연구소"}\n'
    tree = LexborHTMLParser(f"<script>self.__next_f.push({json.dumps([1, rows])})</script>")
    assert follow(script_data(tree, "__next_f"), script_query("@script __next_f **.title")[1]) == ["새 연구소"]
