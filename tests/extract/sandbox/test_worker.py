"""What goes over the worker's pipes."""

from __future__ import annotations

import os
import pickle
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.sandbox.worker import LENGTH, ReplyError, pack, unpack
from monitor.model.article import Article, Entry

NOW = datetime(2025, 2, 5, 6, 0, tzinfo=UTC)
ARTICLE = Article("k", "u", "s", "제목 \ud800", NOW, authors=("김",), published_at=NOW, field_sources={"title": "site"})


@pytest.mark.parametrize(
    "value",
    [None, "", (), (Entry("k", "u", published_at=NOW.astimezone(timezone(timedelta(hours=9)))),), ARTICLE],
)
def test_an_answer_comes_back_as_it_went(value: object) -> None:
    frame = pack(("read", value))
    assert LENGTH.unpack(frame[: LENGTH.size]) == (len(frame) - LENGTH.size,)
    assert unpack(frame[LENGTH.size :]) == ("read", value)


class Harmful:
    def __reduce__(self) -> tuple[object, ...]:
        return os.system, ("touch /nonexistent/x",)


@pytest.mark.parametrize(
    "value", [Harmful(), OrderedDict(a=1), print, replace(ARTICLE, field_sources=OrderedDict(a="b"))]
)
def test_an_answer_names_nothing_else(value: object) -> None:
    with pytest.raises(ReplyError, match="no place in a reply"):
        unpack(pickle.dumps(("read", value)))


@given(st.binary(max_size=200))
def test_rubbish_is_no_answer(data: bytes) -> None:
    with pytest.raises(ReplyError, match="no reply: "):
        unpack(data.replace(pickle.STOP, b""))


def test_an_answer_that_was_cut_off_is_no_answer() -> None:
    data = pack(("read", ARTICLE))[LENGTH.size :]
    for cut in range(len(data)):
        with pytest.raises(ReplyError, match="no reply: "):
            unpack(data[:cut])


@pytest.mark.parametrize("value", [("read",), ("read", 1, 2), 7, None])
def test_an_answer_has_two_parts(value: object) -> None:
    with pytest.raises(ReplyError, match="no reply"):
        unpack(pickle.dumps(value))
