"""Cursors come back as they went, and nothing else does."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.errors import InvalidValueError
from monitor.model.paging import Cursor, StoryCursor, read, read_story, written

MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))


@given(st.integers(0, 2**63 - 1), st.text(max_size=40), MOMENTS, MOMENTS, st.text(max_size=40), st.text(max_size=40))
def test_a_cursor_comes_back_for_its_own_question_alone(
    article_id: int, rule_id: str, since: datetime | None, until: datetime | None, question: str, other: str
) -> None:
    cursor = Cursor(article_id, rule_id, since, until)
    word = written(cursor, question)
    assert word.replace("-", "").replace("_", "").isalnum()
    assert read(word, question) == cursor
    if other != question:
        with pytest.raises(InvalidValueError, match="other filters"):
            read(word, other)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), MOMENTS, MOMENTS)
def test_a_cursor_of_stories_comes_back_and_is_none_of_hits(
    article_id: int, through: int, since: datetime | None, until: datetime | None
) -> None:
    cursor = StoryCursor(article_id, through, since, until)
    word = written(cursor, "stories")
    assert read_story(word, "stories") == cursor
    with pytest.raises(InvalidValueError, match="other filters"):
        read_story(word, "")
    with pytest.raises(InvalidValueError, match="not of this list"):
        read(word, "stories")
    with pytest.raises(InvalidValueError, match="not of this list"):
        read_story(written(Cursor(article_id, str(through), since, until), "stories"), "stories")


@given(st.text(max_size=80) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_whatever_is_no_cursor_is_refused_in_words(text: str) -> None:
    for reads in (read, read_story):
        with pytest.raises(InvalidValueError, match="this cursor is"):
            reads(text, "")


@pytest.mark.parametrize(
    "values", ['[1,"a",null,null]', '[true,"a",null,null,0]', '[-1,"a",null,null,0]', "[1,2,null,null,0]", "[" * 500]
)
def test_what_looks_like_one_is_refused(values: str) -> None:
    with pytest.raises(InvalidValueError):
        read(urlsafe_b64encode(values.encode()).decode().rstrip("="), "")
