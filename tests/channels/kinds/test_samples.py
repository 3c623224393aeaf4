"""A sample of every type of message can be sent through every kind of channel, in both languages, and says that it is a test."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from monitor.channels.registry import CHANNEL_KINDS
from monitor.channels.words.sample import OUTSIDE, sample_body
from monitor.channels.words.schemas import types
from monitor.model.delivery import Delivery
from tests.channels.kinds.receivers import receiver_of, sent_words
from tests.channels.samples import NOW


@pytest.mark.parametrize(("lang", "mark"), [("ko", "시험"), ("en", "test")])
@pytest.mark.parametrize("kind", sorted(CHANNEL_KINDS))
def test_every_kind_tells_that_it_is_a_test(kind: str, lang: Literal["ko", "en"], mark: str) -> None:
    channel = replace(receiver_of(kind), lang=lang)
    for name in types():
        delivery = Delivery("0193-sample", channel.id, OUTSIDE, sample_body(name, channel, NOW), 1, "", NOW)
        assert mark in sent_words(CHANNEL_KINDS[kind].compose(delivery, channel, NOW)), name
