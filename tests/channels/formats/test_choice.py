"""Whatever a format does with a message, the message goes out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.formats.choice import FORMATS, rendered
from tests.channels.samples import channel, delivery

BODIES = st.one_of(
    st.binary(max_size=60),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "data", "items", "total", "rule", "id", "summary", "article"]),
                inner,
                max_size=6,
            )
        ),
    ).map(lambda value: json.dumps(value).encode()),
    st.dictionaries(
        st.sampled_from(["source", "channel", "rule", "items", "total", "summary"]),
        st.integers() | st.lists(st.integers()) | st.none(),
    ).map(lambda data: json.dumps({"type": "digest", "data": data}).encode()),
)


@given(BODIES, st.sampled_from(sorted(FORMATS)))
def test_no_body_and_no_format_keep_a_message_back(body: bytes, name: str) -> None:
    made = rendered(delivery(body), replace(channel(), options=(("format", name),)))
    assert made == rendered(delivery(body), replace(channel(), options=(("format", name),)))
    assert made.body == body or not made.note


@pytest.mark.parametrize(
    "name", ["cloudevents", "cloudevents-binary", "alertmanager", "template", "of a later version"]
)
def test_a_format_that_fails_sends_the_standard_body_and_says_so(name: str) -> None:
    made = rendered(delivery(b"[]"), replace(channel(), options=(("format", name),)))
    assert (made.body, made.content_type, dict(made.headers)) == (b"[]", "application/json", {})
    assert "failed, sent as standard: " in made.note


def test_without_a_word_it_is_the_standard_body() -> None:
    made = rendered(delivery(b"{}"), channel())
    assert (made.body, made.note) == (b"{}", "")
