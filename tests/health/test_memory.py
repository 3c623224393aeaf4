"""What is remembered survives JSON; what is not understood is begun anew."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.memory import FieldMemory, Memory, UrlMemory, pack, pack_alarm, unpack, unpack_alarm
from monitor.model.health import Alarm, Bilingual, SourceProblem

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ALARM = Alarm(SourceProblem.GAPS, NOW, Bilingual("en", "한"), Bilingual("action", "고침"))


def test_everything_comes_back() -> None:
    memory = Memory(
        basis="b",
        polled_at=NOW,
        urls={"https://a.example/": UrlMemory(2, NOW, SourceProblem.EMPTY, "nothing", charset="cp949")},
        fields={"body": FieldMemory({"site": 3.5}, ("site", "generic"))},
        alarms=(ALARM,),
        raised=(NOW,),
    )
    packed = pack(memory)
    assert unpack(json.loads(json.dumps(packed))) == memory
    assert memory.failing_since == NOW
    assert Memory().failing_since is None


def test_an_alarm_comes_back() -> None:
    assert unpack_alarm(json.loads(json.dumps(pack_alarm(ALARM)))) == ALARM


@pytest.mark.parametrize("packed", [None, {}, 7, "x", [1], {"urls": {"a": {"bad": "many"}}}, {"alarms": [{}]}])
def test_what_is_not_understood_is_begun_anew(packed: object) -> None:
    assert unpack(packed) == Memory()
    assert unpack_alarm(packed) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["urls", "fields", "a"]), inner),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_memory(packed: object) -> None:
    memory = unpack(packed)
    assert unpack(pack(memory)) == memory
