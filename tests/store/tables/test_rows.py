"""Derived data that is damaged, or another program's, is learned again: it is never fatal."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.page import Validators
from monitor.model.rhythm import Arrivals
from monitor.store.tables.rows import (
    arrivals_of,
    arrivals_values,
    list_mark_of,
    rhythm_of,
    urls_of,
    validators_of,
    validators_values,
)

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
WHOLE = arrivals_values(Arrivals(NOW))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*WHOLE, "etag", "list", "u"]), inner, max_size=4)
    ),
    max_leaves=8,
)


def test_what_was_stored_comes_back() -> None:
    assert arrivals_of(WHOLE) == Arrivals(NOW)
    known = Validators("e", "l", "h")
    assert validators_of({"u": validators_values(known)}) == {"u": known}


@pytest.mark.parametrize("damage", [{}, [], "x", 5, None, {"version": 2}, {**WHOLE, "at": "yesterday"}, {**WHOLE, "at": "2026-11-05"},
                                    {**WHOLE, "counts": 5}, {**WHOLE, "bursts": [1]}, {**WHOLE, "reach": []}, {**WHOLE, "block": {}}])  # fmt: skip
def test_a_damaged_rhythm_is_none(damage: object) -> None:
    assert arrivals_of(damage) is None


@given(JSON)
def test_any_value_is_read(value: object) -> None:
    rhythm_of(SimpleNamespace(arrivals=value, burst=value))  # type: ignore[arg-type] # as much of a row as is asked for
    assert all(isinstance(one, Validators) for one in validators_of(value).values())
    assert isinstance(list_mark_of(value, "u"), str)
    assert isinstance(urls_of(value), dict)


@given(st.dictionaries(st.sampled_from([*WHOLE]), JSON))
def test_one_damaged_part_is_enough_to_learn_again(changed: dict[str, object]) -> None:
    found = arrivals_of(WHOLE | changed)
    assert found is None or isinstance(found, Arrivals)


@pytest.mark.parametrize("damage", ["x", 5, None, [], {"etag": 5}])
def test_a_url_that_was_read_stays_known(damage: object) -> None:
    assert validators_of({"u": damage}) == {"u": Validators()}
